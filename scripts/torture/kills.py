# SPDX-License-Identifier: MIT
"""SIGKILL in every phase of every algorithm: each run is resumed to its end, and leaves the bytes of the run never killed."""
import os
import signal
import time

from runs import ALGORITHMS, acted, compare, preload, recipe
from trial import Failed, end

ABOUT = "SIGKILL before or after a call, at random times, in evaluations, of parents and children of --seeds"
COUNT = 84
PHASES = ["before", "after", "call", "time", "evaluation", "child", "parent"]
# The calls that a run makes more than a handful of; the others come in by `any`.
CALLS = ["write", "fsync", "rename", "open", "mkdir", "unlink", "any"]


def trial(campaign, index, trial):
    algorithm = ALGORITHMS[index % len(ALGORITHMS)]
    phase = PHASES[(index // len(ALGORITHMS)) % len(PHASES)]
    whole = campaign.runs.whole[algorithm, 30 if phase == "evaluation" else 2]
    if phase in ("child", "parent"):
        return seeds(trial, algorithm, phase)
    arguments = recipe(algorithm, episodes=30 if phase == "evaluation" else 2) + ["--output", "run", "--resume"]
    kills, words = 0, []
    # The second and third kill hit a run that is being resumed.
    for _ in range(trial.random.choice([1, 1, 2, 3])):
        if phase in ("time", "evaluation"):
            killed = at_time(trial, arguments, whole["seconds"])
        else:
            killed = at_call(trial, arguments, phase, whole["counts"])
        kills += killed
        words.append(open(trial.path("words")).read())
    words.append(trial.must(*arguments, environment=preload(campaign)).text)
    compare(trial.path("run"), whole["left"], f"after {kills} kills ({algorithm}, {phase})")
    if any("damaged" in text for text in words):
        raise Failed(f"a kill left what the run calls damaged: {' '.join(words)[-300:]}")
    campaign.add("kills", kills)
    return f"{algorithm}: {kills} kills" if kills else "ended before the kill"


def at_call(trial, arguments, phase, calls):
    call = trial.random.choice([name for name in CALLS if calls[name] > 0])
    moment = trial.random.choice(["before", "after"]) if phase == "call" else phase
    log = trial.path("log")
    if os.path.exists(log):
        os.remove(log)
    order = f"{call}:{trial.random.randint(1, calls[call])}:{moment}"
    outcome = trial.run(*arguments, environment=preload(trial.campaign, order, log), seconds=60)
    if outcome.code not in ((-9,) if acted(log) else (0,)):
        raise Failed(f"{order}: {outcome}")
    return int(outcome.code == -9)


def at_time(trial, arguments, seconds):
    process = trial.start(*arguments, environment=preload(trial.campaign))
    time.sleep(trial.random.uniform(0, seconds))
    end(process)
    outcome = trial.wait(process)
    if outcome.code not in (0, -9):
        raise Failed(f"{outcome}")
    return int(outcome.code == -9)


def seeds(trial, algorithm, victim):
    """Kills the parent or a child of a run of two seeds; the same command then brings both to their ends."""
    campaign = trial.campaign
    arguments = recipe(algorithm) + ["--output", "run", "--resume"]
    at = arguments.index("--seed")
    arguments[at:at + 2] = ["--seeds", "3,4"]
    whole = campaign.runs.whole[algorithm, 2]
    if victim == "child":
        call = trial.random.randint(1, whole["counts"]["any"])
        environment = preload(campaign, f"any:{call}:before", child=True)
        outcome = trial.run(*arguments, environment=environment, seconds=60)
        killed = int(outcome.code != 0)
        if outcome.code == 0 and not os.path.exists(trial.path("run", "seed-3", "last.safetensors")):
            raise Failed(f"says that all is well: {outcome}")
    else:
        process = trial.start(*arguments, environment=preload(campaign))
        time.sleep(trial.random.uniform(0, 1.5 * whole["seconds"]))
        os.kill(process.pid, signal.SIGKILL)
        killed = int(trial.wait(process, 60).code == -9)
        deadline = time.monotonic() + 60
        while at_work(trial.folder):
            if time.monotonic() > deadline:
                raise Failed("children of a killed parent go on for a minute")
            time.sleep(0.02)
    trial.must(*arguments, environment=preload(campaign))
    compare(trial.path("run", "seed-3"), whole["left"], f"after a kill of a {victim} ({algorithm})")
    campaign.add("kills", killed)
    return f"{victim} of --seeds: {killed} kills" if killed else "ended before the kill"


def at_work(folder):
    """Whether a process still stands in a folder: children of a killed parent end their runs, in groups of their own."""
    for process in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.readlink(f"/proc/{process}/cwd") == folder:
                return True
        except OSError:
            pass
    return False
