# SPDX-License-Identifier: MIT
"""Damaged files of runs: each is refused, or what comes out is what comes out of the sound file."""
import glob
import os
import shutil

import verbs
from mutants import damage_bytes
from runs import ALGORITHMS, compare, preload, recipe
from trial import REFUSED, Failed

ABOUT = "files of runs cut, bits flipped, bytes inserted, swapped: refused, or the result is that of the sound file"
COUNT = 240
KINDS = ["run.yaml", "state.safetensors", "best.safetensors", "progress.csv", "evaluations.csv", "scene/pendulum.yaml",
         "scene/pendulum.urdf", "policy.safetensors", "policy.onnx", "plot"]


def trial(campaign, index, trial):
    kind = KINDS[index % len(KINDS)]
    if kind.startswith("policy"):
        return policy(campaign, trial, kind)
    if kind == "plot":
        return plot(campaign, trial)
    algorithm = ALGORITHMS[(index // len(KINDS)) % len(ALGORITHMS)]
    run = trial.path("run")
    shutil.copytree(campaign.runs.half[algorithm], run)
    files = sorted(glob.glob(f"{run}/checkpoints/*/{kind}") or glob.glob(f"{run}/{kind}"))
    if not files:
        return f"{kind}: not there yet"
    # Of two checkpoints one may be lost; where both are damaged, alike or not, there is nothing to go on from.
    damaged = files if trial.random.random() < 0.5 else [files[-1]]
    how = [harm(campaign, trial, file, algorithm, kind) for file in damaged]
    return resume(campaign, trial, algorithm, kind, how)


def resume(campaign, trial, algorithm, kind, how):
    outcome = trial.run(*recipe(algorithm), "--output", "run", "--resume", environment=preload(campaign), seconds=60)
    if outcome.code == 0:
        sound = dict(campaign.runs.whole[algorithm, 2]["left"])
        # Rows that were lost are said to be lost; the policies are the same even so.
        warned = f"warning: run/{kind} lost" in outcome.text and sound.pop(kind, None) is not None
        try:
            compare(trial.path("run"), sound, "and nothing was said")
        except Failed as failure:
            raise Failed(f"{algorithm}, {kind} {how}: {failure}") from None
        return f"{kind}: {'rows lost, and said so' if warned else 'taken'}, the same result"
    if outcome.code not in REFUSED or "sinew: " not in outcome.text:
        raise Failed(f"{algorithm}, {kind} {how}: {outcome}")
    return f"{kind}: refused ({outcome.code})"


def harm(campaign, trial, file, algorithm, kind):
    """Damages a file, or puts there that of a run of another algorithm."""
    if trial.random.random() < 0.15:
        other = trial.random.choice([name for name in ALGORITHMS if name != algorithm])
        strangers = glob.glob(f"{campaign.runs.half[other]}/checkpoints/*/{kind}") or glob.glob(f"{campaign.runs.half[other]}/{kind}")
        if strangers:
            shutil.copy(trial.random.choice(strangers), file)
            return f"from a run of {other}"
    data, how = damage_bytes(verbs.read(file), trial.random)
    verbs.write(file, data)
    return how


def policy(campaign, trial, kind):
    """An exported policy is refused, or acts as the sound one does."""
    form = kind.partition(".")[2]
    sound, = campaign.written[f"export {form}"].values()
    data, how = damage_bytes(sound, trial.random)
    words = ["replay", kind, "--episodes", "1", "--json"]
    verbs.write(trial.path(kind), sound)
    expected = trial.must(*words).text
    verbs.write(trial.path(kind), data)
    outcome = trial.run(*words)
    if outcome.code not in {0, 70} | REFUSED:
        raise Failed(f"{kind} {how}: {outcome}")
    same = outcome.text == expected
    if outcome.code == 0 and not same and form == "safetensors":
        raise Failed(f"{kind} {how}: taken, and acts otherwise: {outcome}")
    if outcome.code == 0 and not same:
        # ONNX has no checksum of its own: the format lets any weight be any number. `verify --against` is what finds it.
        campaign.add("altered ONNX", 1)
        return f"{kind}: taken, altered (verify finds it)" if altered(campaign, trial, kind) else f"{kind}: taken, altered"
    return f"{kind}: {'taken, acts the same' if outcome.code == 0 else f'refused ({outcome.code})'}"


def altered(campaign, trial, kind):
    run = campaign.runs.whole["dqn", 2]["run"]
    return trial.run("verify", kind, "--against", os.path.join(run, "best.safetensors"), seconds=60).code != 0


def plot(campaign, trial):
    run = trial.path("run")
    shutil.copytree(campaign.runs.whole["dqn", 2]["run"], run)
    file = os.path.join(run, trial.random.choice(["evaluations.csv", "progress.csv", "run.yaml"]))
    data, how = damage_bytes(verbs.read(file), trial.random)
    verbs.write(file, data)
    outcome = trial.run("plot", "run", "--output", "o.svg", "--show", trial.random.choice(["mean_return", "return", "length"]))
    if outcome.code not in {0} | REFUSED:
        raise Failed(f"plot, {file} {how}: {outcome}")
    return f"plot: {'drawn' if outcome.code == 0 else f'refused ({outcome.code})'}"
