# SPDX-License-Identifier: MIT
"""Seconds in which Stable-Baselines3's SAC learns Gymnasium's Pendulum-v1, from the start of learning until the mean return of
20 episodes without exploration is good enough; looked at every 1000 steps, whose own time is left out.

    python time_to_swing_up.py [--until-return -200 --seed 0 --width 64 --batch 100 --threads 2]
"""
import argparse
import json
from time import perf_counter

import gymnasium
import torch
from stable_baselines3 import SAC

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--until-return", type=float, default=-200)
parser.add_argument("--seed", type=int, default=0)
parser.add_argument("--width", type=int, default=64)
parser.add_argument("--batch", type=int, default=100)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--steps", type=int, default=20_000, help="after which it gives up")
options = parser.parse_args()
torch.set_num_threads(options.threads)


def mean_return(agent, environment, episodes=20):
    total = 0.0
    for episode in range(episodes):
        observation, _ = environment.reset(seed=1_000_000 + episode)
        is_over = False
        while not is_over:
            action, _ = agent.predict(observation, deterministic=True)
            observation, reward, terminated, truncated, _ = environment.step(action)
            total += reward
            is_over = terminated or truncated
    return total / episodes


evaluation = gymnasium.make("Pendulum-v1")
agent = SAC("MlpPolicy", "Pendulum-v1", learning_rate=1e-3, batch_size=options.batch, seed=options.seed,
            policy_kwargs={"net_arch": [options.width, options.width]}, device="cpu")
spent, steps, reached = 0.0, 0, float("-inf")
while steps < options.steps and reached < options.until_return:
    start = perf_counter()
    agent.learn(1000, reset_num_timesteps=steps == 0, log_interval=1 << 30)
    spent += perf_counter() - start
    steps += 1000
    reached = float(mean_return(agent, evaluation))
print(json.dumps({"seed": options.seed, "width": options.width, "batch": options.batch, "threads": options.threads,
                  "seconds": spent, "steps": steps, "mean_return": reached}))
