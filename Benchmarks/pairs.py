#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Is one build of sinew as fast as another? Both measure the same figure in turns, and the ratio of each pair counts.

    Benchmarks/pairs.py OLD NEW [NAME ...] [--pairs 15] [--seconds 0.5] [--json FILE]
    Benchmarks/pairs.py OLD NEW [NAME ...] --instructions [--steps 400] [--json FILE]

OLD and NEW are two commands, such as old/.build/release/sinew; each takes the scenes of the tree that it stands in. NAME is the beginning
of a figure's name (--list prints them). Printed is the median of NEW's speed over OLD's with its interval of 95 %, from the order of the
ratios alone: it holds however they are spread. On a busy machine it gets wide; then --instructions decides, which counts those of short
trainings with valgrind's callgrind (SINEW_ISA=avx2, which valgrind knows), those of the start taken off, the least of three.
"""
import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from intervals import interval

SIZES = {"small": ["--observations", "3", "--actions", "1", "--width", "64", "--batch", "100", "--threads", "1"],
         "wide": ["--observations", "11", "--actions", "3", "--width", "256", "--batch", "256", "--threads", "1"]}
FIGURES = {f"sac-update-{size}": ["sac-update", *flags] for size, flags in SIZES.items()}
FIGURES["train-step-pendulum"] = ["train-step", "--scene", "pendulum", *SIZES["small"][4:]]
FIGURES["train-step-hopper"] = ["train-step", "--scene", "hopper", *SIZES["small"][4:]]
FIGURES |= {f"environment-{scene}": ["environment", "--scene", scene] for scene in ("pendulum", "hopper", "ant", "quadruped")}

# Trainings whose instructions are counted: a scene, an algorithm, settings that make it update soon, and how many times --steps it takes:
# the cheaper a step, the more of them stand out from the start and from the checkpoints, which the clock decides.
TRAININGS = {
    "train-sac-pendulum": ("pendulum", "sac", ["sac.warm_up=100"], 1),
    "train-sac-ant": ("ant", "sac", ["sac.warm_up=100"], 1),
    "train-dqn-pendulum": ("pendulum", "dqn", ["dqn.warm_up=100"], 2),
    "train-a2c-pendulum": ("pendulum", "a2c", [], 10),
    "train-q-learning-pendulum": ("pendulum", "q-learning", [], 20),
}


def environment(sinew, **more):
    """What a command runs in: the scenes of its own tree."""
    home = Path(sinew).absolute().as_posix().split("/.build/")[0]
    return dict(os.environ, SINEW_HOME=home, **more)


def run(command, **environment_of):
    done = subprocess.run(command, capture_output=True, text=True, env=environment(**environment_of))
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stderr.strip()[-2000:]}")
    return done


def speed(sinew, flags, seconds):
    done = run([sinew, "bench", *flags, "--seconds", str(seconds), "--json"], sinew=sinew)
    figure = json.loads(done.stdout)[0]
    return figure.get("updates_per_second") or figure["steps_per_second"]


def measure_pairs(old, new, names, pairs, seconds):
    results = {}
    print(f"{'figure':28}{'old/s':>12}{'new/s':>12}   new/old, median [95 %] of {pairs} pairs", flush=True)
    for name in names:
        speeds = {old: [], new: []}
        for index in range(pairs):
            for sinew in (old, new) if index % 2 == 0 else (new, old):
                speeds[sinew].append(speed(sinew, FIGURES[name], seconds))
        middle, low, high = interval([b / a for a, b in zip(speeds[old], speeds[new])])
        medians = statistics.median(speeds[old]), statistics.median(speeds[new])
        results[name] = {"old": medians[0], "new": medians[1], "ratio": middle, "low": low, "high": high}
        print(f"{name:28}{medians[0]:12.4g}{medians[1]:12.4g}   {middle:.4f} [{low:.4f}, {high:.4f}]", flush=True)
    return results


def instructions(sinew, stripped, training, steps, folder):
    """The instructions of a training of `steps` steps, times what it says."""
    scene, algorithm, settings, times = training
    flags = [flag for setting in [*settings, "evaluate.every=1000000", "evaluate.episodes=1"] for flag in ("--set", setting)]
    done = run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", stripped, "train", scene, "--algorithm", algorithm,
                "--steps", str(times * steps), "--threads", "1", *flags, "--output", f"{folder}/{os.urandom(8).hex()}"],
               sinew=sinew, SINEW_ISA="avx2", SWIFT_DETERMINISTIC_HASHING="1")
    return int(re.search(r"Collected : (\d+)", done.stderr)[1])


def count_instructions(old, new, names, steps):
    results = {}
    print(f"{'instructions a step':28}{'old':>12}{'new':>12}   new/old, least of 3", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        stripped = {}
        for index, sinew in enumerate((old, new)):
            # valgrind cannot read the debug information of Swift's programs.
            stripped[sinew] = f"{folder}/sinew-{index}"
            subprocess.run(["strip", "--strip-debug", "-o", stripped[sinew], sinew], check=True)
        for name in names:
            counts, spread = [], 0
            for sinew in (old, new):
                ends = []
                for count in (steps // 2, steps):
                    # The least: checkpoints, which the clock decides, only add to it.
                    again = [instructions(sinew, stripped[sinew], TRAININGS[name], count, folder) for _ in range(3)]
                    ends.append(min(again))
                    spread = max(spread, max(again) - min(again))
                counts.append((ends[1] - ends[0]) / (TRAININGS[name][3] * (steps - steps // 2)))
            spread /= TRAININGS[name][3] * (steps - steps // 2) * counts[0]
            ratio = counts[1] / counts[0]
            results[name] = {"old": counts[0], "new": counts[1], "ratio": ratio, "spread": spread}
            print(f"{name:28}{counts[0]:12.0f}{counts[1]:12.0f}   {ratio:.4f}, repeats {100 * spread:.1f} % apart", flush=True)
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old", nargs="?")
    parser.add_argument("new", nargs="?")
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--pairs", type=int, default=15)
    parser.add_argument("--seconds", type=float, default=0.5, help="of each measurement, about")
    parser.add_argument("--instructions", action="store_true", help="count instructions in place of seconds")
    parser.add_argument("--steps", type=int, default=400, help="of the trainings whose instructions are counted")
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    known = TRAININGS if options.instructions else FIGURES
    if options.list:
        print(*known, sep="\n")
        return
    if not options.new:
        parser.error("two commands are needed")
    names = [name for name in known if not options.names or name.startswith(tuple(options.names))]
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)
    if options.instructions:
        results = count_instructions(options.old, options.new, names, options.steps)
    else:
        results = measure_pairs(options.old, options.new, names, options.pairs, options.seconds)
    if options.json:
        Path(options.json).write_text(json.dumps(results, indent=2) + "\n")


main()
