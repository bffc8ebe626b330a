#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Counts what an update of SAC allocates, on one thread and on two: nothing. Needs a built sinew and a C compiler.

    allocations.py [SINEW]

Two measurements of different length are compared, so that what a process allocates to begin with does not count.
"""

import json
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SINEW = sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, ".build/release/sinew")


def measure(counter, threads, seconds):
    """The allocations of a whole measurement, and the updates that it does in a second."""
    done = subprocess.run(
        [SINEW, "bench", "sac-update", "--width", "8", "--batch", "8", "--threads", threads, "--seconds", str(seconds), "--json"],
        check=True, capture_output=True, text=True, env={**os.environ, "LD_PRELOAD": counter, "SINEW_HOME": ROOT},
    )
    return int(done.stderr.split()[-1]), json.loads(done.stdout)[0]["updates_per_second"]


def main():
    status = 0
    with tempfile.TemporaryDirectory() as folder:
        counter = f"{folder}/count.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-o", counter, f"{ROOT}/scripts/count_malloc.c", "-ldl"], check=True)
        for threads in ("1", "2"):
            (short, _), (long, speed) = measure(counter, threads, 0.5), measure(counter, threads, 2.5)
            rate = (long - short) / (2 * speed)
            print(f"{threads} thread{'s' if threads > '1' else ''}: {rate:.4f} allocations per update")
            # The measurement itself allocates a little for each of its rounds of many updates.
            status |= rate > 0.05
    return status


sys.exit(main())
