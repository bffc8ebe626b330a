# SPDX-License-Identifier: MIT
"""The small robots of Tests/CPhysicsTests/laws_robots.c as MuJoCo's models."""
import math

import mujoco
import numpy as np

GRAVITY = 9.81
LEVEL = (0, 0, -GRAVITY)


class Simulation:
    """A model and its data. `options` are attributes of MJCF's <option>; MuJoCo's defaults hold where they say nothing."""

    def __init__(self, step, options, bodies, gravity=LEVEL, actuators=""):
        self.step_size = step
        self.model = mujoco.MjModel.from_xml_string(f"""
            <mujoco>
              <compiler angle="radian"/>
              <option timestep="{step}" gravity="{words(gravity)}" {options}><flag energy="enable"/></option>
              <worldbody>{bodies}</worldbody>
              <actuator>{actuators}</actuator>
            </mujoco>""")
        self.data = mujoco.MjData(self.model)

    @property
    def q(self):
        return self.data.qpos

    @property
    def v(self):
        return self.data.qvel

    def run(self, seconds, command=None):
        """Steps with the command held. A state that MuJoCo had to reset counts as infinite."""
        if command is not None:
            self.data.ctrl[:] = command
        mujoco.mj_step(self.model, self.data, round(seconds / self.step_size))
        bad = mujoco.mjtWarning
        if any(self.data.warning[kind].number for kind in (bad.mjWARN_BADQACC, bad.mjWARN_BADQPOS, bad.mjWARN_BADQVEL)):
            self.data.qpos[:] = self.data.qvel[:] = math.inf

    def energy(self):
        """Kinetic and potential energy of the state as it is, not of the one that the last step began with."""
        mujoco.mj_forward(self.model, self.data)
        return self.data.energy.copy()

    def contact_force(self, geom):
        """What acted on the geom in the last step, N, in the world's axes."""
        total, force = np.zeros(3), np.zeros(6)
        for index in range(self.data.ncon):
            contact = self.data.contact[index]
            if geom not in contact.geom:
                continue
            mujoco.mj_contactForce(self.model, self.data, index, force)
            sign = 1 if contact.geom[1] == geom else -1
            total += sign * (contact.frame.reshape(3, 3).T @ force[:3])
        return total


def words(numbers):
    return " ".join(repr(float(number)) for number in numbers)


def inertial(mass, moments, center=(0, 0, 0)):
    return f'<inertial pos="{words(center)}" mass="{mass}" diaginertia="{words(moments)}"/>'


def solid_box(mass, x, y, z):
    return inertial(mass, (mass / 12 * (y * y + z * z), mass / 12 * (x * x + z * z), mass / 12 * (x * x + y * y)))


def ground(friction, height=0.0, extra=""):
    return f'<geom type="plane" size="0 0 1" pos="0 0 {height}" friction="{friction} 0 0" {extra}/>'


def slab(friction, size, thickness):
    return (f'<geom type="box" size="{size / 2} {size / 2} {thickness / 2}" pos="0 0 {-thickness / 2}" '
            f'friction="{friction} 0 0"/>')


def geom(shape, size, friction, extra=""):
    """`size` is a radius or half of half an edge; a long shape is four of them long between its ends' centres."""
    numbers = {"sphere": (size,), "box": (size,) * 3}.get(shape, (size, 2 * size))
    return f'<geom type="{shape}" size="{words(numbers)}" friction="{friction} 0 0" {extra}/>'


def moments_of(shape, size):
    if shape in ("capsule", "cylinder"):
        return (19 * size * size / 12,) * 2 + (0.5 * size * size,)
    return (0.4 * size * size,) * 3


def make_body(step, options, shape, size, friction, mass=1, place=(0, 0, 0), turned=False, gravity=LEVEL, floor=None,
              extra=""):
    """A free body over the ground; `turned` lays its long axis across x."""
    quaternion = (math.sqrt(0.5), math.sqrt(0.5), 0, 0) if turned else (1, 0, 0, 0)
    moments = [mass * moment for moment in moments_of(shape, size)]
    return Simulation(step, options, f"""{floor or ground(friction, extra=extra)}
        <body pos="{words(place)}" quat="{words(quaternion)}"><freejoint/>{inertial(mass, moments)}
        {geom(shape, size, friction, extra)}</body>""", gravity)


def make_block(step, options, mass, friction, gravity=LEVEL):
    """A flat block of 0.4 x 0.3 x 0.05 m on the ground."""
    return Simulation(step, options, f"""{ground(friction)}
        <body pos="0 0 0.025"><freejoint/>{solid_box(mass, 0.4, 0.3, 0.05)}
        <geom type="box" size="0.2 0.15 0.025" friction="{friction} 0 0"/></body>""", gravity)


def make_wheel(step, options, inertia, joint="", actuator="", kind="hinge", mass=1):
    """A wheel about z, or a mass along z, on the world, without gravity."""
    return Simulation(step, options, f"""<body><joint name="j" type="{kind}" axis="0 0 1" {joint}/>
        {inertial(mass, (inertia,) * 3)}</body>""", (0, 0, 0), actuator)


def tilted(slope, azimuth):
    """Instead of the ground, gravity leans."""
    return (GRAVITY * math.sin(slope) * math.cos(azimuth), GRAVITY * math.sin(slope) * math.sin(azimuth),
            -GRAVITY * math.cos(slope))


def larger(*errors):
    """The largest error; not a number counts as infinite."""
    return max(math.inf if math.isnan(error) else abs(error) for error in errors)
