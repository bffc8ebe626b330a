#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How the rate of SAC updates changes with width and batch, and what share of the cores' FMA peak it is: two tables in Markdown.

    python3 Benchmarks/scaling.py [--seconds 1]      about 40 figures, one after the other
"""
import argparse
import json
import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SINEW = os.environ.get("SINEW", str(ROOT / ".build" / "release" / "sinew"))
OBSERVATIONS, ACTIONS = 11, 3

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--seconds", type=float, default=1.0, help="for each figure, about")
options = parser.parse_args()


def bench(name, *flags):
    command = [SINEW, "bench", name, *map(str, flags), "--seconds", str(options.seconds), "--json"]
    environment = dict(os.environ, SINEW_HOME=str(ROOT))
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout)[0]


def operations(width, batch):
    """Multiplications and additions of one update as textbooks count them: each pass of a layer, and twice that backwards."""
    actor = OBSERVATIONS * width + width * width + width * 2 * ACTIONS
    critic = (OBSERVATIONS + ACTIONS) * width + width * width + width
    # Two draws of actions; two targets; the critics forwards and backwards; the critics of the policy's actions, and the gradient in
    # these actions; the actor backwards.
    passes = 2 * actor + 2 * critic + 2 * 3 * critic + 2 * critic + 2 * critic + 2 * actor
    return 2 * batch * passes


def row(width, batch, peak):
    cells = [str(width), str(batch)]
    for threads in (1, 2):
        flags = ["--observations", OBSERVATIONS, "--actions", ACTIONS, "--width", width, "--batch", batch, "--threads", threads]
        rate = bench("sac-update", *flags)["updates_per_second"]
        rated = rate * operations(width, batch) / 1e9
        cells += [f"{rate:,.0f}" if rate >= 20 else f"{rate:.1f}", f"{100 * rated / (threads * peak):.0f} %"]
    print("| " + " | ".join(cells) + " |", flush=True)


machine = bench("machine")
peak = machine["fma_peak_gflops"]
print(f"{machine['isa']}, FMA peak {peak:.0f} GFLOP/s a core")
for sizes in ([(width, 256) for width in (32, 64, 128, 256, 512, 1024)],
              [(256, batch) for batch in (32, 64, 128, 256, 512, 1024, 2048, 4096)]):
    print("\n| width | batch | updates/s, one thread | of the peak | two threads | of two peaks |\n|---|---|---|---|---|---|")
    for width, batch in sizes:
        row(width, batch, peak)
