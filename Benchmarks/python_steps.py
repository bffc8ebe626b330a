#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Control steps per second through Python, beside Swift's own loop and Gymnasium's environments: random actions drawn beforehand, resets counted.

    .venv-peers/bin/python Benchmarks/python_steps.py [SCENE] [--seconds 5]

The walk is the same each time; of each piece of it the best time counts, so that other work on the machine has to miss it only once.
"""
import argparse
import json
import os
import subprocess
from time import perf_counter

import gymnasium
import numpy

import sinew
from tables import ROOT, markdown

TWINS = {"hopper": "Hopper-v5", "walker": "Walker2d-v5", "cheetah": "HalfCheetah-v5", "ant": "Ant-v5", "reacher": "Reacher-v5",
         "inverted-pendulum": "InvertedPendulum-v5", "pendulum": "Pendulum-v1"}
SINEW = os.environ.get("SINEW", str(ROOT / ".build/release/sinew"))
WORLDS, STEPS = 16, 400


def rate(environment, count, seconds):
    """Control steps per second of one environment, or of `count` that step in one call and reset themselves."""
    piece = 10 if count == 1 else 1
    environment.action_space.seed(0)
    actions = [environment.action_space.sample() for _ in range(STEPS)]

    def walk():
        times = []
        environment.reset(seed=0)
        start = perf_counter()
        for index, action in enumerate(actions):
            _, _, terminated, truncated, _ = environment.step(action)
            if count == 1 and (terminated or truncated):
                environment.reset()
            if (index + 1) % piece == 0:
                end = perf_counter()
                times.append(end - start)
                start = end
        return times

    best, begin, rounds = walk(), perf_counter(), 0
    while rounds < 5 or perf_counter() - begin < seconds:
        best = [min(pair) for pair in zip(best, walk())]
        rounds += 1
    environment.close()
    return count * STEPS / sum(best)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scene", nargs="?", default="hopper", choices=TWINS)
    parser.add_argument("--seconds", type=float, default=5.0, help="for each")
    options = parser.parse_args()
    scene, twin, seconds = options.scene, TWINS[options.scene], options.seconds
    shown = json.loads(subprocess.run([SINEW, "bench", "environment", "--scene", scene, "--json"], capture_output=True, text=True, check=True).stdout)
    figures = shown["figures"] if isinstance(shown, dict) else shown
    swift = next(figure["steps_per_second"] for figure in figures if "steps_per_second" in figure)
    registered = f"sinew:Sinew/{''.join(part.capitalize() for part in scene.split('-'))}-v0"
    makers = [
        (f"sinew.make('{scene}', terms=False)", lambda: sinew.make(scene, terms=False), 1),
        (f"gymnasium.make('{registered}')", lambda: gymnasium.make(registered), 1),
        ("sinew.make_vec, 16, one thread", lambda: sinew.make_vec(scene, WORLDS, threads=1), WORLDS),
        ("sinew.make_vec, 16, two threads", lambda: sinew.make_vec(scene, WORLDS, threads=2), WORLDS),
        (f"Gymnasium's {twin}", lambda: gymnasium.make(twin, disable_env_checker=True), 1),
        (f"{twin}, SyncVectorEnv of 16", lambda: gymnasium.make_vec(twin, WORLDS, "sync"), WORLDS),
        (f"{twin}, AsyncVectorEnv of 16", lambda: gymnasium.make_vec(twin, WORLDS, "async"), WORLDS),
    ]
    rows = [["`sinew bench environment`, one thread", f"{swift:,.0f}", "1", ""]]
    for name, make, count in makers:
        found = rate(make(), count, seconds)
        beside = f"{1e6 * (1 / found - 1 / swift):.1f}" if count == 1 and "sinew" in name else ""
        rows.append([name, f"{found:,.0f}", f"{found / swift:.2f}", beside])
    print(numpy.__version__, gymnasium.__version__, f"load {os.getloadavg()[0]:.1f}")
    print(markdown(["", "control steps per second", "of Swift's loop", "µs more in a step"], rows))


if __name__ == "__main__":
    main()
