# SPDX-License-Identifier: MIT
"""Screens variants of soft actor-critic: each on some scenes with seeds of its own, scored by the deterministic evaluation at the end.

    python3 Benchmarks/screen_learner.py [--variants default,wide] [--scenes hopper,cheetah] [--seeds 100,101,102]

Each run is a `sinew train` on one thread in FOLDER/SCENE/VARIANT/SEED. A run that is finished is kept, one that was stopped goes on, so
that a call goes on where the last one was stopped, and `--table` alone prints what there is. What is printed is the mean return of the
evaluation at the last step, not the best so far: the median over the seeds, and the lowest and highest. Seconds are those of the run,
its evaluations included; they mean something only on a machine that does nothing else. A run that has fewer steps than asked for by
--steps is on its way, and in no median.
"""
import argparse
import csv
import os
import statistics
import subprocess
import sys
from pathlib import Path

# What differs from the scene's own settings; in the order in which they are tried.
VARIANTS = {
    "default": [],
    "deviation": ["sac.target_entropy=auto", "sac.target_deviation=0.15"],
    "layer-norm": ["sac.layer_norm=true"],
    "plain": ["sac.layer_norm=false"],
    "four-environments": ["sac.environments=4", "sac.updates_per_step=0.5"],
    "held-noise": ["sac.noise_hold=16"],
    "wide": ["sac.hidden=[128, 128]"],
    "one-step": ["sac.n_step=1"],
    "three-step": ["sac.n_step=3"],
    "four-updates": ["sac.updates_per_step=4", "sac.actor_delay=4", "sac.layer_norm=true"],
}


def finished(run, steps):
    """The last evaluation of a run that has done its steps; None where it has not."""
    try:
        with open(run / "evaluations.csv") as file:
            rows = list(csv.DictReader(file))
    except FileNotFoundError:
        return None
    if not rows or int(rows[-1]["step"]) < steps or not (run / "last.safetensors").exists():
        return None
    return rows[-1]


def train(options, scene, variant, seed):
    """Trains a run to its end, from where it is; false where the command fails."""
    run = options.folder / scene / variant / str(seed)
    if finished(run, options.steps):
        return True
    command = [options.sinew, "train", scene, "--seed", str(seed), "--steps", str(options.steps), "--threads", "1",
               "--resume", "--output", str(run)]
    for setting in [f"evaluate.every={options.steps // 5}", f"evaluate.episodes={options.episodes}", *VARIANTS[variant]]:
        command += ["--set", setting]
    run.parent.mkdir(parents=True, exist_ok=True)
    with open(f"{run}.log", "w") as log:
        code = subprocess.run(command, stdout=log, stderr=subprocess.STDOUT).returncode
    print(f"{scene} {variant} {seed}: {'done' if code == 0 else f'exit code {code}, see {run}.log'}", flush=True)
    return code == 0


def table(options):
    """The figures as a table, a line for each variant of each scene."""
    lines = ["| scene | variant | return at the end: median | lowest | highest | seeds | seconds, median |", "|---|---|---|---|---|---|---|"]
    for scene in options.scenes:
        for variant in options.variants:
            rows = [finished(options.folder / scene / variant / str(seed), options.steps) for seed in options.seeds]
            rows = [row for row in rows if row]
            if not rows:
                continue
            returns = [float(row["mean_return"]) for row in rows]
            seconds = statistics.median(float(row["seconds"]) for row in rows)
            lines.append(f"| {scene} | {variant} | {statistics.median(returns):.0f} | {min(returns):.0f} | {max(returns):.0f} "
                         f"| {len(rows)} | {seconds:.0f} |")
    return "\n".join(lines)


def names(choice):
    """Reads names that stand between commas."""
    def read(text):
        found = text.split(",")
        for name in found:
            if choice and name not in choice:
                raise argparse.ArgumentTypeError(f"'{name}' is none of {', '.join(choice)}")
        return found
    return read


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--variants", type=names(VARIANTS), default=list(VARIANTS))
    parser.add_argument("--scenes", type=names(None), default=["hopper", "cheetah", "quadruped"])
    parser.add_argument("--seeds", type=lambda text: [int(seed) for seed in text.split(",")], default=[100, 101, 102])
    parser.add_argument("--steps", type=int, default=50_000)
    parser.add_argument("--episodes", type=int, default=10, help="episodes of an evaluation")
    parser.add_argument("--folder", type=Path, default=Path("runs/screen"))
    parser.add_argument("--sinew", default=os.environ.get("SINEW", ".build/release/sinew"))
    parser.add_argument("--table", action="store_true", help="train nothing, print what there is")
    options = parser.parse_args()
    failed = 0
    if not options.table:
        for variant in options.variants:
            for scene in options.scenes:
                for seed in options.seeds:
                    failed += not train(options, scene, variant, seed)
    print(table(options))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
