#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Learning beside peers on Sinew's own scenes, through its Python package: return against steps and against seconds, by equal rules.

    .venv-peers/bin/python Benchmarks/learning.py [SCENE ...] [--learners sinew,sb3,sbx] [--seeds 0,1,2] [--page docs/results.md]

One run after the other, each on one thread. A run is a folder runs/learning/LEARNER-SCENE-SEED with evaluations.csv as `sinew train` writes it, so that
`sinew plot` draws it; a folder that is complete is kept, and what was stopped amid a run begins again with it. Every evaluation is of ten episodes from
starts that are the same each time, without exploration; Sinew's are other starts than the peers'. `processor_seconds` are those of learning alone for the
peers; for Sinew, those of the whole process, its evaluations too, spread evenly over its steps. What else the machine does changes them little.

Needs the package sinew, installed or by PYTHONPATH=Python and SINEW_LIBRARY, and Benchmarks/peers/requirements.txt.
"""
import argparse
import csv
import json
import math
import os
import re
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

from tables import ROOT, markdown, number, put

SINEW = os.environ.get("SINEW", str(ROOT / ".build" / "release" / "sinew"))
# Control steps of a run; twenty evaluations each.
STEPS = {"pendulum": 20_000, "hopper": 100_000, "walker": 100_000, "cheetah": 100_000, "ant": 100_000}
EVALUATION_EPISODES, FIRST_SEED = 10, 1_000_000

# rl-zoo3's settings of SAC for MuJoCo's robots and for the pendulum; what is not named is Stable-Baselines3's own.
ZOO = {"learning_starts": 10_000}
ZOO_PENDULUM = {"learning_rate": 1e-3}


def zoo(scene):
    return ZOO_PENDULUM if scene == "pendulum" else ZOO


def zoo_as_ours(scene):
    """The same settings in Sinew's names."""
    rate = zoo(scene).get("learning_rate", 3e-4)
    return ["sac.hidden=[256,256]", "sac.batch=256", f"sac.learning_rate={rate}", f"sac.warm_up={zoo(scene).get('learning_starts', 100)}",
            "sac.n_step=1", "sac.layer_norm=false", "sac.normalise_observations=false"]


def ours_as_theirs(scene, seed, kept):
    """The settings of our own run as far as Stable-Baselines3 has them: no layer norm, no normalised observations."""
    run("sinew", scene, seed, kept)
    text = (kept / f"sinew-{scene}-{seed}" / "run" / "run.yaml").read_text()
    own = {name: json.loads(value) for name, value in re.findall(r"^    (hidden|batch|learning_rate|warm_up|n_step): (.*)$", text, re.M)}
    return {"learning_starts": own["warm_up"], "batch_size": own["batch"], "learning_rate": own["learning_rate"], "n_steps": own["n_step"],
            "policy_kwargs": {"net_arch": own["hidden"]}}


def by_sinew(more):
    def train(scene, seed, folder):
        sets = [part for setting in [f"evaluate.every={STEPS[scene] // 20}", f"evaluate.episodes={EVALUATION_EPISODES}", *more(scene)]
                for part in ("--set", setting)]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([SINEW, "train", scene, "--seed", str(seed), "--steps", str(STEPS[scene]), "--threads", "1", "--output", str(folder / "run"), *sets],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={"SINEW_HOME": str(ROOT), **os.environ})
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        with open(folder / "run" / "evaluations.csv") as file:
            rows = [{"step": int(row["step"]), "mean_return": float(row["mean_return"])} for row in csv.DictReader(file)]
        # Its evaluations are within: as many steps again or more, but of the simulation alone.
        return [{**row, "processor_seconds": spent * row["step"] / STEPS[scene]} for row in rows]
    return train


def by_peer(library, settings):
    def train(scene, seed, folder):
        import torch
        if library == "sbx":
            from sbx import SAC
        else:
            from stable_baselines3 import SAC
        from sinew.stable_baselines3 import SinewVecEnv

        torch.set_num_threads(1)
        worlds, seen = SinewVecEnv(scene, 1), SinewVecEnv(scene, 1)
        worlds.seed(seed)
        agent = SAC("MlpPolicy", worlds, seed=seed, device="cpu", **settings(scene, seed, folder.parent))
        every, rows, spent = STEPS[scene] // 20, [], 0.0
        for step in range(every, STEPS[scene] + 1, every):
            start = time.process_time()
            agent.learn(every, reset_num_timesteps=step == every, log_interval=1 << 30)
            spent += time.process_time() - start
            rows.append({"step": step, "mean_return": score(agent, seen), "processor_seconds": spent})
            print(f"{folder.name}: {step} steps, {rows[-1]['mean_return']:.1f}, {spent:.0f} s", flush=True)
        return rows
    return train


def score(agent, worlds):
    returns = []
    for episode in range(EVALUATION_EPISODES):
        worlds.seed(FIRST_SEED + episode)
        observation, total, over = worlds.reset(), 0.0, [False]
        while not over[0]:
            action, _ = agent.predict(observation, deterministic=True)
            observation, reward, over, _ = worlds.step(action)
            total += float(reward[0])
        returns.append(total)
    return statistics.fmean(returns)


LEARNERS = {
    "sinew": ("Sinew, the scene's settings", by_sinew(lambda scene: [])),
    "sinew-zoo": ("Sinew, rl-zoo3's settings", by_sinew(zoo_as_ours)),
    "sb3": ("Stable-Baselines3, rl-zoo3's settings", by_peer("sb3", lambda scene, *_: zoo(scene))),
    "sb3-ours": ("Stable-Baselines3, the scene's settings", by_peer("sb3", ours_as_theirs)),
    "sbx": ("SBX, rl-zoo3's settings", by_peer("sbx", lambda scene, *_: zoo(scene))),
}


def run(learner, scene, seed, kept):
    """The rows of a run, kept or made."""
    folder = kept / f"{learner}-{scene}-{seed}"
    file = folder / "evaluations.csv"
    if not file.exists():
        subprocess.run(["rm", "-rf", str(folder)], check=True)
        folder.mkdir(parents=True)
        rows = LEARNERS[learner][1](scene, seed, folder)
        (folder / "run.yaml").write_text(f"format: 1\nscene: {json.dumps(scene)}\nalgorithm: sac\nseed: {seed}\n")
        part = file.with_suffix(".part")
        with open(part, "w") as out:
            writer = csv.DictWriter(out, ["step", "mean_return", "processor_seconds"])
            writer.writeheader()
            writer.writerows(rows)
        part.rename(file)
    with open(file) as text:
        return [{name: float(value) for name, value in row.items()} for row in csv.DictReader(text)]


def line(learner, scene, runs, median_of_sb3):
    """What the table says of a learner on a scene: its last returns, their median, and when each run first reached Stable-Baselines3's median."""
    last = [rows[-1]["mean_return"] for rows in runs]
    firsts = []
    if median_of_sb3 is not None:
        firsts = [next((row for row in rows if row["mean_return"] >= median_of_sb3), None) for rows in runs]
    # One that never reached it comes after all that did.
    seconds = statistics.median([math.inf if row is None else row["processor_seconds"] for row in firsts] or [math.inf])
    return [scene, LEARNERS[learner][0], ", ".join(map(number, last)), f"**{number(statistics.median(last))}**",
            ", ".join("never" if row is None else f"{row['step']:,.0f}" for row in firsts),
            f"{seconds:.0f}" if math.isfinite(seconds) else "",
            f"{statistics.median(rows[-1]['processor_seconds'] for rows in runs):.0f}"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenes", nargs="*", default=list(STEPS), metavar="SCENE", help=f"of {', '.join(STEPS)}")
    parser.add_argument("--learners", type=lambda text: text.split(","), default=list(LEARNERS), help=f"of {', '.join(LEARNERS)}")
    parser.add_argument("--seeds", type=lambda text: list(map(int, text.split(","))), default=[0, 1, 2])
    parser.add_argument("--kept", type=Path, default=ROOT / "runs/learning")
    parser.add_argument("--table", action="store_true", help="make no run; show those that are there")
    parser.add_argument("--page", help="a page that has a place for the table")
    options = parser.parse_args()
    if unknown := (set(options.scenes) - set(STEPS)) | (set(options.learners) - set(LEARNERS)):
        parser.error(f"{', '.join(sorted(unknown))}: scenes are {', '.join(STEPS)}, learners {', '.join(LEARNERS)}")
    found = {}
    for seed in options.seeds:
        for scene in options.scenes:
            for learner in options.learners:
                if options.table and not (options.kept / f"{learner}-{scene}-{seed}" / "evaluations.csv").exists():
                    continue
                found.setdefault((scene, learner), []).append(run(learner, scene, seed, options.kept))
    rows = []
    for scene in options.scenes:
        theirs = found.get((scene, "sb3"))
        median = statistics.median(rows_[-1]["mean_return"] for rows_ in theirs) if theirs else None
        rows += [line(learner, scene, found[scene, learner], median) for learner in options.learners if (scene, learner) in found]
    table = markdown(["scene", "learner", "last return of each seed", "median", "first at Stable-Baselines3's median, step of each",
                      "the same, processor seconds (median)", "processor seconds of a run"], rows)
    print(table)
    if options.page:
        put(options.page, "learning", table)


if __name__ == "__main__":
    sys.exit(main())
