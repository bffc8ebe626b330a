#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Microseconds per action of a policy, one thread: the C runtime and exported C against ONNX Runtime, in turns.

    latency.py POLICY [ROUNDS]      POLICY is a policy file; needs .venv with onnxruntime, cc, and a built sinew
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

import numpy
import onnxruntime

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CALLS = 20000


def build(policy, folder):
    sinew = os.path.join(ROOT, ".build/release/sinew")
    subprocess.run([sinew, "export", policy, "--format", "c", "--prefix", "p", "--output", folder], check=True, stdout=2)
    subprocess.run([sinew, "export", policy, "--format", "onnx", "--output", f"{folder}/p.onnx"], check=True, stdout=2)
    runtime = os.path.join(ROOT, "Sources/CPolicyRuntime")
    names = ["act", "checksum", "clock", "dense", "forward", "header", "load", "status"]
    subprocess.run(
        ["cc", "-std=c99", "-O2", "-I", f"{runtime}/include", "-I", folder, "-Wl,--wrap=malloc", "-o", f"{folder}/latency"]
        + [f"{ROOT}/scripts/latency.c", f"{folder}/policy.c"] + [f"{runtime}/{name}.c" for name in names] + ["-lm"],
        check=True,
    )


def time_onnxruntime(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, ["CPUExecutionProvider"])
    feed = {"observation": numpy.zeros((1, session.get_inputs()[0].shape[1]), "f4")}
    for _ in range(500):
        session.run(None, feed)
    times = numpy.empty(CALLS)
    for i in range(CALLS):
        start = time.perf_counter_ns()
        session.run(None, feed)
        times[i] = (time.perf_counter_ns() - start) / 1e3
    return float(numpy.median(times)), float(numpy.percentile(times, 99.9)), 0


def main(policy, rounds):
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        build(policy, folder)
        for _ in range(rounds):
            results.setdefault("onnxruntime", []).append(time_onnxruntime(f"{folder}/p.onnx"))
            said = subprocess.run([f"{folder}/latency", policy, str(CALLS)], check=True, capture_output=True, text=True)
            for line in said.stdout.splitlines():
                name, *numbers = line.split()
                results.setdefault(name, []).append(tuple(map(float, numbers)))
    for name, rows in results.items():
        median, p999, allocations = (statistics.median(column) for column in zip(*rows))
        print(json.dumps({"name": name, "median_us": median, "p999_us": p999, "allocations": int(allocations)}))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5)
