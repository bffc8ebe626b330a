#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Does a search pay? A sweep by Optuna, then its best settings and the scene's own with fresh seeds each.

    scripts/search.py SINEW SWEEP.yaml FOLDER [--jobs N]

Fresh are seeds 100 to 104, named before anything was trained. A run is judged by its last evaluation, as the sweep judges its trials.
"""

import csv
import json
import pathlib
import shlex
import statistics
import subprocess
import sys

SEEDS = range(100, 105)
sinew, file, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])


def said(*arguments: str) -> str:
    return subprocess.run([sinew, *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout


def returns(name: str, arguments: list) -> list:
    """The last evaluations of the fresh seeds."""
    where = folder / name
    said("train", *arguments, "--seeds", f"{SEEDS[0]}-{SEEDS[-1]}", "--output", str(where), "--resume", "--json")
    rows = [list(csv.DictReader(open(where / f"seed-{seed}/evaluations.csv"))) for seed in SEEDS]
    return [float(run[-1]["mean_return"]) for run in rows]


def main() -> None:
    report = json.loads(said("sweep", file, "--output", str(folder / "sweep"), "--json", *sys.argv[4:]))
    best = next(trial for trial in report["trials"] if trial["trial"] == report["best"])
    words = shlex.split(report["command"])[2:]
    at = words.index("--seed")
    arguments = words[:at] + words[at + 2:]
    tried = {f"{key}={value}" for key, value in best["parameters"].items()}
    usual, index = [], 0
    while index < len(arguments):
        if arguments[index] == "--set" and arguments[index + 1] in tried:
            index += 2
            continue
        usual.append(arguments[index])
        index += 1
    print(f"best of {len(report['trials'])} trials: trial {best['trial']}, {best['value']:.2f}: {' '.join(sorted(tried))}")
    for name, line in (("best", arguments), ("own", usual)):
        found = returns(name, line)
        words = {"best": "the best settings", "own": "the scene's own  "}[name]
        print(f"{words}, seeds {SEEDS[0]} to {SEEDS[-1]}: {', '.join(f'{value:.2f}' for value in found)}; "
              f"mean {statistics.mean(found):.2f}, deviation {statistics.stdev(found):.2f}")


main()
