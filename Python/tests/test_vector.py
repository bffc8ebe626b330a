# SPDX-License-Identifier: MIT
"""Many environments in one call: the bits of each alone, Gymnasium's three ways to start again."""
import gymnasium
import numpy
import pytest
from gymnasium.vector import AutoresetMode

import sinew


def steps(environment, count, seed=0):
    space = environment.action_space
    space.seed(seed)
    return [environment.step(space.sample()) for _ in range(count)]


@pytest.mark.parametrize("mode", list(AutoresetMode)[:2])
def test_threads_change_no_bit(mode):
    rows = []
    for threads in (1, 2, 5):
        environment = sinew.make_vec("hopper", 7, threads=threads, autoreset_mode=mode)
        environment.reset(seed=3)
        rows.append(steps(environment, 200))
    for row in rows[1:]:
        for one, other in zip(rows[0], row):
            for part in range(4):
                assert numpy.array_equal(one[part], other[part])


@pytest.mark.parametrize("mode", [AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP])
def test_it_does_what_gymnasium_does_with_single_environments(mode):
    """SyncVectorEnv of our own single environments is the twin."""
    ours = sinew.make_vec("hopper", 4, threads=2, autoreset_mode=mode)
    twin = gymnasium.vector.SyncVectorEnv([lambda: sinew.make("hopper", terms=False)] * 4, autoreset_mode=mode)
    seen, expected = ours.reset(seed=11)[0], twin.reset(seed=11)[0]
    assert numpy.array_equal(seen, expected)
    ours.action_space.seed(0)
    ends = 0
    for _ in range(300):
        actions = ours.action_space.sample()
        one, other = ours.step(actions), twin.step(actions)
        for part in range(4):
            assert numpy.array_equal(one[part], other[part])
        over = one[2] | one[3]
        ends += over.sum()
        if mode == AutoresetMode.SAME_STEP:
            assert ("final_obs" in one[4]) == bool(over.any()) == ("final_obs" in other[4])
            for index in numpy.flatnonzero(over):
                assert numpy.array_equal(one[4]["final_obs"][index], other[4]["final_obs"][index])
    assert ends > 10


def test_episodes_are_counted():
    environment = sinew.make_vec("hopper", 3, threads=1)
    environment.reset(seed=0)
    total, length = numpy.zeros(3), numpy.zeros(3, int)
    for _ in range(200):
        _, rewards, terminated, truncated, info = environment.step(environment.action_space.sample())
        total += rewards
        length += rewards != 0
        over = terminated | truncated
        if over.any():
            assert numpy.allclose(info["episode"]["r"][over], total[over]) and (info["_episode"] == over).all()
            assert (info["episode"]["l"][over] == length[over]).all()
            total[over], length[over] = 0, 0


def test_reset_mask():
    environment = sinew.make_vec("pendulum", 3, autoreset_mode=AutoresetMode.DISABLED)
    before = environment.reset(seed=0)[0]
    mask = numpy.array([False, True, False])
    after = environment.reset(seed=[None, 9, None], options={"reset_mask": mask})[0]
    assert numpy.array_equal(before[~mask], after[~mask]) and not numpy.array_equal(before[mask], after[mask])
    for wrong in ([True, False, True], numpy.zeros(3, bool), numpy.ones(4, bool), numpy.ones(3)):
        with pytest.raises(sinew.InvalidInput):
            environment.reset(options={"reset_mask": wrong})


def test_gymnasium_makes_vectors():
    environment = gymnasium.make_vec("sinew:Sinew/Hopper-v0", num_envs=3, vectorization_mode="vector_entry_point")
    assert isinstance(environment.unwrapped, sinew.SinewVectorEnv) and environment.num_envs == 3
    environment.reset(seed=0)
    environment.close()
    with pytest.raises(sinew.UseError):
        environment.unwrapped.step(numpy.zeros((3, 3)))
