# SPDX-License-Identifier: MIT
"""Policies on arrays, scored as the command scores them, and networks of others as policy files."""
import json
import os
import pathlib
import subprocess

import numpy
import pytest
import safetensors.numpy

import sinew

SINEW = os.environ.get("SINEW_COMMAND", str(pathlib.Path(__file__).parents[2] / ".build/release/sinew"))


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A short training by the command."""
    folder = tmp_path_factory.mktemp("runs") / "pendulum"
    subprocess.run(
        [SINEW, "train", "pendulum", "--output", str(folder), "--set", "sac.steps=2000"], check=True, capture_output=True,
    )
    return folder


def replay(policy, *flags):
    return json.loads(subprocess.run([SINEW, "replay", str(policy), "--json", *flags], check=True, capture_output=True).stdout)


def test_it_acts_as_the_golden_pairs_say(run):
    policy = sinew.load_policy(run)
    pairs = policy.contract["golden"]
    observations = numpy.array([pair["observation"] for pair in pairs], numpy.float32)
    commands = policy.command(observations)
    assert numpy.array_equal(commands, numpy.array([pair["action"] for pair in pairs], numpy.float32))
    assert numpy.array_equal(policy.command(observations[0]), commands[0])
    assert (abs(policy.act(observations)) <= 1).all()
    policy.seed(1)
    drawn = policy.act(observations, deterministic=False)
    policy.seed(1)
    assert numpy.array_equal(drawn, policy.act(observations, deterministic=False)) and not numpy.array_equal(drawn, policy.act(observations))


def test_scores_are_those_of_the_command(run):
    for policy in (run, run / "best.safetensors"):
        ours = sinew.evaluate(policy, episodes=3, seed=8)
        theirs = replay(policy, "--episodes", "3", "--seed", "8")
        assert ours.returns == theirs["returns"] and ours.mean_return == theirs["mean_return"]


def test_steps_are_those_of_a_recording(run, tmp_path):
    """The same bits as the command's recording, with its actions."""
    file = tmp_path / "episode.safetensors"
    replay(run, "--episodes", "1", "--seed", "4", "--record", str(file))
    recorded = safetensors.numpy.load_file(str(file))
    environment = sinew.make("pendulum")
    observation = environment.reset(seed=4)[0]
    for index, action in enumerate(recorded["action"]):
        assert numpy.array_equal(observation, recorded["observation"][index])
        observation, reward, *_ = environment.step(action)
        assert numpy.float32(reward) == numpy.float32(recorded["reward"][index])


def test_a_network_of_another_becomes_a_policy(tmp_path):
    draw = numpy.random.default_rng(0)
    layers = [(draw.normal(size=(16, 3)) / 2, draw.normal(size=16)), (draw.normal(size=(1, 16)) / 4, draw.normal(size=1))]
    mean, deviation = numpy.array([0.1, -0.2, 0.3]), numpy.array([0.7, 0.8, 2.0])
    file = tmp_path / "mine.safetensors"
    sinew.save_policy(file, layers, "pendulum", normaliser=(mean, deviation, 5), algorithm="mine", steps=12)
    policy = sinew.load_policy(file)
    observations = draw.normal(size=(50, 3)).astype(numpy.float32) * 3
    x = numpy.clip((observations - mean) / deviation, -5, 5)
    expected = numpy.tanh(numpy.maximum(x @ layers[0][0].T + layers[0][1], 0) @ layers[1][0].T + layers[1][1])
    assert numpy.allclose(policy.act(observations), expected, atol=1e-5)
    assert policy.contract["training"]["algorithm"] == "mine" and policy.contract["training"]["steps"] == 12
    assert replay(file, "--episodes", "2")["episodes"] == 2
    assert subprocess.run([SINEW, "export", str(file), "--format", "c", "--output", str(tmp_path / "c")], capture_output=True).returncode == 0
    with pytest.raises(sinew.InvalidInput, match="exists"):
        sinew.save_policy(file, layers, "pendulum")
    sinew.save_policy(file, layers, "pendulum", force=True)
    with pytest.raises(sinew.InvalidInput, match="observations"):
        sinew.save_policy(tmp_path / "other", layers, "hopper")
    with pytest.raises(sinew.InvalidInput):
        sinew.save_policy(tmp_path / "other", [(layers[0][0] * numpy.nan, layers[0][1]), layers[1]], "pendulum")


@pytest.mark.parametrize("wrong", ["no/such", "", "/dev/null", "\0"])
def test_files_that_are_no_policy(wrong):
    with pytest.raises((sinew.Error, ValueError)):
        sinew.load_policy(wrong)


@pytest.mark.parametrize("shape", [(2,), (4, 4), (2, 3, 3), ()])
def test_observations_of_a_wrong_shape(run, shape):
    with pytest.raises(sinew.InvalidInput):
        sinew.load_policy(run).act(numpy.zeros(shape))
    with pytest.raises(sinew.InvalidInput, match="finite"):
        sinew.load_policy(run).act([0, numpy.nan, 0])
