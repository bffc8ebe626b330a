#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Policies in the MuJoCo file of their own scene, judged by the scene's own terms: finished runs, 100 episodes from seed 1000 in Sinew and in MuJoCo,
the latter also at a fifth of the time step.

    .venv-peers/bin/python Benchmarks/judge.py RUN ... [--page docs/physics.md]

It needs the package sinew, installed or by PYTHONPATH=Python and SINEW_LIBRARY, keeps each figure in runs/judge, and goes on where it was stopped.
"""
import argparse
import json
import subprocess
import sys
from pathlib import Path

from policies import EPISODES, FIRST_SEED, kept
from tables import ROOT, markdown, number, put


def judged(run, folder, episodes, finer):
    """What `python -m sinew.mujoco` says of a run."""
    def measure():
        asked = [sys.executable, "-m", "sinew.mujoco", str(run), "--episodes", str(episodes), "--seed", str(FIRST_SEED), "--finer", str(finer), "--json"]
        done = subprocess.run(asked, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"{run}: {done.stderr.strip()[-2000:]}")
        found = json.loads(done.stdout)
        for side in (found["sinew"], found["mujoco"]):
            del side["returns"], side["lengths"]
        return found

    return kept(folder / f"{run.name}.mujoco-{finer}.json", run, measure, episodes=episodes, first_seed=FIRST_SEED, finer=finer)


def cell(side, episodes):
    early = f", {side['terminated'] + side['diverged']} of {episodes} end early" if side["terminated"] + side["diverged"] else ""
    return f"{number(side['mean_return'])} ± {number(side['std_return'])}{early}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", nargs="*", type=Path, metavar="RUN", help="folders of runs (those of runs/results)")
    parser.add_argument("--kept", type=Path, default=ROOT / "runs/judge", help="where figures are kept (runs/judge)")
    parser.add_argument("--episodes", type=int, default=EPISODES)
    parser.add_argument("--page", help="a page that has a place for the table")
    options = parser.parse_args()
    runs = options.runs or sorted(path for path in (ROOT / "runs/results").glob("*-*") if (path / "best.safetensors").exists())
    if not runs:
        raise SystemExit("no runs; make results trains them")
    rows = []
    for run in runs:
        found, fine = (judged(run, options.kept, options.episodes, finer) for finer in (1, 5))
        share = "" if found["kept"] is None else f"{100 * found['kept']:.0f} %"
        rows.append([run.name, cell(found["sinew"], options.episodes), cell(found["mujoco"], options.episodes), share,
                     cell(fine["mujoco"], options.episodes), f"{100 * fine['kept']:.0f} %"])
        print(" | ".join(rows[-1]), flush=True)
    table = markdown(["run", "Sinew", "MuJoCo", "kept", "MuJoCo at a fifth of the step", "kept"], rows)
    print(table)
    if options.page:
        put(options.page, "judge", table)


main()
