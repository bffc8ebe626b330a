# SPDX-License-Identifier: MIT
"""Control steps per second of a Gymnasium environment: random actions drawn beforehand, resets counted, one core.

    python env_steps.py Hopper-v5 [--steps 3000] [--rounds 5]
"""
import argparse
import json
from time import perf_counter

import gymnasium


def steps_per_second(environment, steps):
    actions = [environment.action_space.sample() for _ in range(steps)]
    environment.reset()
    start = perf_counter()
    for action in actions:
        _, _, terminated, truncated, _ = environment.step(action)
        if terminated or truncated:
            environment.reset()
    return steps / (perf_counter() - start)


parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("environment")
parser.add_argument("--steps", type=int, default=3000)
parser.add_argument("--rounds", type=int, default=5)
options = parser.parse_args()

environment = gymnasium.make(options.environment)
environment.reset(seed=0)
environment.action_space.seed(0)
best = max(steps_per_second(environment, options.steps) for _ in range(options.rounds))
print(json.dumps({"environment": options.environment, "steps_per_second": best}))
