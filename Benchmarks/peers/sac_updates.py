# SPDX-License-Identifier: MIT
"""Gradient updates per second of another library's SAC: critics, actor, temperature and targets, once each.

    python sac_updates.py {sb3|sbx} [--observations 11 --actions 3 --width 256 --batch 256 --threads 1]

The replay buffer is filled by a task that costs nothing; an update draws its mini-batch, as the libraries always do.
Threads are set for PyTorch; JAX takes what the machine offers, unless the process is bound to fewer cores.
"""
import argparse
import json
from time import perf_counter

import gymnasium
import numpy as np

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("library", choices=["sb3", "sbx"])
parser.add_argument("--observations", type=int, default=11)
parser.add_argument("--actions", type=int, default=3)
parser.add_argument("--width", type=int, default=256)
parser.add_argument("--batch", type=int, default=256)
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--seconds", type=float, default=3.0, help="about")
options = parser.parse_args()


class RandomTask(gymnasium.Env):
    """Random observations, whatever is done; episodes of 100 steps."""

    observation_space = gymnasium.spaces.Box(-10, 10, (options.observations,), np.float32)
    action_space = gymnasium.spaces.Box(-1, 1, (options.actions,), np.float32)

    def observation(self):
        return self.np_random.standard_normal(options.observations, dtype=np.float32)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.steps = 0
        return self.observation(), {}

    def step(self, action):
        self.steps += 1
        return self.observation(), float(-np.sum(action**2)), False, self.steps == 100, {}


if options.library == "sb3":
    import torch
    from stable_baselines3 import SAC

    torch.set_num_threads(options.threads)
    extra = {"device": "cpu"}
else:
    from sbx import SAC

    extra = {}

agent = SAC("MlpPolicy", RandomTask(), batch_size=options.batch, learning_starts=1000, seed=0,
            policy_kwargs={"net_arch": [options.width, options.width]}, **extra)
agent.learn(1010, log_interval=1 << 30)


def seconds(updates):
    start = perf_counter()
    agent.train(gradient_steps=updates, batch_size=options.batch)
    return perf_counter() - start


# Short rounds, of which the best counts. JAX compiles for each number of updates, and calls it again for each.
best = 0.0
for count in (1, 20):
    seconds(count)
    begin = perf_counter()
    rounds = 0
    while rounds < 3 or perf_counter() - begin < options.seconds / 2:
        best = max(best, count / seconds(count))
        rounds += 1
print(json.dumps({"library": options.library, "observations": options.observations, "actions": options.actions,
                  "width": options.width, "batch": options.batch, "threads": options.threads,
                  "updates_per_second": best}))
