#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Microseconds per action of a policy, one thread, in turns: Swift, the C runtime and exported C (gcc and clang, -O2) against ONNX Runtime.

    latency.py [POLICY [ROUNDS]]      POLICY is a policy file of two hidden layers of one width (default: one of 11/256/256/3, made for
                                      this); needs .venv with onnxruntime, a C compiler and a built sinew. Each figure is the median of
                                      its rounds (default 5).

`peer` is the bare network of Benchmarks/peers/policy_latency.py in ONNX Runtime, of the policy's sizes; `onnxruntime` is the exported
file. Swift runs a network of the policy's sizes (`sinew bench policy`).
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import numpy
import onnxruntime
from safetensors.numpy import load_file

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SINEW = os.path.join(ROOT, ".build/release/sinew")
CALLS = 20000


def make(folder):
    """A policy of 11/256/256/3: a moment's training of the hopper."""
    subprocess.run(
        [SINEW, "train", "hopper", "--steps", "300", "--set", "sac.hidden=[256,256]", "--set", "evaluate.every=300"]
        + ["--set", "evaluate.episodes=1", "--output", f"{folder}/run", "--json"],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    return f"{folder}/run/best.safetensors"


def export(policy, folder):
    subprocess.run([SINEW, "export", policy, "--format", "c", "--prefix", "p", "--output", folder], check=True, stdout=sys.stderr)
    subprocess.run([SINEW, "export", policy, "--format", "onnx", "--output", f"{folder}/p.onnx"], check=True, stdout=sys.stderr)


def build(compiler, folder):
    runtime = os.path.join(ROOT, "Sources/CPolicyRuntime")
    names = ["act", "checksum", "clock", "dense", "forward", "header", "load", "status"]
    subprocess.run(
        [compiler, "-std=c99", "-O2", "-I", f"{runtime}/include", "-I", folder, "-Wl,--wrap=malloc"]
        + ["-o", f"{folder}/latency-{compiler}", f"{ROOT}/scripts/latency.c", f"{folder}/policy.c"]
        + [f"{runtime}/{name}.c" for name in names] + ["-lm"],
        check=True,
    )


def session_of(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(path, options, ["CPUExecutionProvider"])


def time_onnxruntime(session):
    rows = numpy.random.default_rng(0).standard_normal((1024, 1, session.get_inputs()[0].shape[1])).astype("f4")
    feeds = [{"observation": row} for row in rows]
    for feed in feeds:
        session.run(None, feed)
    times = numpy.empty(CALLS)
    for i in range(CALLS):
        feed = feeds[i % len(feeds)]
        start = time.perf_counter_ns()
        session.run(None, feed)
        times[i] = (time.perf_counter_ns() - start) / 1e3
    return float(numpy.median(times)), float(numpy.percentile(times, 99.9))


def said(command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def sizes_of(policy):
    tensors = load_file(policy)
    width, observations = tensors["actor.0.weight"].shape
    return ["--observations", str(observations), "--actions", str(len(tensors["action.scale"])), "--width", str(width)]


def swift_allocations(bench, folder):
    """Allocations of a call, by the calls that a longer measurement has more; the sorting of every 5000 times is among them."""
    counter = f"{folder}/count.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", counter, f"{ROOT}/scripts/count_malloc.c", "-ldl"], check=True)
    counts, calls = [], []
    for seconds in ("0.5", "2"):
        done = subprocess.run(
            [*bench, "--seconds", seconds], check=True, capture_output=True, text=True, env={**os.environ, "LD_PRELOAD": counter}
        )
        counts.append(int(done.stderr.split()[-1]))
        calls.append(json.loads(done.stdout)[0]["calls"])
    return round((counts[1] - counts[0]) / (calls[1] - calls[0]), 4)


def measure(policy, folder, compilers, session, allocations, results):
    """One turn of everybody."""
    sizes = sizes_of(policy)
    bench = [SINEW, "bench", "policy", *sizes, "--json"]
    peer = os.path.join(ROOT, "Benchmarks/peers/policy_latency.py")
    row = json.loads(said([sys.executable, peer, *sizes, "--rounds", "1", "--calls", str(CALLS)]))
    results.setdefault("peer", []).append((row["median_us"], row["p999_us"]))
    results.setdefault("onnxruntime", []).append(time_onnxruntime(session))
    row = json.loads(said([*bench, "--seconds", "0.5"]))[0]
    results.setdefault("swift", []).append((row["median_us"], row["p999_us"], allocations))
    for compiler in compilers:
        for line in said([f"{folder}/latency-{compiler}", policy, str(CALLS)]).splitlines():
            name, *numbers = line.split()
            results.setdefault(f"{name} {compiler} -O2", []).append(tuple(map(float, numbers)))


def main(policy, rounds):
    results = {}
    compilers = [name for name in ("gcc", "clang") if shutil.which(name)]
    with tempfile.TemporaryDirectory() as folder:
        policy = policy or make(folder)
        export(policy, folder)
        for compiler in compilers:
            build(compiler, folder)
        session = session_of(f"{folder}/p.onnx")
        allocations = swift_allocations([SINEW, "bench", "policy", *sizes_of(policy), "--json"], folder)
        for _ in range(rounds):
            measure(policy, folder, compilers, session, allocations, results)
    for name, rows in results.items():
        figures = dict(zip(("median_us", "p999_us", "allocations"), (statistics.median(column) for column in zip(*rows))))
        print(json.dumps({"name": name, **figures}))


if __name__ == "__main__":
    if sys.argv[1:2] and not os.path.isfile(sys.argv[1]):
        sys.exit(__doc__)
    main(sys.argv[1] if sys.argv[1:] else None, int(sys.argv[2]) if sys.argv[2:] else 5)
