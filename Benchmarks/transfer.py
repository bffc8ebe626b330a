#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Do policies learned in Sinew work in another simulator? Runs of `make results`, exported as ONNX, are run by ONNX Runtime in Gymnasium's
v5 environments as shipped: 100 episodes of seeds 1000 to 1099, beside 100 in Sinew. Nothing learns on.

    .venv-peers/bin/python Benchmarks/transfer.py [SCENE ...] [--seeds 0,1,2] [--page docs/physics.md] [--json FILE]

It keeps each figure in runs/transfer and goes on where it was stopped.
"""
import argparse
import json
import statistics
from pathlib import Path

from policies import EPISODES, TWINS, runs, score, score_in_gymnasium
from tables import ROOT, markdown, number, put


def share(ours, theirs):
    """Of the return that is kept; where returns are costs, of the cost that is not added."""
    return theirs / ours if ours > 0 else ours / theirs


def cell(figures):
    return f"{number(figures['mean_return'])} ± {number(figures['std_return'])}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenes", nargs="*", metavar="SCENE", help=f"of {', '.join(TWINS)}")
    parser.add_argument("--runs", default=ROOT / "runs/results", help="where the runs SCENE-SEED are (runs/results)")
    parser.add_argument("--kept", type=Path, default=ROOT / "runs/transfer", help="where figures are kept (runs/transfer)")
    parser.add_argument("--seeds", default="0,1,2", help="of the runs (0,1,2)")
    parser.add_argument("--episodes", type=int, default=EPISODES)
    parser.add_argument("--page", help="a page that has a place for the table")
    parser.add_argument("--json", metavar="FILE")
    options = parser.parse_args()
    results = []
    for scene, seed, run in runs(options.runs, options.scenes or TWINS, options.seeds.split(",")):
        ours = score(run, options.kept, options.episodes)
        theirs = score_in_gymnasium(scene, run, options.kept, options.episodes)
        results.append({"scene": scene, "seed": seed, "sinew": ours, "gymnasium": theirs,
                        "kept": share(ours["mean_return"], theirs["mean_return"])})
        print(f"{scene}, seed {seed}: {cell(ours)} in Sinew, {cell(theirs)} in Gymnasium", flush=True)
    if not results:
        raise SystemExit(f"{options.runs}: no runs of these scenes and seeds; make results trains them")
    rows = []
    for scene in dict.fromkeys(result["scene"] for result in results):
        found = [result for result in results if result["scene"] == scene]
        median = statistics.median(result["kept"] for result in found)
        for result in found:
            ours, theirs = result["sinew"], result["gymnasium"]
            rows.append([scene, result["seed"], cell(ours), f"{ours['mean_length']:.0f}", cell(theirs),
                         f"{theirs['mean_length']:.0f}", f"{100 * result['kept']:.0f} %",
                         f"**{100 * median:.0f} %**" if result is found[0] else ""])
    table = markdown(["policy", "seed", "return in Sinew", "steps", "return in Gymnasium", "steps", "kept", "median"], rows)
    print(table)
    if options.page:
        put(options.page, "transfer", table)
    if options.json:
        Path(options.json).write_text(json.dumps(results, indent=1) + "\n")


main()
