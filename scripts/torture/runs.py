# SPDX-License-Identifier: MIT
"""The short runs that are disturbed, and what must be left of each: the bytes of the run that nothing disturbed."""
import os
import re
import time

from trial import Cache, Failed, Trial

SMALL = {
    "sac": {"warm_up": 40, "batch": 8, "hidden": "[8]"},
    "dqn": {"warm_up": 40, "batch": 8, "hidden": "[8]"},
    "a2c": {"hidden": "[8]", "environments": 2},
    "q-learning": {},
}
# Every algorithm that train names, and A2C with discrete actions beside that with continuous ones.
ALGORITHMS = ["sac", "dqn", "double-dqn", "a2c", "a2c-torques", "q-learning", "double-q-learning"]
# Looks at the clock add to it, so that a run of a quarter of a second writes a handful of checkpoints.
CLOCK = "4000000"


def recipe(algorithm, steps=240, every=60, episodes=2):
    """The arguments of a short training of the pendulum."""
    name = algorithm.removesuffix("-torques")
    settings = SMALL[name.removeprefix("double-")] | ({"torques": 3} if name != algorithm else {})
    found = ["train", "pendulum", "--algorithm", name, "--steps", str(steps), "--seed", "3", "--threads", "1"]
    for key, value in {"evaluate.every": every, "evaluate.episodes": episodes}.items():
        found += ["--set", f"{key}={value}"]
    for key, value in settings.items():
        found += ["--set", f"{name}.{key}={value}"]
    return found


def preload(campaign, order=None, log=None, child=False, clock=CLOCK):
    found = {"LD_PRELOAD": campaign.library, "TORTURE_CLOCK": clock}
    if order:
        found["TORTURE_AT"] = order
    if log:
        found["TORTURE_LOG"] = log
    if child:
        found["TORTURE_CHILD"] = "1"
    return found


def counts(log):
    """The calls of each kind that the last process of a log counted."""
    with open(log) as file:
        words = [line.split() for line in file if not line.startswith("acted")][-1]
    return {name: int(count) for name, count in zip(words[::2], words[1::2])}


def acted(log):
    """Whether a call was disturbed: a run may end before its turn comes."""
    return os.path.exists(log) and "acted" in open(log).read()


def left(run):
    """What a run leaves: the bytes of its policies, and of its logs without their seconds."""
    found = {}
    for name in ["best.safetensors", "last.safetensors", "evaluations.csv", "progress.csv"]:
        with open(os.path.join(run, name), "rb") as file:
            data = file.read()
        found[name] = re.sub(rb",[^,\n]*\n", b"\n", data) if name.endswith(".csv") else data
    return found


def compare(run, whole, why, spare=0):
    """Fails where a run that was disturbed left anything else than the one that was not."""
    found = left(run)
    for name, data in whole.items():
        if data != found[name]:
            raise Failed(f"{name} differs from the undisturbed run's {why}")
    partial = [name for _, folders, files in os.walk(run) for name in folders + files if name.endswith(".partial")]
    if len(partial) > spare:
        raise Failed(f"{partial} is left {why}")
    kept = os.listdir(os.path.join(run, "checkpoints"))
    if not 1 <= len(kept) <= 2 + spare:
        raise Failed(f"{len(kept)} checkpoints are left {why}")


class Runs:
    """Undisturbed runs, each made once: (algorithm, episodes of an evaluation) -> what it left, its calls, its seconds."""

    def __init__(self, campaign):
        self.campaign = campaign
        self.whole = Cache(self.make)
        self.half = Cache(self.stop)

    def make(self, key):
        algorithm, episodes = key
        trial = Trial(self.campaign, "whole", f"{algorithm}-{episodes}")
        os.makedirs(trial.folder, exist_ok=True)
        log, begin = trial.path("log"), time.monotonic()
        trial.must(*recipe(algorithm, episodes=episodes), "--output", "run", environment=preload(self.campaign, log=log))
        run = trial.path("run")
        return {"run": run, "left": left(run), "counts": counts(log), "seconds": time.monotonic() - begin}

    def stop(self, algorithm):
        """The folder of a run that was killed half way, to be copied and resumed."""
        trial = Trial(self.campaign, "half", algorithm)
        os.makedirs(trial.folder, exist_ok=True)
        middle = self.whole[algorithm, 2]["counts"]["any"] * 2 // 3
        environment = preload(self.campaign, f"any:{middle}:before")
        if trial.run(*recipe(algorithm), "--output", "run", environment=environment).code != -9:
            raise Failed("the run that was to be killed half way was not")
        return trial.path("run")
