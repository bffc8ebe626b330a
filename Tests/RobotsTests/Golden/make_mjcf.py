#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes what MuJoCo makes of MJCF files, for the tests of our reader: masses, places and motion, as NAME.json.

    pip install mujoco numpy; python make_mjcf.py [--to FOLDER] [FILE.xml ...]

Without files, it does those beside it. Meshes that only look are left out first. Motion is without contacts, stops and dry
friction, by Runge-Kutta at 0.1 ms.
"""
import argparse
import json
import pathlib
import zlib

import mujoco
import numpy as np

HERE = pathlib.Path(__file__).parent
OWN = [HERE / "dog.xml", HERE / "arm.xml", HERE / "ur5e/ur5e.xml"]
CONTROL_STEP = 0.02


def load(file):
    """The model of a file, without what only looks."""
    spec = mujoco.MjSpec.from_file(str(file))
    for geom in list(spec.geoms):
        if geom.type == mujoco.mjtGeom.mjGEOM_MESH or geom.meshname:
            spec.delete(geom)
    for kind in (spec.meshes, spec.materials, spec.textures):
        for part in list(kind):
            spec.delete(part)
    for geom in spec.geoms:
        geom.material = ""
    return spec.compile()


def digits(values):
    return [float(value) for value in np.ravel(values)]


def name_of(model, kind, index):
    return mujoco.mj_id2name(model, kind, index) or ""


def joints_of(model):
    return [j for j in range(model.njnt) if model.jnt_type[j] != mujoco.mjtJoint.mjJNT_FREE]


def is_free(model):
    return model.njnt > 0 and model.jnt_type[0] == mujoco.mjtJoint.mjJNT_FREE


def configuration(model, rng, spread):
    """Positions about the first keyframe, or the file's own."""
    home = next((k for k in range(model.nkey) if name_of(model, mujoco.mjtObj.mjOBJ_KEY, k) == "home"), 0)
    q = np.array(model.key_qpos[home] if model.nkey else model.qpos0)
    if is_free(model) and spread:
        q[:3] += rng.uniform(-1, 1, 3)
        q[3:7] = rng.normal(size=4)
        q[3:7] /= np.linalg.norm(q[3:7])
    for joint in joints_of(model):
        q[model.jnt_qposadr[joint]] += spread * rng.uniform(-0.3, 0.3)
    return q


def places(model, q):
    """Where everything is at a configuration: of each body with all that is welded to it, mass, centre and inertia in the world."""
    data = mujoco.MjData(model)
    data.qpos[:] = q
    mujoco.mj_kinematics(model, data)
    mujoco.mj_comPos(model, data)
    groups = {}
    for body in range(model.nbody):
        groups.setdefault(int(model.body_weldid[body]), []).append(body)
    welded = []
    for root, bodies in groups.items():
        mass = sum(model.body_mass[b] for b in bodies)
        if mass == 0:
            continue
        center = sum(model.body_mass[b] * data.xipos[b] for b in bodies) / mass
        inertia = np.zeros((3, 3))
        for b in bodies:
            turn = data.ximat[b].reshape(3, 3)
            offset = data.xipos[b] - center
            inertia += turn @ np.diag(model.body_inertia[b]) @ turn.T
            inertia += model.body_mass[b] * (offset @ offset * np.eye(3) - np.outer(offset, offset))
        welded.append({
            "body": name_of(model, mujoco.mjtObj.mjOBJ_BODY, root), "mass": mass, "center": digits(center),
            "inertia": digits(inertia),
        })
    frames = [
        {"name": name_of(model, kind, i), "position": digits(p[i]), "quaternion": digits(mat2quat(m[i]))}
        for kind, p, m in [
            (mujoco.mjtObj.mjOBJ_BODY, data.xpos, data.xmat), (mujoco.mjtObj.mjOBJ_SITE, data.site_xpos, data.site_xmat)]
        for i in range(len(p)) if name_of(model, kind, i)
    ]
    axes = [
        {"joint": name_of(model, mujoco.mjtObj.mjOBJ_JOINT, j), "anchor": digits(data.xanchor[j]), "axis": digits(data.xaxis[j])}
        for j in joints_of(model)
    ]
    return {"qpos": digits(q), "welded": welded, "frames": frames, "axes": axes}


def mat2quat(matrix):
    quaternion = np.zeros(4)
    mujoco.mju_mat2Quat(quaternion, np.ravel(matrix))
    return quaternion


def joint_values(model):
    rows = []
    for j in joints_of(model):
        dof = model.jnt_dofadr[j]
        rows.append({
            "name": name_of(model, mujoco.mjtObj.mjOBJ_JOINT, j), "slides": bool(model.jnt_type[j] == mujoco.mjtJoint.mjJNT_SLIDE),
            "range": digits(model.jnt_range[j]) if model.jnt_limited[j] else [],
            "damping": float(np.ravel(model.dof_damping[dof])[0]), "armature": float(model.dof_armature[dof]),
            "friction": float(model.dof_frictionloss[dof]), "stiffness": float(np.ravel(model.jnt_stiffness[j])[0]),
            "rest": float(model.qpos_spring[model.jnt_qposadr[j]]),
        })
    return rows


def stiffness(model, a, order):
    """What an actuator's force loses at its joint per unit of position (1) or velocity (2)."""
    gear, bias = model.actuator_gear[a][0], model.actuator_biasprm[a]
    return 0.0 if model.actuator_biastype[a] == mujoco.mjtBias.mjBIAS_NONE else float(-gear * gear * bias[order])


def commands(model, control):
    """What each actuator is told, in the unit of its joint: a position, a velocity or an effort."""
    told = []
    for a in range(model.nu):
        gear, gain, bias = model.actuator_gear[a][0], model.actuator_gainprm[a][0], model.actuator_biasprm[a]
        if model.actuator_biastype[a] == mujoco.mjtBias.mjBIAS_NONE:
            bias = np.zeros(3)
        divisor = stiffness(model, a, 1) or stiffness(model, a, 2) or 1
        told.append(gear * (gain * control[a] + bias[0]) / divisor)
    return told


def motion(model, rng):
    """A second of motion with controls that change every 20 ms."""
    model.opt.timestep = 1e-4
    model.opt.integrator = mujoco.mjtIntegrator.mjINT_RK4
    model.opt.disableflags |= mujoco.mjtDisableBit.mjDSBL_CONTACT | mujoco.mjtDisableBit.mjDSBL_CONSTRAINT
    model.opt.gravity[:] = [0, 0, -9.81]
    data = mujoco.MjData(model)
    data.qpos[:] = configuration(model, rng, 0.3)
    data.qvel[:] = rng.uniform(-0.3, 0.3, model.nv)
    run = {"qpos": [digits(data.qpos)], "qvel": [digits(data.qvel)], "control": []}
    for _ in range(50):
        control = np.zeros(model.nu)
        for a in range(model.nu):
            low, high = model.actuator_ctrlrange[a]
            here = data.actuator_length[a] if model.actuator_biasprm[a][1] else 0
            width = 0.05 if model.actuator_biasprm[a][1] else 0.5 * (high - low)
            control[a] = np.clip(here + rng.uniform(-width, width), low, high)
        data.ctrl[:] = control
        run["control"].append(digits(commands(model, control)))
        for _ in range(round(CONTROL_STEP / model.opt.timestep)):
            mujoco.mj_step(model, data)
        run["qpos"].append(digits(data.qpos))
        run["qvel"].append(digits(data.qvel))
    return run


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--to", type=pathlib.Path, default=HERE)
    parser.add_argument("files", nargs="*", type=pathlib.Path, default=OWN)
    arguments = parser.parse_args()
    for file in arguments.files or OWN:
        rng = np.random.default_rng(zlib.crc32(file.stem.encode()))
        model = load(file)
        whole = {
            "mujoco": mujoco.__version__, "control_step": CONTROL_STEP, "joints": joint_values(model),
            "places": [places(model, configuration(model, rng, spread)) for spread in (0, 1, 1)],
            "actuators": [
                {
                    "joint": name_of(model, mujoco.mjtObj.mjOBJ_JOINT, model.actuator_trnid[a][0]),
                    "kp": stiffness(model, a, 1), "kd": stiffness(model, a, 2),
                } for a in range(model.nu)],
        }
        whole["trajectories"] = [motion(model, rng) for _ in range(2)]
        target = arguments.to / f"{file.stem}.json"
        target.write_text(json.dumps(whole) + "\n")
        print(f"{target}: {model.nbody} bodies, {model.nv} degrees of freedom, {target.stat().st_size} bytes")


if __name__ == "__main__":
    main()
