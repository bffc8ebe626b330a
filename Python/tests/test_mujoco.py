# SPDX-License-Identifier: MIT
"""A scene in MuJoCo: its file has the scene's masses and moves as the scene does, and policies are judged there by Sinew's terms."""
import ctypes
import json
import os
import pathlib
import re
import subprocess
import sys

import mujoco
import numpy
import pytest

import sinew
from sinew import _library
from sinew.mujoco import MuJoCoEnv, compare, main

SINEW = os.environ.get("SINEW_COMMAND", str(pathlib.Path(__file__).parents[2] / ".build/release/sinew"))
SCENES = sorted(sinew.scenes())


def command(*arguments, code=0):
    done = subprocess.run([SINEW, *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == code, done.stderr
    return done.stdout


def state(environment):
    """Where the robot is in Sinew's world."""
    numbers = numpy.zeros(200)
    pointer = numbers.ctypes.data_as(ctypes.POINTER(ctypes.c_double))
    count = _library.check(_library.LIBRARY.sinew_outside_state(environment.unwrapped._environments.handle, 0, pointer, len(numbers)))
    return numbers[:count]


@pytest.fixture(scope="module")
def hammer(tmp_path_factory):
    """A robot that floats, with a mesh, several moving parts, a thruster, and frames of inertia that lie askew."""
    folder = tmp_path_factory.mktemp("hammer")
    corners = [(0, 0, 0), (0.3, 0, 0), (0, 0.2, 0), (0, 0, 0.1), (0.3, 0.2, 0.02)]
    faces = [(0, 2, 1), (1, 2, 4), (0, 1, 3), (1, 4, 3), (2, 3, 4), (0, 3, 2)]
    obj = "".join(f"v {x} {y} {z}\n" for x, y, z in corners) + "".join(f"f {a + 1} {b + 1} {c + 1}\n" for a, b, c in faces)
    (folder / "wedge.obj").write_text(obj)
    (folder / "hammer.urdf").write_text("""<robot name="hammer"><link name="body">
      <inertial><origin xyz="0.1 0.02 0.03" rpy="0.3 0.2 0.1"/><mass value="2"/>
        <inertia ixx="0.02" iyy="0.03" izz="0.04" ixy="0.002" ixz="-0.003" iyz="0.001"/></inertial>
      <collision><geometry><mesh filename="wedge.obj"/></geometry></collision></link>
      <link name="arm"><inertial><origin xyz="0 0 -0.2" rpy="0 0 0.4"/><mass value="0.7"/>
        <inertia ixx="0.01" iyy="0.012" izz="0.004"/></inertial>
      <collision><origin xyz="0 0 -0.2"/><geometry><cylinder radius="0.03" length="0.3"/></geometry></collision></link>
      <link name="head"><inertial><mass value="0.4"/><inertia ixx="0.001" iyy="0.001" izz="0.002" ixy="0.0001"/></inertial></link>
      <joint name="swing" type="continuous"><origin xyz="0.1 0 0" rpy="0.2 0 0"/><parent link="body"/><child link="arm"/>
        <axis xyz="0.6 0.8 0"/><dynamics damping="0.05"/></joint>
      <joint name="slide" type="prismatic"><origin xyz="0 0 -0.4" rpy="0 0.3 0"/><parent link="arm"/><child link="head"/>
        <axis xyz="0 0 1"/><limit lower="-9" upper="9" effort="50" velocity="100"/></joint></robot>""")
    (folder / "hammer.yaml").write_text("""format: 1
summary: a hammer in the air
robot: hammer.urdf
base: floating
physics: {time_step: 0.001, substeps: 20, solver: articulated}
actuators:
  - {joints: [swing], kind: position, kp: 8, kd: 0.4, scale: 0.5}
  - {joints: [slide], kind: velocity, kd: 3, scale: 0.2, stiffness: 20, rest: 0.1, armature: 0.05}
thrusters: [{link: arm, range: [-2, 6], axis: [0.3, 0, 1], moment: 0.05}]
start: {position: [0, 0, 2], rpy: [0.3, 0.2, 0.1]}
reset: {velocities: {uniform: 0.5}, base: {angular_velocity: {uniform: 1}}}
ground: {friction: 0.7, slope: 0.1}
episode: {steps: 500}
observation: [{term: joint_positions}]
reward: [{term: alive, weight: 1}]
""")
    return folder / "hammer.yaml"


@pytest.mark.command
@pytest.mark.parametrize("scene", [*SCENES, "hammer"])
def test_masses_and_inertias_are_the_scenes(scene, hammer):
    environment = MuJoCoEnv(str(hammer) if scene == "hammer" else scene)
    robot = json.loads(command("scenes", "--json", hammer if scene == "hammer" else scene))
    model, found = environment.model, 0
    for link in robot["links"]:
        body = mujoco.mj_name2id(model, mujoco.mjtObj.mjOBJ_BODY, link["name"])
        if body < 0 or link["mass"] == 0:
            continue
        found += 1
        axes = numpy.zeros(9)
        mujoco.mju_quat2Mat(axes, model.body_iquat[body])
        axes = axes.reshape(3, 3)
        inertia = axes @ numpy.diag(model.body_inertia[body]) @ axes.T
        xx, yy, zz, xy, xz, yz = link["inertia"]
        ours = numpy.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]])
        assert model.body_mass[body] == link["mass"]
        assert abs(model.body_ipos[body] - link["center_of_mass"]).max() < 1e-12
        assert abs(inertia - ours).max() < 1e-9 * abs(ours).max()
    assert found == sum(link["mass"] > 0 for link in robot["links"])


def in_the_air(scene, folder, step):
    """A copy of a scene without ground, stops and ends, at this time step."""
    text = re.sub(r"(?m)^(ground|terminate|contacts|obstacles|randomise|evaluate):.*\n(?:[ #].*\n)*", "", scene.read_text())
    substeps = round(0.02 / step)
    text = re.sub(r"(?m)^physics: \{.*$", f"physics: {{time_step: {step}, substeps: {substeps}, solver: articulated, gravity: [0.5, 0, -9.81]}}", text)
    text = re.sub(r"(?m)^ +- \{term: (undesired_contacts|illegal_contact|feet_air_time|feet_gait).*\n", "", text)
    robot = re.search(r"(?m)^robot: (\S+)", text)[1]
    source = scene.parent / robot if (scene.parent / robot).exists() else _library.SHARE / "Robots" / robot
    urdf = source.read_text().replace('type="revolute"', 'type="continuous"')
    urdf = re.sub(r'(type="continuous"(?:(?!</joint>).)*?)<limit[^>]*/>', r"\1", urdf, flags=re.DOTALL)
    # Of a MuJoCo file.
    urdf = re.sub(r' (range|frictionloss|forcerange)="[^"]*"', "", urdf)
    urdf = re.sub(r'<limit [^>]*/>', '<limit lower="-1e5" upper="1e5" effort="1e4" velocity="1e4"/>', urdf)
    folder.mkdir()
    for file in scene.parent.glob("*.obj"):
        (folder / file.name).write_bytes(file.read_bytes())
    (folder / robot).write_text(urdf)
    (folder / scene.name).write_text(text)
    return folder / scene.name


def deviation(scene, folder, step):
    """The greatest difference of positions within a second, with the same actions in both."""
    file = in_the_air(scene, folder, step)
    ours, theirs = sinew.make(file), MuJoCoEnv(file)
    theirs.model.opt.disableflags |= mujoco.mjtDisableBit.mjDSBL_CONTACT
    theirs.model.opt.integrator = mujoco.mjtIntegrator.mjINT_RK4
    ours.reset(seed=3)
    theirs.reset(seed=3)
    random, largest = numpy.random.default_rng(1), 0.0
    base, joints = (13 if len(theirs._robot.base_q) else 0), len(theirs._robot.joints)
    places = [*range(min(base, 7)), *range(base, base + joints)]
    for _ in range(50):
        # Little, since what spins fast is chaotic.
        action = random.uniform(-0.1, 0.1, ours.action_space.shape)
        ours.step(action)
        theirs.step(action)
        largest = max(largest, abs(state(ours) - state(theirs))[places].max())
    return largest


@pytest.mark.parametrize("scene", [*SCENES, "hammer"])
def test_what_touches_nothing_moves_alike(scene, hammer, tmp_path):
    file = hammer if scene == "hammer" else _library.SHARE / "Scenes" / f"{scene}.yaml"
    fine = deviation(file, tmp_path / "fine", 2e-4)
    assert fine < 1e-3
    coarse = deviation(file, tmp_path / "coarse", 1e-3)
    # Of first order at least: what is left is the step's.
    assert coarse > 4 * fine or coarse < 1e-7


def test_a_robot_that_stands_has_its_weight_on_its_feet():
    environment = MuJoCoEnv("quadruped", {"commands.standing": 1})
    environment.reset(seed=0)
    for _ in range(60):
        environment.step(numpy.zeros(12))
    forces = numpy.zeros((environment.model.ngeom, 3))
    environment._add_contact_forces(forces)
    weight = 9.81 * environment.model.body_mass.sum()
    feet = [environment.model.geom(f"{leg}_foot").id for leg in ("FL", "FR", "RL", "RR")]
    assert abs(forces[feet].sum(0)[2] / weight - 1) < 0.05
    assert numpy.allclose(forces.sum(0), 0, atol=1e-9)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "pendulum"
    command("train", "pendulum", "--output", folder, "--set", "sac.steps=3000")
    return folder


@pytest.mark.command
def test_a_policy_gets_the_same_in_both_where_nothing_touches(run):
    found = compare(run, episodes=5, seed=7)
    assert found["scene"] == "pendulum" and found["sinew"]["truncated"] == found["mujoco"]["truncated"] == 5
    assert found["sinew"]["lengths"] == found["mujoco"]["lengths"]
    assert numpy.allclose(found["sinew"]["returns"], found["mujoco"]["returns"], rtol=0.1, atol=5)


@pytest.mark.command
def test_the_command_shows_both(run, capsys):
    assert main([str(run), "--episodes", "2"]) == 0
    shown = capsys.readouterr().out
    assert "Sinew" in shown and f"MuJoCo {mujoco.__version__}" in shown and "note: " in shown
    assert main([str(run), "--episodes", "2", "--seed", "1", "--json"]) == 0
    assert set(json.loads(capsys.readouterr().out)["mujoco"]) >= {"mean_return", "terminated", "returns"}
    assert main([str(run), "--scene", "hopper"]) == 65
    assert main([str(run), "--episodes", "0"]) == 65
    assert main(["nothing.safetensors"]) == 65


def test_without_mujoco_it_says_what_to_install():
    script = "import runpy, sys; sys.modules['mujoco'] = None; runpy.run_module('sinew.mujoco', run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (69, "sinew: MuJoCo is not installed: pip install mujoco\n")


def test_what_cannot_be_is_an_exception():
    environment = MuJoCoEnv("hopper")
    with pytest.raises(sinew.UseError):
        environment.step(numpy.zeros(3))
    environment.reset(seed=0)
    for action in (numpy.zeros(2), [float("nan")] * 3, "x"):
        with pytest.raises(sinew.InvalidInput):
            environment.step(action)
    environment.step(numpy.zeros(3))
    environment.data.qvel[:] = numpy.nan
    observation, reward, terminated, truncated, info = environment.step(numpy.zeros(3))
    assert info["diverged"] and truncated and not terminated and numpy.isfinite(observation).all()
    with pytest.raises(sinew.UseError):
        environment.step(numpy.zeros(3))
    environment.close()
    with pytest.raises(sinew.UseError):
        environment.reset()


@pytest.mark.command
def test_the_file_is_written_once(tmp_path):
    file = tmp_path / "hopper.xml"
    assert "wrote" in command("scenes", "hopper", "--mjcf", file)
    assert mujoco.MjModel.from_xml_path(str(file)).nu == 3
    command("scenes", "hopper", "--mjcf", file, code=73)
    file.write_text("mine")
    command("scenes", "hopper", "--mjcf", file, "--force")
    assert file.read_text().startswith("<!--")
