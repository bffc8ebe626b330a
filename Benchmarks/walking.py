# SPDX-License-Identifier: MIT
"""How runs walk: speed, falls, and which links touch the ground how much of the time.

    PYTHONPATH=Python SINEW_LIBRARY=.build/release/libSinewC.so SINEW_HOME=. python Benchmarks/walking.py RUN ... [--episodes 20]

Each run's best policy acts in the run's own scene, in episodes that training did not see. What is measured is put at the end of the
scene's observation, in a copy of it, and kept from the policy. A foot is a link that the scene's reward names as one, or that --feet
does; it touches in a control step where it is pressed with more than 1 N in the mean over that.

With --bar each run is judged, as `make walking` does: at least nine tenths of the commanded speed, no fall, nothing but feet on the
ground, no foot there for more than 90 % of the time. The exit code is 1 where a run fails. --minutes bounds the run's own time.
"""
import argparse
import csv
import json
import re
import shutil
import statistics
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import sinew

FIRST_SEED = 1000
FOOT_TERMS = "feet_air_time|feet_gait|foot_slip|foot_clearance"


def touchable(robot):
    """The links of a URDF or MJCF file that have shapes to touch with."""
    root = ElementTree.parse(robot).getroot()
    if root.tag == "robot":
        return [link.get("name") for link in root.iter("link") if link.find("collision") is not None]
    solid = lambda geom: geom.get("class") not in ("visual",) and geom.get("contype") != "0"
    return [body.get("name") for body in root.iter("body") if any(solid(geom) for geom in body.findall("geom"))]


def feet_of(text):
    """The links that the scene's reward names as feet."""
    found = re.search(rf"term: (?:{FOOT_TERMS}),[^\n]*?links: \[([^\]]*)\]", text)
    return [name.strip() for name in found.group(1).split(",")] if found else []


def observation_of(text):
    """The lines of what the policy sees; a critic may see its own velocity."""
    return re.search(r"^observation:.*?(?=^\S)", text, re.M | re.S).group()


def with_more(text, terms):
    """The scene's text with terms at the end of its observation."""
    lines = text.split("\n")
    first = next((i for i, line in enumerate(lines) if line.rstrip() == "observation:"), None)
    if first is None:
        raise SystemExit("the scene's observation is not a list of lines below `observation:`")
    end = next(i for i in range(first + 1, len(lines)) if re.match(r"\S", lines[i]))
    return "\n".join(lines[:end] + [f"  - {term}" for term in terms] + lines[end:])


def walk(run, episodes, feet):
    """What the run's best policy does in some episodes."""
    scene = next((run / "scene").glob("*.yaml"))
    text = scene.read_text()
    feet = feet or feet_of(text)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "scene"
        shutil.copytree(run / "scene", copy)
        robot = copy / re.search(r"^robot: *(\S+)", text, re.M).group(1)
        links = touchable(robot)
        others = [link for link in links if link not in feet]
        own = re.search(r"term: base_velocity,[^\n]*", observation_of(text))
        more = [] if own else ["{term: base_velocity, frame: base}"]
        (copy / scene.name).write_text(with_more(text, more + [f"{{term: contact, links: [{', '.join(feet + others)}]}}"]))
        environment = sinew.make(copy / scene.name, terms=False)
    names = [element["name"] for element in environment.description["observations"]]
    policy = sinew.load_policy(run)
    seen = policy.observation_count
    forward = names.index("base_velocity.x")
    touch = names.index(f"contact.{feet[0]}")
    scaled = re.search(r"scale: *([0-9.]+)", own.group()) if own else None
    unit = float(scaled.group(1)) if scaled else 1
    command = names.index("velocity_commands.lin_vel_x") if "velocity_commands.lin_vel_x" in names else None
    speeds, errors, seconds, contacts, falls, wished_speed = [], [], [], [], 0, 0.0
    for episode in range(episodes):
        observation, _ = environment.reset(seed=FIRST_SEED + episode)
        rows, wished = [], []
        over = False
        while not over:
            if command is not None:
                wished.append(observation[command])
            observation, _, terminated, truncated, _ = environment.step(policy.act(observation[:seen]))
            rows.append((observation[forward] / unit, *observation[touch:touch + len(feet + others)]))
            over = terminated or truncated
        falls += terminated
        wished_speed += statistics.fmean(wished) / episodes if wished else 0
        columns = list(zip(*rows))
        speeds.append(statistics.fmean(columns[0]))
        errors.append(statistics.fmean(abs(a - b) for a, b in zip(columns[0], wished)) if wished else float("nan"))
        seconds.append(len(rows) * environment.description["control_period"])
        contacts.append([statistics.fmean(column) for column in columns[1:]])
    share = [statistics.fmean(column) for column in zip(*contacts)]
    return {
        "run": str(run), "episodes": episodes, "falls": falls, "seconds": statistics.fmean(seconds),
        "speed": statistics.fmean(speeds), "least_speed": min(speeds), "speed_error": statistics.fmean(errors),
        "feet": dict(zip(feet, share)), "others": dict(zip(others, share[len(feet):])),
        "most_foot_of_an_episode": max(max(row[:len(feet)]) for row in contacts),
        "command": wished_speed, **times(run),
    }


def times(run):
    """The steps of a run, and its seconds from nothing to its end."""
    with open(run / "evaluations.csv") as file:
        last = list(csv.DictReader(file))[-1]
    return {"steps": int(last["step"]), "training_seconds": float(last["seconds"])}


def faults(found, minutes):
    """What keeps a run from walking as it should; nothing where it does."""
    wished = 0.9 * found["command"]
    return [text for text, holds in [
        (f"{found['speed']:.3f} m/s are less than {wished:.3f}", found["speed"] < wished),
        (f"{found['falls']} falls", found["falls"] > 0),
        ("more than feet on the ground", any(share > 0 for share in found["others"].values())),
        ("a foot that hardly leaves the ground", max(found["feet"].values()) > 0.9),
        (f"{found['training_seconds'] / 60:.1f} minutes", minutes is not None and found["training_seconds"] > 60 * minutes),
    ] if holds]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", nargs="+", type=Path, help="folders of runs")
    parser.add_argument("--episodes", type=int, default=20)
    parser.add_argument("--feet", type=lambda text: text.split(","), help="the links that are feet, as LINK,LINK")
    parser.add_argument("--json", type=Path, help="write the figures to this file, too")
    parser.add_argument("--bar", action="store_true", help="judge the runs")
    parser.add_argument("--minutes", type=float, help="with --bar: the longest that a run may take")
    options = parser.parse_args()
    figures, failed = [], 0
    for run in options.runs:
        found = walk(run, options.episodes, options.feet)
        figures.append(found)
        touching = " ".join(f"{name} {share:.0%}" for name, share in found["feet"].items())
        others = ", ".join(f"{name} {share:.1%}" for name, share in found["others"].items() if share > 0) or "nothing else"
        print(f"{run}: {found['speed']:.3f} m/s (least episode {found['least_speed']:.3f}), {found['falls']} falls in {found['episodes']} episodes of "
              f"{found['seconds']:.1f} s; on the ground: {touching}; {others}", flush=True)
        if options.bar:
            wrong = faults(found, options.minutes)
            failed += bool(wrong)
            print(f"    {'FAILS: ' + '; '.join(wrong) if wrong else 'walks'} ({found['steps']} steps in "
                  f"{found['training_seconds']:.0f} s)", flush=True)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
