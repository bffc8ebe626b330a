# SPDX-License-Identifier: MIT
"""Environments of scenes: what Gymnasium and Stable-Baselines3 ask of them, the same bits as the command, and bad input."""
import subprocess
import threading
import warnings

import gymnasium
import numpy
import pytest
from gymnasium.utils.env_checker import check_env

import sinew

SCENES = sorted(sinew.scenes())


def name(scene):
    return "sinew:Sinew/" + "".join(part.capitalize() for part in scene.split("-")) + "-v0"


@pytest.mark.parametrize("scene", SCENES)
def test_gymnasium_finds_no_fault(scene):
    environment = gymnasium.make(name(scene), render_mode="rgb_array")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        # What has no bound has none.
        warnings.filterwarnings("ignore", message=".*observation space (minimum|maximum) value is -?infinity.*")
        check_env(environment.unwrapped)
    assert environment.spec.id.startswith("Sinew/")


@pytest.mark.parametrize("scene", ["hopper", "quadruped"])
def test_the_same_seed_gives_the_same_episode(scene):
    rows = []
    for _ in range(2):
        environment = sinew.make(scene)
        space = environment.action_space
        space.seed(3)
        row = [environment.reset(seed=5)[0]]
        for _ in range(100):
            observation, reward, terminated, truncated, info = environment.step(space.sample())
            assert sum(info["reward_terms"].values()) == pytest.approx(reward, abs=1e-9)
            row += [observation, reward]
            if terminated or truncated:
                row.append(environment.reset()[0])
        rows.append(row)
    for one, other in zip(*rows):
        assert numpy.array_equal(one, other)
    assert not numpy.array_equal(sinew.make(scene).reset(seed=6)[0], rows[0][0])


def test_a_saved_state_goes_on_with_the_same_bits():
    environment = sinew.make("hopper")
    environment.reset(seed=1)
    action = numpy.array([0.3, -0.2, 0.5])
    environment.step(action)
    state = environment.save_state()
    after = [environment.step(action)[0] for _ in range(5)]
    other = sinew.make("hopper")
    seen = other.restore_state(state)
    assert numpy.array_equal(seen, environment.restore_state(state))
    for expected in after:
        assert numpy.array_equal(other.step(action)[0], expected)
    with pytest.raises(sinew.InvalidInput):
        sinew.make("walker").restore_state(state)
    before = other.save_state()
    for damaged in (state[:-3], b"", state[:1] + b"\xff" * (len(state) - 1)):
        with pytest.raises(sinew.InvalidInput):
            other.restore_state(damaged)
    assert other.save_state() == before


def test_settings_are_those_of_the_command():
    environment = sinew.make("pendulum", settings={"physics.substeps": 2})
    assert environment.description["substeps"] == 2
    with pytest.raises(sinew.InvalidInput, match="substep"):
        sinew.make("pendulum", settings={"physics.substepz": 2})


def test_pictures_show_the_robot():
    environment = sinew.make("pendulum", render_mode="rgb_array")
    environment.reset(seed=0)
    first = environment.render()
    for _ in range(10):
        environment.step(numpy.ones(1))
    assert first.shape == (480, 640, 3) and first.dtype == numpy.uint8
    assert (first != environment.render()).any()


class TestBadInput:
    def make(self):
        environment = sinew.make("hopper")
        environment.reset(seed=0)
        return environment

    @pytest.mark.parametrize(
        "action", [[0, 0], numpy.zeros((1, 3)), [0, 0, "x"], [0, 0, numpy.nan], [0, 0, numpy.inf], None, {}, [[0], [0, 1], 2], 3.0]
    )
    def test_actions(self, action):
        environment = self.make()
        state = environment.save_state()
        with pytest.raises(sinew.InvalidInput):
            environment.step(action)
        assert environment.save_state() == state

    def test_order_of_calls(self):
        environment = sinew.make("hopper")
        with pytest.raises(sinew.UseError, match="reset"):
            environment.step(numpy.zeros(3))
        environment.reset(seed=0)
        while not environment.step(numpy.ones(3))[2]:
            pass
        with pytest.raises(sinew.UseError, match="over"):
            environment.step(numpy.zeros(3))
        environment.close()
        environment.close()
        for call in (lambda: environment.step(numpy.zeros(3)), environment.reset, environment.save_state):
            with pytest.raises(sinew.UseError, match="closed"):
                call()

    @pytest.mark.parametrize("scene", ["", "hoper", "no/such.yaml", "\0", "/dev/null", "/"])
    def test_scenes(self, scene):
        with pytest.raises(sinew.InvalidInput):
            sinew.make(scene)

    @pytest.mark.parametrize("count", [0, -1, 1.5, "2", None, 10**9, 10**30])
    def test_counts(self, count):
        with pytest.raises(sinew.InvalidInput):
            sinew.make_vec("pendulum", num_envs=count)

    @pytest.mark.parametrize("handle", [0, -1, 1, 2**62, 2**31 + 7])
    def test_numbers_that_stand_for_nothing(self, handle):
        from sinew._library import LIBRARY, check

        for call in (
            lambda: LIBRARY.sinew_environments_step(handle, 0), lambda: LIBRARY.sinew_policy_contract(handle),
            lambda: LIBRARY.sinew_environments_describe(handle), lambda: LIBRARY.sinew_evaluate(handle, handle, 1, 0, 0),
        ):
            with pytest.raises(sinew.UseError):
                check(call())
        LIBRARY.sinew_close(handle)

    def test_two_threads_at_once(self):
        environment = sinew.make_vec("quadruped", 64, threads=1)
        environment.reset(seed=0)
        problems, actions = [], numpy.zeros(environment.action_space.shape, numpy.float32)

        def step():
            for _ in range(20):
                try:
                    environment.step(actions)
                except sinew.UseError as error:
                    problems.append(str(error))

        threads = [threading.Thread(target=step) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert problems and all("thread" in problem for problem in problems)
        environment.step(actions)

    def test_a_forked_child(self):
        script = (
            "import os, sys, numpy, sinew\n"
            "e = sinew.make_vec('hopper', 4, threads=2); e.reset(seed=0); e.step(numpy.zeros((4, 3)))\n"
            "child = os.fork()\n"
            "if child == 0:\n"
            "    try: e.step(numpy.zeros((4, 3)))\n"
            "    except sinew.UseError as error: code = 7 if 'fork' in str(error) else 8\n"
            "    e.close(); f = sinew.make('hopper'); f.reset(seed=0); f.step(numpy.zeros(3)); sys.exit(code)\n"
            "status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])\n"
            "e.step(numpy.zeros((4, 3))); sys.exit(status)\n"
        )
        assert subprocess.run([__import__("sys").executable, "-c", script], timeout=60).returncode == 7


@pytest.mark.filterwarnings("ignore:overflow encountered in cast")
def test_random_calls_never_end_the_process():
    """A hundred thousand calls in no order (SINEW_CALLS for more), with handles, counts and shapes that are wrong at times."""
    import ctypes
    import os
    import random

    from sinew._library import LIBRARY

    draw = random.Random(0)
    environments = [sinew.make("pendulum", terms=False)]
    numbers = (ctypes.c_double * 64)()
    for _ in range(int(os.environ.get("SINEW_CALLS", 100_000))):
        one = draw.choice(environments)
        try:
            match draw.randrange(12):
                case 0: one.reset(seed=draw.choice([0, 1, -1, 2**64, 1.5, None]))
                case 1: one.restore_state(draw.choice([b"", b"\0" * 40, os.urandom(60), one.save_state()]))
                case 2: LIBRARY.sinew_environments_step(draw.randrange(-5, 2**40), draw.randrange(-2, 5))
                case 3: one.step(draw.choice([[0.0], [numpy.nan], [], [1e300], [[0.0]], "x"]))
                case 4 if draw.random() < 0.01:
                    one.close()
                    environments.remove(one)
                    environments.append(sinew.make(draw.choice(["pendulum", "reacher"]), terms=draw.random() < 0.5))
                case 5: LIBRARY.sinew_text(None, draw.randrange(-5, 5))
                case 7: LIBRARY.sinew_outside_begin(one._environments.handle, draw.randrange(-1, 2), numbers, draw.choice([-1, 0, 9]))
                case 8: LIBRARY.sinew_outside_finish(
                    one._environments.handle, draw.randrange(-1, 2), draw.choice([None, numbers]), draw.choice([-1, 0, 6, 9, 2**40])
                )
                case 6: LIBRARY.sinew_environments_save(draw.randrange(2**40), draw.randrange(-3, 3), None, 0)
                case _: one.step(one.action_space.sample())
        except (sinew.Error, ValueError, TypeError, gymnasium.error.Error):
            pass
