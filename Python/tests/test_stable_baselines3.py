# SPDX-License-Identifier: MIT
"""With Stable-Baselines3, which `make test-peers` installs: its checks, its learner on our scenes, its policies as policy files."""
import warnings

import numpy
import pytest
import torch
from stable_baselines3 import SAC
from stable_baselines3.common.env_checker import check_env
from stable_baselines3.common.evaluation import evaluate_policy

import sinew
from sinew.stable_baselines3 import SinewVecEnv


@pytest.mark.parametrize("scene", sorted(sinew.scenes()))
def test_it_finds_no_fault(scene):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(sinew.make(scene, render_mode="rgb_array"))


def test_stable_baselines3_adapter():
    environment = SinewVecEnv("hopper", 3, threads=1)
    environment.seed(4)
    first = environment.reset()
    assert numpy.array_equal(first, sinew.make_vec("hopper", 3).reset(seed=4)[0])
    ends = 0
    for _ in range(100):
        observations, rewards, over, infos = environment.step(numpy.ones((3, 3), numpy.float32))
        for index in numpy.flatnonzero(over):
            ends += 1
            assert infos[index]["terminal_observation"].shape == (11,) and infos[index]["episode"]["l"] > 0
            assert not numpy.array_equal(infos[index]["terminal_observation"], observations[index])
    assert ends
    environment.close()


def test_an_actor_of_stable_baselines3(tmp_path):
    model = SAC("MlpPolicy", SinewVecEnv("hopper", 2), policy_kwargs={"net_arch": [32, 32]}, learning_starts=50, seed=0)
    model.learn(120)
    file = tmp_path / "sb3.safetensors"
    sinew.save_policy(file, model, "hopper", steps=120)
    policy = sinew.load_policy(file)
    observations = numpy.random.default_rng(0).normal(size=(20, 11)).astype(numpy.float32)
    with torch.no_grad():
        expected = model.actor(torch.as_tensor(observations), deterministic=True).numpy()
    assert numpy.allclose(policy.act(observations), expected, atol=1e-5)


def test_its_evaluation_takes_our_policies(tmp_path):
    draw = numpy.random.default_rng(0)
    file = tmp_path / "policy.safetensors"
    sinew.save_policy(file, [(draw.normal(size=(3, 11)) / 9, numpy.zeros(3))], "hopper")
    policy = sinew.load_policy(file)
    returns, _ = evaluate_policy(policy, SinewVecEnv("hopper", 1), n_eval_episodes=5, return_episode_rewards=True)
    assert len(returns) == 5
