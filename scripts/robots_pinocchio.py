#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares how Sinew reads real robots with how pinocchio does: masses, centres of mass, inertias, joints.

    robots_pinocchio.py SINEW [FOLDER]

SINEW is the command. FOLDER holds URDF files; without one it is where the package example-robot-data is
installed, 69 files of 40 robots. Each robot is put in one pose in both, drawn from its name. Compared there are
each body's mass, centre of mass and inertia in the world's axes, each joint's axis in the world, and the place of
its frame; sums over what fixed joints weld are taken on both sides. Exits with 1 where a robot that both read
differs by more than 1e-9 (lengths in m, masses and inertias as shares of the robot's), or fewer than 30 do.

pip install pin example-robot-data
"""

import json
import pathlib
import random
import subprocess
import sys

import numpy as np
import pinocchio as pin

BOUND = 1e-9


def robots(folder):
    if folder:
        return sorted(pathlib.Path(folder).rglob("*.urdf"))
    import importlib.metadata

    files = importlib.metadata.files("example-robot-data") or []
    return sorted(pathlib.Path(f.locate()) for f in files if f.name.endswith(".urdf"))


def rotation(quaternion):
    w, x, y, z = quaternion
    return pin.Quaternion(w, x, y, z).toRotationMatrix()


def turned(axis, angle):
    return pin.AngleAxis(angle, axis).toRotationMatrix()


def sinew_bodies(document, positions):
    """Mass, centre of mass and inertia of each body in the world, and joints: axis and place there."""
    poses = {document["links"][0]["name"]: (np.eye(3), np.zeros(3))}
    joints = {}
    for joint in document["joints"]:
        turn, place = poses[joint["parent"]]
        frame = turn @ rotation(joint["quaternion"])
        origin = place + turn @ np.array(joint["position"])
        axis, q = np.array(joint["axis"]), positions[joint["name"]]
        joints[joint["name"]] = (frame @ axis, origin)
        if joint["kind"] == "hinge":
            poses[joint["child"]] = (frame @ turned(axis, q), origin)
        else:
            poses[joint["child"]] = (frame, origin + frame @ axis * q)
    bodies = {}
    for link in document["links"]:
        turn, place = poses[link["name"]]
        xx, yy, zz, xy, xz, yz = link["inertia"]
        inertia = np.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]])
        center = place + turn @ np.array(link["center_of_mass"])
        bodies[link["name"]] = (link["mass"], center, turn @ inertia @ turn.T)
    return bodies, joints


def pinocchio_bodies(model, document, positions):
    """The same from pinocchio; what Sinew has welded is added to what it is welded to."""
    q = pin.neutral(model)
    for index in range(1, model.njoints):
        value = positions.get(model.names[index], 0)
        at = model.joints[index].idx_q
        if model.joints[index].nq == 2:
            q[at], q[at + 1] = np.cos(value), np.sin(value)
        else:
            q[at] = value
    data = model.createData()
    pin.forwardKinematics(model, data, q)
    pin.updateFramePlacements(model, data)
    body_of = {}
    for link in document["links"]:
        for name in [link["name"], *link["merged"]]:
            body_of[name] = link["name"]
    sums = {}
    for index in range(model.njoints):
        # What moves with this joint, and the body of Sinew's that its own link belongs to.
        frames = [f for f in model.frames if f.parentJoint == index and f.type == pin.FrameType.BODY]
        inertia = data.oMi[index].act(model.inertias[index])
        owner = next((body_of[f.name] for f in frames if f.name in body_of), None)
        if owner is not None:
            sums[owner] = sums[owner] + inertia if owner in sums else inertia
    joints = {}
    for index in range(1, model.njoints):
        parent = data.oMi[model.parents[index]] * model.jointPlacements[index]
        joint = model.joints[index].createData()
        model.joints[index].calc(joint, q, np.zeros(model.nv))
        motion = joint.S[:, 0] if joint.S.ndim == 2 else joint.S
        local = motion[3:] if np.linalg.norm(motion[3:]) > 0.5 else motion[:3]
        # S is in the moved frame; a hinge's axis is the same in both.
        joints[model.names[index]] = (parent.rotation @ local, parent.translation)
    return sums, joints


def compare(command, file):
    """The largest difference, or why there is none to tell."""
    made = subprocess.run([command, "scenes", "--json", str(file)], capture_output=True, text=True)
    if made.returncode != 0:
        return None, "Sinew refuses: " + made.stderr.strip().split("\n")[0].split(".urdf:")[-1][:100]
    document = json.loads(made.stdout)
    if not document["joints"]:
        return None, "no joint moves"
    try:
        model = pin.buildModelFromUrdf(str(file))
    except Exception as error:
        return None, f"pinocchio refuses: {error}"[:100]
    draw = random.Random(file.name)
    positions = {joint["name"]: draw.uniform(-1, 1) for joint in document["joints"]}
    for joint in document["joints"]:
        if lead := joint.get("follows"):
            positions[joint["name"]] = lead["multiplier"] * positions[lead["joint"]] + lead["offset"]
    ours, our_joints = sinew_bodies(document, positions)
    theirs, their_joints = pinocchio_bodies(model, document, positions)
    total = sum(body[0] for body in ours.values())
    size = max(np.abs(body[2]).max() for body in ours.values()) or 1
    worst, where = 0, ""
    # Links whose inertia is not the file's, as Sinew says of each.
    words = ("is used", "is added", "without matter")
    own = [note for note in document["notes"] if "inertia" in note and any(word in note for word in words)]
    guessed = {note.split("link '")[1].split("'")[0] for note in own}
    for link in document["links"]:
        mass, center, inertia = ours[link["name"]]
        other = theirs.get(link["name"])
        if other is None:
            faults = [mass / total]
        else:
            faults = [abs(mass - other.mass) / total]
            if mass > 0:
                faults.append(np.abs(center - other.lever).max())
                if not guessed & {link["name"], *link["merged"]}:
                    faults.append(np.abs(inertia - other.inertia).max() / size)
        if max(faults) > worst:
            worst, where = max(faults), link["name"]
    for name, (axis, place) in our_joints.items():
        if name not in their_joints:
            return None, f"pinocchio has no joint {name}"
        other_axis, other_place = their_joints[name]
        fault = max(np.abs(axis - other_axis).max(), np.abs(place - other_place).max())
        if fault > worst:
            worst, where = fault, name
    return worst, f"{where}; {len(guessed)} inertias are not the file's, as its notes say, and left out" if guessed else where


def main():
    command, folder = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None
    alike, apart = 0, 0
    for file in robots(folder):
        worst, text = compare(command, file)
        if worst is None:
            print(f"{'-':>8}  {file.name}: {text}")
            continue
        alike += worst <= BOUND
        apart += worst > BOUND
        print(f"{worst:8.1e}  {file.name}: {text}")
    print(f"{alike} robots alike within {BOUND}, {apart} not")
    return 0 if apart == 0 and alike >= 30 else 1


if __name__ == "__main__":
    sys.exit(main())
