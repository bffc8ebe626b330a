#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Does a policy depend on the time step that it was trained with? Runs of `make results` at their scene's time step, at half and at a
fifth of it, control steps as long; beside it the same policies in Gymnasium's environments with theirs divided likewise.

    .venv-peers/bin/python Benchmarks/time_step.py [SCENE ...] [--seeds 0,1,2] [--page docs/physics.md] [--json FILE]

100 episodes of seeds 1000 to 1099 each. It keeps each figure in runs/transfer, as transfer.py does, and goes on where it was stopped.
"""
import argparse
import json
import statistics
from pathlib import Path

from policies import EPISODES, runs, score, score_in_gymnasium
from tables import ROOT, markdown, number, put

SCENES, FINER = ("hopper", "walker", "cheetah", "ant"), (1, 2, 5)


def cells(returns):
    """The return at the whole step, and how the finer ones differ from it."""
    first = returns[0]
    return [number(first)] + [f"{number(value)} ({100 * (value - first) / abs(first):+.0f} %)" for value in returns[1:]]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenes", nargs="*", metavar="SCENE", help=f"of {', '.join(SCENES)}")
    parser.add_argument("--runs", default=ROOT / "runs/results", help="where the runs SCENE-SEED are (runs/results)")
    parser.add_argument("--kept", type=Path, default=ROOT / "runs/transfer", help="where figures are kept (runs/transfer)")
    parser.add_argument("--seeds", default="0,1,2", help="of the runs (0,1,2)")
    parser.add_argument("--episodes", type=int, default=EPISODES)
    parser.add_argument("--page", help="a page that has a place for the table")
    parser.add_argument("--json", metavar="FILE")
    options = parser.parse_args()
    results = []
    for scene, seed, run in runs(options.runs, options.scenes or SCENES, options.seeds.split(",")):
        ours = [score(run, options.kept, options.episodes, finer)["mean_return"] for finer in FINER]
        theirs = [score_in_gymnasium(scene, run, options.kept, options.episodes, finer)["mean_return"] for finer in FINER]
        results.append({"scene": scene, "seed": seed, "finer": FINER, "sinew": ours, "gymnasium": theirs})
        print(f"{scene}, seed {seed}: Sinew {', '.join(cells(ours))}; Gymnasium {', '.join(cells(theirs))}", flush=True)
    if not results:
        raise SystemExit(f"{options.runs}: no runs of these scenes and seeds; make results trains them")
    rows = []
    for scene in dict.fromkeys(result["scene"] for result in results):
        found = [result for result in results if result["scene"] == scene]
        rows += [[scene, result["seed"], *cells(result["sinew"]), *cells(result["gymnasium"])] for result in found]
        # Of each finer step the median of what the seeds keep.
        medians = []
        for side in ("sinew", "gymnasium"):
            changes = [[100 * (r[side][i] - r[side][0]) / abs(r[side][0]) for r in found] for i in (1, 2)]
            medians += [""] + [f"**{statistics.median(change):+.0f} %**" for change in changes]
        rows.append([scene, "median", *medians])
    columns = ["policy", "seed", *(f"Sinew, {part}" for part in ("its step", "half", "a fifth")),
               *(f"MuJoCo, {part}" for part in ("its step", "half", "a fifth"))]
    table = markdown(columns, rows)
    print(table)
    if options.page:
        put(options.page, "time-step", table)
    if options.json:
        Path(options.json).write_text(json.dumps(results, indent=1) + "\n")


main()
