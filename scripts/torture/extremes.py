# SPDX-License-Identifier: MIT
"""Every numeric key of scenes and algorithms at each of its ends and beyond: an error or a run, never a crash or a hang."""
import copy
import json
import os
import shutil
import signal
import time

from trial import REFUSED, Failed

ABOUT = "each numeric key of Scenes/scene.schema.json at its ends and beyond: an error or a run"
COUNT = 240
# A run that is no error is asked to stop after this time, and must have stopped after the second.
SECONDS, STOPPING = 10, 15
FAR = [0, -0.0, -1, 1, 1e308, -1e308, 5e-324, 1e-300, 2**31, 2**53 + 1, 2**63, 10**30, ".nan", ".inf", "-.inf", 0.5]
# What a key stands beside: a small scene of a hopper on the ground.
SCENE = {
    "format": 1, "summary": "A hopper.", "robot": "hopper.urdf", "base": "planar", "physics": {"time_step": 0.002, "substeps": 4},
    "ground": {"friction": 1}, "evaluate": {"every": 60, "episodes": 1},
    "start": {"position": [0, 0, 1.25]},
    "actuators": [{"joints": ["thigh", "leg", "foot"], "kind": "torque", "gear": 100}], "episode": {"steps": 50},
    "observation": [{"term": "joint_positions"}, {"term": "joint_velocities"}], "reward": [{"term": "alive", "weight": 1}],
}


def keys(schema, path=()):
    """All (path, schema) of numbers: a name is a key, 0 the first of a list."""
    if "number" in (kinds := wrap(schema.get("type", []))) or "integer" in kinds:
        if "string" not in kinds:
            yield path, schema
    for name, inner in schema.get("properties", {}).items():
        yield from keys(inner, (*path, name))
    for form in ("anyOf", "oneOf", "allOf"):
        for inner in schema.get(form, []):
            # What a variant demands beside the key stands in the path's own entry.
            for found, leaf in keys(inner, path):
                yield found, {**leaf, "beside": [(path, inner)] + leaf.get("beside", [])}
    for form, step in (("items", 0), ("additionalProperties", "thigh")):
        if isinstance(schema.get(form), dict):
            yield from keys(schema[form], (*path, step))


def wrap(value):
    return value if isinstance(value, list) else [value]


def values(leaf):
    found = list(FAR)
    for end in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
        if end in leaf:
            found += [leaf[end], leaf[end] - 1, leaf[end] + 1, leaf[end] * (1 + 1e-12), leaf[end] / 2]
    return found


def least(schema):
    """The least value that a schema allows, to stand where something must."""
    for form in ("anyOf", "oneOf"):
        if form in schema:
            return least(schema[form][0])
    if "enum" in schema:
        return schema["enum"][0]
    kind = wrap(schema.get("type", "number"))[0]
    if kind == "object":
        return {name: least(schema["properties"][name]) for name in schema.get("required", [])}
    if kind == "array":
        return [least(schema.get("items", {}))] * schema.get("minItems", 1)
    if kind == "string":
        return "thigh"
    return kind == "boolean" or schema.get("minimum", 1)


def put(scene, schema, path, leaf, value):
    """Sets the value at a path, and what must stand beside it where nothing does."""
    place, at = scene, ()
    for step, following in zip(path, (*path[1:], None)):
        for where, variant in leaf.get("beside", []):
            if where == at and isinstance(place, dict):
                for name in variant.get("required", []):
                    place.setdefault(name, least(variant["properties"][name]))
        schema = below(schema, step)
        if following is None:
            new = value
        elif isinstance(place, list):
            new = place[0] if place and isinstance(place[0], (dict, list)) else least(schema)
        else:
            new = place.get(step) if isinstance(place.get(step), (dict, list)) else least(schema)
        if following is not None and not isinstance(new, list if following == 0 else dict):
            new = [] if following == 0 else {}
        if isinstance(place, list):
            place[:1] = [new]
        else:
            place[step] = new
        place, at = new, (*at, step)


def below(schema, step):
    inner = schema.get("items", {}) if step == 0 else schema.get("properties", {}).get(step) or schema.get("additionalProperties", {})
    return inner if isinstance(inner, dict) else {}


def trial(campaign, index, trial):
    home = campaign.environment["SINEW_HOME"]
    with open(f"{home}/Scenes/scene.schema.json") as file:
        schema = json.load(file)
    every = [(path, leaf, value) for path, leaf in keys(schema) for value in values(leaf)]
    path, leaf, value = every[trial.random.randrange(len(every))]
    scene = copy.deepcopy(SCENE)
    put(scene, schema, path, leaf, value)
    shutil.copy(f"{home}/Robots/hopper.urdf", trial.folder)
    with open(trial.path("extreme.yaml"), "w") as file:
        file.write(json.dumps(scene, indent=1).replace('".nan"', ".nan").replace('".inf"', ".inf").replace('"-.inf"', "-.inf"))
    algorithm = path[1] if path[0] == "train" and len(path) > 2 and isinstance(path[1], str) else "sac"
    name = f"{'.'.join(map(str, path))} = {value}"
    return run(trial, algorithm, name, [] if path[:2] == ("train", algorithm) and path[2] == "steps" else ["--steps", "60"])


def run(trial, algorithm, name, steps):
    process = trial.start("train", "./extreme.yaml", "--algorithm", algorithm, *steps, "--output", "run")
    deadline, stopped = time.monotonic() + SECONDS, False
    while time.monotonic() < deadline and os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        time.sleep(0.01)
    if os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        stopped = True
        os.kill(process.pid, signal.SIGTERM)
    try:
        outcome = trial.wait(process, SECONDS + STOPPING)
    except Failed as failure:
        raise Failed(f"{name}: {failure}") from None
    if outcome.code not in {0, 70, 143} | REFUSED:
        raise Failed(f"{name}: {outcome}")
    return f"{path_kind(name)}: {'stopped when asked' if stopped else {0: 'ran', 70: 'diverged'}.get(outcome.code, 'refused')}"


def path_kind(name):
    return name.split(".")[0].split(" ")[0]
