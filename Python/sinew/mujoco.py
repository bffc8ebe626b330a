# SPDX-License-Identifier: MIT
"""A second simulator as judge: MuJoCo moves a scene's robot, and Sinew's own terms observe it, reward it and end its episodes.

    python -m sinew.mujoco POLICY|RUN [--scene SCENE] [--episodes 10] [--seed 0] [--finer 1] [--json]

shows the returns of a policy in both. It needs MuJoCo: pip install mujoco.
"""
import argparse
import ctypes
import json
import os
import sys
from ctypes import POINTER, c_double
from typing import Any

import gymnasium
import numpy

from . import spaces
from ._library import LIBRARY, Environments, Error, InvalidInput, UseError, check, document, whole
from .environment import SEEDS
from .policy import Evaluation, Policy, evaluate as evaluate_in_sinew, scene_of

try:
    import mujoco
except ImportError as error:
    if __name__ == "__main__":
        print("sinew: MuJoCo is not installed: pip install mujoco", file=sys.stderr)
        sys.exit(69)
    raise ImportError("MuJoCo is not installed: pip install mujoco") from error


class MuJoCoEnv(gymnasium.Env):
    """A scene whose robot MuJoCo moves, in what ``sinew scenes SCENE --mjcf FILE`` writes.

    Starts, targets, commands, pushes, latency, noise, rewards and ends are the scene's; actions and observations are those of
    ``SinewEnv``. What is drawn for masses, friction and motors is not taken over: ``notes`` says what differs.

    Args:
        scene: as in ``SinewEnv``.
        settings: as in ``SinewEnv``.
        finer: MuJoCo's time step is the scene's divided by this.
    """

    metadata: "dict[str, Any]" = {"render_modes": []}

    def __init__(self, scene: "str | os.PathLike[str]", settings: "dict[str, Any] | None" = None, finer: int = 1) -> None:
        self._environments = Environments(scene, settings, count=1, threads=1)
        self.description: dict[str, Any] = self._environments.description
        self.observation_space = spaces.observation_space(self.description)
        self.action_space = spaces.action_space(self.description)
        file = document(LIBRARY.sinew_environments_mujoco(self._environments.handle))
        self.mjcf: str = file["text"]
        self.notes: "list[str]" = file["notes"]
        self.finer = whole(finer, "finer", 1, 10_000)
        self.model = mujoco.MjModel.from_xml_string(self.mjcf)
        self.model.opt.timestep /= self.finer
        # What has failed is to be seen, not to begin again.
        self.model.opt.disableflags |= mujoco.mjtDisableBit.mjDSBL_AUTORESET
        self.data = mujoco.MjData(self.model)
        self._robot = _Robot(self.model, file)
        self._told = numpy.zeros(3 + 2 * (len(file["joints"]) + len(file["thrusters"])))
        self._is_seeded = False

    def reset(self, *, seed: "int | None" = None, options: "dict[str, Any] | None" = None) -> "tuple[numpy.ndarray, dict[str, Any]]":
        """Starts an episode where Sinew starts it; a seed makes it the same one each time."""
        super().reset(seed=seed)
        if seed is None and not self._is_seeded:
            seed = int(self.np_random.integers(2**63))
        seeds = None if seed is None else (ctypes.c_uint64 * 1)(whole(seed, "seed", 0, SEEDS))
        check(LIBRARY.sinew_environments_reset(self._environments.handle, None, seeds, None))
        self._is_seeded = True
        mujoco.mj_resetData(self.model, self.data)
        state = self._state()
        self._robot.place(self.data, state)
        self._robot.move(self.data, state)
        return self._environments.observations[0].copy(), {}

    def step(self, action: numpy.ndarray) -> "tuple[numpy.ndarray, float, bool, bool, dict[str, Any]]":
        """Does one control step; errors are those of ``SinewEnv.step``."""
        shared = self._environments
        try:
            action = numpy.asarray(action, numpy.float32)
        except (TypeError, ValueError) as error:
            raise InvalidInput(f"an action of numbers is needed: {error}") from None
        if action.shape != shared.actions[0].shape:
            raise InvalidInput(f"an action of shape {action.shape}; the scene takes {shared.actions[0].shape}")
        shared.actions[0] = action
        count = check(LIBRARY.sinew_outside_begin(shared.handle, 0, _pointer(self._told), len(self._told)))
        if self._told[0]:
            self._robot.move(self.data, self._state())
        numbers = self._moved(self._told[1:count].reshape(-1, 1 + len(self._robot.joints) + self._robot.thruster_count))
        found = None if numbers is None else _pointer(numbers)
        check(LIBRARY.sinew_outside_finish(shared.handle, 0, found, 0 if numbers is None else len(numbers)))
        flags = int(shared.flags[0])
        info: dict[str, Any] = {"reward_terms": dict(zip(shared.term_names, shared.terms[0].tolist()))}
        if flags & 4:
            info["diverged"] = True
        return shared.observations[0].copy(), float(shared.rewards[0]), flags & 1 != 0, flags & 6 != 0, info

    def _moved(self, phases: numpy.ndarray) -> "numpy.ndarray | None":
        """Lets MuJoCo do the steps of each phase; where the robot is then and what acted on it, or None where it is lost."""
        forces, steps = numpy.zeros((self.model.ngeom, 3)), 0
        for phase in phases:
            self._robot.command(self.data, phase[1:])
            for _ in range(int(phase[0]) * self.finer):
                mujoco.mj_step(self.model, self.data)
                self._add_contact_forces(forces)
                steps += 1
        numbers = self._robot.numbers(self.data, forces / max(steps, 1))
        failed = any(self.data.warning[kind].number for kind in _FAILURES)
        return None if failed or not numpy.isfinite(numbers).all() else numbers

    def _add_contact_forces(self, forces: numpy.ndarray) -> None:
        """Adds the force on each geom in the step that was done last."""
        force = numpy.zeros(6)
        for index in range(self.data.ncon):
            contact = self.data.contact[index]
            mujoco.mj_contactForce(self.model, self.data, index, force)
            in_world = contact.frame.reshape(3, 3).T @ force[:3]
            forces[contact.geom2] += in_world
            forces[contact.geom1] -= in_world

    def _state(self) -> numpy.ndarray:
        numbers = numpy.zeros(13 + 2 * len(self._robot.joints) + 13 * len(self._robot.objects))
        count = check(LIBRARY.sinew_outside_state(self._environments.handle, 0, _pointer(numbers), len(numbers)))
        return numbers[:count]

    def close(self) -> None:
        """Lets go of the scene; twice does no harm."""
        self._environments.close()


_FAILURES = (mujoco.mjtWarning.mjWARN_BADQPOS, mujoco.mjtWarning.mjWARN_BADQVEL, mujoco.mjtWarning.mjWARN_BADQACC)


def _pointer(array: numpy.ndarray) -> Any:
    return array.ctypes.data_as(POINTER(c_double))


def _own_velocity(numbers: numpy.ndarray) -> numpy.ndarray:
    """The velocities of a free body, which MuJoCo turns about its own axes."""
    turned = numpy.zeros(3)
    mujoco.mju_rotVecQuat(turned, numbers[10:13], numbers[3:7] * [1, -1, -1, -1])
    return numpy.concatenate([numbers[7:10], turned])


def _free_body(q: numpy.ndarray, v: numpy.ndarray) -> numpy.ndarray:
    """Position, quaternion, velocity and angular velocity of a free body in the world."""
    turned = numpy.zeros(3)
    mujoco.mju_rotVecQuat(turned, v[3:], q[3:])
    return numpy.concatenate([q, v[:3], turned])


class _Robot:
    """Where a scene's joints, motors, objects and geoms are in MuJoCo's arrays."""

    def __init__(self, model: "mujoco.MjModel", names: "dict[str, list[str]]") -> None:
        base = [model.joint(name).id for name in names["base"]]
        self.is_planar, self.is_floating = len(base) == 3, len(base) == 1
        self.base_q = numpy.concatenate([model.jnt_qposadr[j] + numpy.arange(7 if self.is_floating else 1) for j in base] or [[]]).astype(int)
        self.base_v = numpy.concatenate([model.jnt_dofadr[j] + numpy.arange(6 if self.is_floating else 1) for j in base] or [[]]).astype(int)
        self.joints = [model.joint(name).id for name in names["joints"]]
        self.q, self.v = model.jnt_qposadr[self.joints], model.jnt_dofadr[self.joints]
        self.thruster_count = len(names["thrusters"])
        driven = model.actuator_trnid[:model.nu - self.thruster_count, 0]
        self.motors = numpy.array([self.joints.index(j) for j in driven], int)
        self.geoms = numpy.array([model.geom(name).id for name in names["geoms"]], int)
        free = [model.joint(name).id for name in names["objects"]]
        self.objects = [(model.jnt_qposadr[j] + numpy.arange(7), model.jnt_dofadr[j] + numpy.arange(6)) for j in free]

    def place(self, data: "mujoco.MjData", state: numpy.ndarray) -> None:
        """Puts the robot where Sinew has it."""
        base, joints = (13 if len(self.base_q) else 0), len(self.joints)
        data.qpos[self.q] = state[base:base + joints]
        if self.is_floating:
            data.qpos[self.base_q] = state[:7]
        elif self.is_planar:
            data.qpos[self.base_q] = state[0], state[2], 2 * numpy.arctan2(state[5], state[3])
        for (q, v), numbers in zip(self.objects, self._of_objects(state)):
            data.qpos[q], data.qvel[v] = numbers[:7], _own_velocity(numbers)

    def move(self, data: "mujoco.MjData", state: numpy.ndarray) -> None:
        """Gives the robot the velocities that Sinew has."""
        base, joints = (13 if len(self.base_q) else 0), len(self.joints)
        data.qvel[self.v] = state[base + joints:base + 2 * joints]
        if self.is_floating:
            data.qvel[self.base_v] = _own_velocity(state[:13])
        elif self.is_planar:
            data.qvel[self.base_v] = state[7], state[9], state[11]

    def command(self, data: "mujoco.MjData", commands: numpy.ndarray) -> None:
        """Tells motors and thrusters; one command for each joint, then the thrusters' forces."""
        data.ctrl[:] = numpy.concatenate([commands[self.motors], commands[len(self.joints):]])

    def numbers(self, data: "mujoco.MjData", forces: numpy.ndarray) -> numpy.ndarray:
        """Where the robot is, how it moves and what acted on it, as ``sinew_outside_finish`` takes it."""
        base = numpy.zeros(0)
        q, v = data.qpos[self.base_q], data.qvel[self.base_v]
        if self.is_floating:
            base = _free_body(q, v)
        elif self.is_planar:
            half = q[2] / 2
            base = numpy.array([q[0], 0, q[1], numpy.cos(half), 0, numpy.sin(half), 0, v[0], 0, v[1], 0, v[2], 0])
        efforts = numpy.zeros(len(self.joints))
        efforts[self.motors] = data.actuator_force[:len(self.motors)]
        objects = [_free_body(data.qpos[q], data.qvel[v]) for q, v in self.objects]
        return numpy.concatenate([base, data.qpos[self.q], data.qvel[self.v], *objects, efforts, forces[self.geoms].ravel()])

    def _of_objects(self, state: numpy.ndarray) -> numpy.ndarray:
        return state[len(state) - 13 * len(self.objects):].reshape(-1, 13)


def evaluate(
    policy: "Policy | str | os.PathLike[str]",
    scene: "str | os.PathLike[str] | None" = None,
    *,
    episodes: int = 10,
    seed: int = 0,
    settings: "dict[str, Any] | None" = None,
    finer: int = 1,
) -> Evaluation:
    """Scores a policy as ``sinew.evaluate`` does, with MuJoCo moving the robot; without noise both have the same starts."""
    policy = policy if isinstance(policy, Policy) else Policy(policy)
    environment = MuJoCoEnv(scene_of(policy) if scene is None else scene, settings, finer)
    names = [element["name"] for element in environment.description["observations"]]
    if names != [element["name"] for element in policy.contract["observations"]]:
        raise InvalidInput(f"the policy does not observe what the scene {environment.description['scene']} shows")
    returns, lengths, ends = [], [], {"terminated": 0, "truncated": 0, "diverged": 0}
    for episode in range(whole(episodes, "episodes", 1, 10**9)):
        observation, _ = environment.reset(seed=seed if episode == 0 else None)
        total, length, over = 0.0, 0, False
        while not over:
            observation, reward, terminated, truncated, info = environment.step(policy.act(observation))
            total, length, over = total + reward, length + 1, terminated or truncated
        ends["diverged" if "diverged" in info else "terminated" if terminated else "truncated"] += 1
        returns.append(total)
        lengths.append(length)
    environment.close()
    return Evaluation(
        scene=environment.description["scene"], mean_return=float(numpy.mean(returns)), std_return=float(numpy.std(returns)),
        mean_length=float(numpy.mean(lengths)), returns=returns, lengths=lengths, **ends,
    )


def compare(policy: "str | os.PathLike[str]", scene: "str | os.PathLike[str] | None" = None, *, episodes: int = 10, seed: int = 0, finer: int = 1) -> "dict[str, Any]":
    """The scores of a policy in Sinew and in MuJoCo, and what differs between the two."""
    opened = Policy(policy)
    named = scene_of(opened) if scene is None else scene
    ours = evaluate_in_sinew(opened, named, episodes=episodes, seed=seed)
    theirs = evaluate(opened, named, episodes=episodes, seed=seed, finer=finer)
    environment = MuJoCoEnv(named)
    notes = environment.notes
    environment.close()
    # Where returns are costs, the share of the cost that was there before.
    pair = (theirs.mean_return, ours.mean_return) if ours.mean_return > 0 else (ours.mean_return, theirs.mean_return)
    return {
        "policy": os.fspath(policy), "scene": ours.scene, "episodes": episodes, "seed": seed, "finer": finer,
        "mujoco_version": mujoco.__version__, "kept": pair[0] / pair[1] if pair[1] else None,
        "sinew": vars(ours), "mujoco": vars(theirs), "notes": notes,
    }


def _table(found: "dict[str, Any]") -> str:
    sides = (found["sinew"], found["mujoco"])
    rows = [
        ("", "Sinew", f"MuJoCo {found['mujoco_version']}"),
        ("return", *(f"{side['mean_return']:.4g} ± {side['std_return']:.3g}" for side in sides)),
        ("steps", *(f"{side['mean_length']:.4g}" for side in sides)),
        *((name, *(str(side[name]) for side in sides)) for name in ("terminated", "truncated", "diverged")),
    ]
    lines = [f"{found['policy']} in {found['scene']}, {found['episodes']} episodes from seed {found['seed']}"]
    if found["kept"] is not None:
        rows.append(("kept", "", f"{100 * found['kept']:.1f} %"))
    lines += [f"  {name:<12}{ours:<20}{theirs}".rstrip() for name, ours, theirs in rows]
    return "\n".join(lines + [f"  note: {note}" for note in found["notes"]])


def main(arguments: "list[str] | None" = None) -> int:
    """The command; see the module's own text."""
    parser = argparse.ArgumentParser(prog="python -m sinew.mujoco", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("policy", help="a policy file, or the folder of a run")
    parser.add_argument("--scene", help="its name or path (default: the run's own, or the one that the policy names)")
    parser.add_argument("--episodes", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0, help="of the episodes' starts")
    parser.add_argument("--finer", type=int, default=1, help="MuJoCo's time step is the scene's divided by this")
    parser.add_argument("--json", action="store_true", help="one document instead of a table")
    options = parser.parse_args(arguments)
    mujoco.set_mju_user_warning(lambda text: None)
    try:
        found = compare(options.policy, options.scene, episodes=options.episodes, seed=options.seed, finer=options.finer)
    except (Error, UseError) as error:
        print(f"sinew: {error}", file=sys.stderr)
        return 65
    print(json.dumps(found) if options.json else _table(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
