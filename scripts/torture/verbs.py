# SPDX-License-Identifier: MIT
"""The verbs that write, each with what it needs before and what it leaves: for failing calls and for full disks."""
import os
import shutil

from runs import ALGORITHMS, compare, left, recipe
from trial import Cache, Failed, Trial

VERBS = [*(f"train {name}" for name in ALGORITHMS), *(f"resume {name}" for name in ALGORITHMS),
         "export safetensors", "export onnx", "export c", "scenes --new", "plot", "replay --record"]
# What a verb writes that is no run; the other verbs write `run`.
TARGETS = {"export safetensors": ["o.safetensors"], "export onnx": ["o.onnx"], "export c": ["o"], "scenes --new": ["o.yaml"],
           "plot": ["o.svg"], "replay --record": ["o.safetensors", "o.svg"]}


def arguments(verb, campaign):
    """The command's words, which write into the folder where they run."""
    run = campaign.runs.whole["dqn", 2]["run"]
    name, _, what = verb.partition(" ")
    if name in ("train", "resume"):
        return [*recipe(what), "--output", "run", "--resume"]
    if name == "export":
        return ["export", run, "--format", what, "--output", TARGETS[verb][0], "--force"]
    if name == "scenes":
        return ["scenes", "--new", "hopper.urdf", "--output", "o.yaml", "--force"]
    if name == "plot":
        return ["plot", run, "--output", "o.svg", "--force"]
    return ["replay", run, "--episodes", "1", "--record", "o.safetensors", "--force"]


def prepare(verb, campaign, folder, old):
    """Puts there what the verb finds: a run to resume, or with `old` files that it is to replace."""
    name, _, what = verb.partition(" ")
    if name == "resume":
        shutil.copytree(campaign.runs.half[what], os.path.join(folder, "run"))
    if name == "scenes":
        shutil.copy(os.path.join(campaign.environment["SINEW_HOME"], "Robots/hopper.urdf"), folder)
    if verb in TARGETS and old:
        for target in TARGETS[verb]:
            kept = campaign.written[verb][target]
            path = os.path.join(folder, target)
            if isinstance(kept, dict):
                os.mkdir(path)
                for file in kept:
                    write(os.path.join(path, file), b"old " + file.encode())
            else:
                write(path, b"old " + target.encode())


def write(path, data):
    with open(path, "wb") as file:
        file.write(data)


def read(path):
    """The bytes of a file, or those of the files of a folder, or None where nothing is."""
    if os.path.isdir(path):
        return {name: read(os.path.join(path, name)) for name in sorted(os.listdir(path))}
    if not os.path.exists(path):
        return None
    with open(path, "rb") as file:
        return file.read()


def written(campaign):
    """What each verb that writes no run leaves when nothing disturbs it."""
    def make(verb):
        trial = Trial(campaign, "written", verb.replace(" ", "-"))
        os.makedirs(trial.folder, exist_ok=True)
        prepare(verb, campaign, trial.folder, old=False)
        trial.must(*arguments(verb, campaign))
        return {target: read(trial.path(target)) for target in TARGETS[verb]}
    return Cache(make)


def check_state(verb, campaign, folder, old, done, call=None):
    """Each file is the old one or the new one, and nothing else lies there; where the verb is done, all are new."""
    name, _, what = verb.partition(" ")
    if name in ("train", "resume"):
        if done:
            # What one call could not remove, or not look for, may stay.
            spare = 1 if call in ("unlink", "open") else 0
            compare(os.path.join(folder, "run"), campaign.runs.whole[what, 2]["left"], "though it says that it is done", spare)
        return
    for target, new in campaign.written[verb].items():
        found = read(os.path.join(folder, target))
        if isinstance(new, dict):
            check_files(f"{target}/", found or {}, new, old, done)
        else:
            check_files("", {target: found} if found is not None else {}, {target: new}, old, done)
    known = {target for target in TARGETS[verb]} | {"words", "log", "hopper.urdf"}
    # What could not be removed when its removal was made to fail stays: the next command takes it away.
    if strange := [file for file in os.listdir(folder) if file not in known and not file.endswith(".partial")]:
        raise Failed(f"leaves {strange}")


def check_files(before, found, new, old, done):
    for file, data in new.items():
        states = [data] if done else [data, b"old " + (file if before else file).encode() if old else None]
        if found.get(file) not in states:
            size = "none" if found.get(file) is None else f"{len(found[file])} bytes"
            raise Failed(f"{before}{file} is neither old nor new ({size} of {len(data)})")


def finish(verb, campaign, trial, environment=None):
    """Once more, undisturbed: it gets done, leaves the same bytes, and nothing that a disturbed one left."""
    trial.must(*arguments(verb, campaign), environment=environment)
    check_state(verb, campaign, trial.folder, False, True)
    if partial := [file for file in os.listdir(trial.folder) if file.endswith(".partial")]:
        raise Failed(f"leaves {partial} even after it was done again")
