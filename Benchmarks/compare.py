#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Sinew beside what people would use instead: each pair in turns, several rounds, then medians and their ratio.

    .venv-peers/bin/python Benchmarks/compare.py [NAME ...] [--rounds 5] [--json FILE]

NAME is one of those that --list prints, or the beginning of some of them. Taking turns keeps the ratio honest on a machine
that others use too; the load is printed at the beginning and at the end. RLTOOLS names the program of RLtools that README.md
tells how to build; without it that pair is left out.
"""
import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / "Benchmarks" / "peers"
SINEW = os.environ.get("SINEW", str(ROOT / ".build" / "release" / "sinew"))


def output(command):
    """The JSON that a command prints last."""
    environment = dict(os.environ, SINEW_HOME=str(ROOT), OMP_NUM_THREADS="", TF_CPP_MIN_LOG_LEVEL="3")
    del environment["OMP_NUM_THREADS"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}\n{done.stderr.strip()[-2000:]}")
    text = done.stdout.strip()
    return json.loads(text if text.startswith("[") or text.startswith("{\n") else text.splitlines()[-1])


def sizes(observations, actions, width, batch=None, threads=None):
    flags = ["--observations", observations, "--actions", actions, "--width", width]
    flags += ["--batch", batch] if batch else []
    flags += ["--threads", threads] if threads else []
    return [str(flag) for flag in flags]


def ours(name, flags, figure, seconds):
    return lambda: output([SINEW, "bench", name, *flags, "--seconds", str(seconds), "--json"])[0][figure]


def theirs(script, flags, figure, cores=None):
    bound = ["taskset", "-c", f"0-{cores - 1}"] if cores and cores < os.cpu_count() else []
    return lambda: output([*bound, sys.executable, str(PEERS / script), *flags])[figure]


def rltools(seed):
    """Training steps per second of RLtools' pendulum-v1 SAC, 20,000 steps without evaluation, BLAS on one thread."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([os.environ["RLTOOLS"], str(seed)], capture_output=True, text=True, cwd=folder,
                              env=dict(os.environ, OPENBLAS_NUM_THREADS="1"))
    time_ = re.search(r"Time: ([\d.]+)s", done.stdout + done.stderr)
    if done.returncode != 0 or not time_:
        raise RuntimeError(f"{os.environ['RLTOOLS']}: {(done.stdout + done.stderr).strip()[-500:]}")
    return 20_000 / float(time_[1])


def swing_up(seed):
    """Seconds of `sinew train pendulum` until -200, start-up and evaluations included."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        output([SINEW, "train", "pendulum", "--seed", str(seed), "--until-return", "-200", "--steps", "20000",
                "--set", "sac.hidden=[64,64]", "--set", "sac.batch=100", "--set", "evaluate.every=1000",
                "--set", "evaluate.episodes=20", "--output", f"{folder}/run", "--json"])
        return time.perf_counter() - start


def pairs():
    """name, unit, peer, our figure, the peer's, whether more is better; figures take the number of the round."""
    for scene, twin in [("hopper", "Hopper-v5"), ("ant", "Ant-v5"), ("pendulum", "Pendulum-v1"),
                        ("cheetah", "HalfCheetah-v5"), ("walker", "Walker2d-v5"), ("reacher", "Reacher-v5")]:
        mine = ours("environment", ["--scene", scene], "steps_per_second", 2)
        yield f"environment-{scene}", "steps/s", f"Gymnasium {twin}", mine, theirs("env_steps.py", [twin], "steps_per_second"), True
    for size in [(11, 3, 256, 256), (3, 1, 64, 100)]:
        for threads in [1, 2]:
            for library, title in [("sb3", "Stable-Baselines3"), ("sbx", "SBX")]:
                flags = sizes(*size, threads)
                yield (f"sac-{'-'.join(map(str, size))}-{threads}t-{library}", "updates/s", title,
                       ours("sac-update", flags, "updates_per_second", 3),
                       theirs("sac_updates.py", [library, *flags], "updates_per_second", threads), True)
    # Whole training steps of ours, two threads; what the peers do is less (SBX: updates alone) or the same (RLtools).
    steps = ours("train-step", ["--scene", "pendulum", "--width", "64", "--batch", "100", "--threads", "2"],
                 "steps_per_second", 3)
    yield ("train-step-pendulum-sbx", "steps/s", "SBX, updates alone", steps,
           theirs("sac_updates.py", ["sbx", *sizes(3, 1, 64, 100, 2)], "updates_per_second", 2), True)
    if "RLTOOLS" in os.environ:
        yield "train-step-pendulum-rltools", "steps/s", "RLtools", steps, rltools, True
    for size in [(11, 3, 256), (3, 1, 64)]:
        yield (f"policy-{'-'.join(map(str, size))}", "us", "ONNX Runtime", ours("policy", sizes(*size), "median_us", 2),
               theirs("policy_latency.py", sizes(*size), "median_us", 1), False)
    yield "swing-up", "s", "Stable-Baselines3", swing_up, lambda seed: output(
        [sys.executable, str(PEERS / "time_to_swing_up.py"), "--seed", str(seed)])["seconds"], False


def measure(figure, round_):
    return figure(round_) if figure.__code__.co_argcount else figure()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    chosen = [pair for pair in pairs() if not options.names or any(pair[0].startswith(n) for n in options.names)]
    if options.list or not chosen:
        print("\n".join(pair[0] for pair in pairs()))
        return 0 if options.list else 64
    if not Path(SINEW).exists():
        print(f"{SINEW} is missing: make build", file=sys.stderr)
        return 66
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores at the beginning")
    rows, is_whole = [], True
    for name, unit, peer, mine, other, is_more_better in chosen:
        try:
            ours_, theirs_ = [], []
            for round_ in range(options.rounds):
                ours_.append(measure(mine, round_))
                theirs_.append(measure(other, round_))
        except (RuntimeError, KeyError, ValueError) as error:
            print(f"{name}: not measured: {error}", file=sys.stderr)
            is_whole = False
            continue
        a, b = statistics.median(ours_), statistics.median(theirs_)
        ratio = a / b if is_more_better else b / a
        rows.append({"name": name, "unit": unit, "peer": peer, "sinew": a, "peer_value": b, "ratio": ratio,
                     "sinew_rounds": ours_, "peer_rounds": theirs_})
        print(f"{name:32} {a:12.1f} {unit:10} {peer:24} {b:12.1f}   {ratio:6.2f} times as good", flush=True)
    print(f"load {os.getloadavg()[0]:.1f} at the end")
    if options.json:
        Path(options.json).write_text(json.dumps(rows, indent=1) + "\n")
    return 0 if is_whole else 1


sys.exit(main())
