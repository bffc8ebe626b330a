# SPDX-License-Identifier: MIT
"""Policies of finished runs, scored in Sinew and, as ONNX by ONNX Runtime, in the environments of Gymnasium.

What was measured is kept in a file for each figure, with the policy's checksum: what is done is not done again.
"""
import hashlib
import json
import os
import re
import statistics
import subprocess
import sys
from pathlib import Path

import gymnasium
import mujoco
import numpy as np
import onnxruntime

from tables import ROOT

mujoco.set_mju_user_warning(lambda text: None)  # Gymnasium's models have attributes that MuJoCo is about to drop
SINEW = os.environ.get("SINEW", str(ROOT / ".build" / "release" / "sinew"))
EPISODES, FIRST_SEED = 100, 1000

# Gymnasium's environments as they are; of the ant's observation, its contact forces are left out, as its own option does.
TWINS = {
    "hopper": ("Hopper-v5", {}),
    "walker": ("Walker2d-v5", {}),
    "cheetah": ("HalfCheetah-v5", {}),
    "ant": ("Ant-v5", {"include_cfrc_ext_in_observation": False}),
    "inverted-pendulum": ("InvertedPendulum-v5", {}),
    "inverted-double-pendulum": ("InvertedDoublePendulum-v5", {}),
    "reacher": ("Reacher-v5", {}),
    "pendulum": ("Pendulum-v1", {}),
}


def runs(folder, scenes, seeds):
    """The runs SCENE-SEED of a folder: scene, seed, path."""
    for scene in scenes:
        if scene not in TWINS:
            raise SystemExit(f"{scene}: Gymnasium has no twin of it; those of {', '.join(TWINS)} can be compared")
        for seed in seeds:
            if (Path(folder) / f"{scene}-{seed}" / "best.safetensors").exists():
                yield scene, seed, Path(folder) / f"{scene}-{seed}"


def sinew(*arguments):
    """Runs the command. The files that it exports are verified by this Python's ONNX Runtime."""
    environment = {"SINEW_HOME": str(ROOT), "SINEW_PYTHON": sys.executable, **os.environ}
    done = subprocess.run([SINEW, *map(str, arguments)], capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        raise SystemExit(f"sinew {' '.join(map(str, arguments))}\n{done.stderr.strip()[-2000:]}")
    return done.stdout


def kept(file, run, measure, **identity):
    """What `measure` gives, or gave before for the same policy under the same conditions."""
    identity = {"policy": hashlib.sha256((run / "best.safetensors").read_bytes()).hexdigest(), **identity}
    if file.exists():
        found = json.loads(file.read_text())
        if found["identity"] == identity:
            return found["figures"]
    figures = measure()
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    part.write_text(json.dumps({"identity": identity, "figures": figures}, indent=1) + "\n")
    part.rename(file)
    return figures


def summary(returns, lengths, terminated):
    return {"mean_return": statistics.fmean(returns), "std_return": statistics.pstdev(returns), "episodes": len(returns),
            "mean_length": statistics.fmean(lengths), "terminated": terminated}


# ---- Sinew

def score(run, folder, episodes, finer=1):
    """The policy in its run's own scene, with physics steps of 1/finer of the scene's."""
    scene = next((run / "scene").glob("*.yaml"))
    text = scene.read_text()

    def measure():
        asked = ["--episodes", episodes, "--seed", FIRST_SEED, "--json"]
        if finer > 1:
            asked += ["--scene", refine(scene, text, folder / f"{run.name}-{finer}", finer)]
        result = json.loads(sinew("replay", run, *asked))
        return {key: result[key] for key in ("mean_return", "std_return", "episodes", "mean_length", "terminated")}

    return kept(folder / f"{run.name}.sinew-{finer}.json", run, measure, episodes=episodes, first_seed=FIRST_SEED,
                scene=hashlib.sha256(text.encode()).hexdigest(), finer=finer,
                sinew=hashlib.sha256(Path(SINEW).read_bytes()).hexdigest())


def refine(scene, text, folder, finer):
    """A copy of a scene and its robot whose control step is as long, of more physics steps."""
    def replace(pattern, make):
        nonlocal text
        text, count = re.subn(pattern, lambda match: match[1] + make(match[2]), text)
        if count != 1:
            raise SystemExit(f"{scene}: {count} keys are like {pattern}; this script changes one")

    replace(r"(\btime_step:\s*)([\d.e-]+)", lambda value: repr(float(value) / finer))
    replace(r"(\bsubsteps:\s*)(\d+)", lambda value: str(int(value) * finer))
    folder.mkdir(parents=True, exist_ok=True)
    robot = re.search(r"^robot:\s*(\S+)", text, re.MULTILINE)[1]
    (folder / robot).write_bytes((scene.parent / robot).read_bytes())
    (folder / scene.name).write_text(text)
    return folder / scene.name


# ---- Gymnasium

def score_in_gymnasium(scene, run, folder, episodes, finer=1):
    """The policy as ONNX in Gymnasium's environment, with physics steps of 1/finer of that environment's."""
    file = folder / f"{run.name}.gymnasium-{finer}.json"
    versions = {"gymnasium": gymnasium.__version__, "mujoco": mujoco.__version__}
    return kept(file, run, lambda: roll_out(scene, run, folder, episodes, finer), episodes=episodes,
                first_seed=FIRST_SEED, finer=finer, **versions)


def roll_out(scene, run, folder, episodes, finer):
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{run.name}.onnx"
    file.unlink(missing_ok=True)
    sinew("export", run, "--format", "onnx", "--output", file)
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = settings.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(file), settings, providers=["CPUExecutionProvider"])
    contract = json.loads(session.get_modelmeta().custom_metadata_map["contract"])
    name, options = TWINS[scene]
    environment = gymnasium.make(name, **options)
    if finer > 1:
        environment.unwrapped.model.opt.timestep /= finer
        environment.unwrapped.frame_skip *= finer
    observe, gear = observation_of(scene, contract), gear_of(environment, contract)
    space = environment.action_space
    returns, lengths, terminations = [], [], 0
    for episode in range(episodes):
        observation, _ = environment.reset(seed=FIRST_SEED + episode)
        total, length, is_over = 0.0, 0, False
        while not is_over:
            action = session.run(None, {"observation": observe(observation)})[0][0] / gear
            observation, reward, terminated, truncated, _ = environment.step(np.clip(action, space.low, space.high))
            total, length, is_over = total + float(reward), length + 1, terminated or truncated
        returns.append(total)
        lengths.append(length)
        terminations += bool(terminated)
    return summary(returns, lengths, terminations)


def gear_of(environment, contract):
    """Our actions are N m or N, Gymnasium's shares of each motor's gear; the pendulum's are N m there too."""
    model = getattr(environment.unwrapped, "model", None)
    gear = np.ones(1) if model is None else model.actuator_gear[:, 0]
    ours, theirs = np.array([abs(action["scale"]) for action in contract["actions"]]), gear * environment.action_space.high
    if ours.shape != theirs.shape or not np.allclose(ours, theirs, rtol=1e-6):
        raise SystemExit(f"{environment.spec.id}: efforts up to {theirs}, the policy's up to {ours}")
    return gear.astype(np.float32)


def observation_of(scene, contract):
    """What the policy observes of what Gymnasium's environment shows."""
    names = [observation["name"] for observation in contract["observations"]]

    def observe(observation):
        row = np.asarray(observation, np.float32)
        if scene == "cheetah" and names[0] == "base_position.z":
            row = row.copy()
            row[0] += 0.7  # in runs of version 1 the height of the torso above the ground
        if scene == "inverted-double-pendulum":
            row = row[:8]  # without the constraint force on the cart
        if len(row) != len(names):
            raise SystemExit(f"{scene}: {len(row)} observations, the policy has {len(names)}")
        return row[None]

    return observe
