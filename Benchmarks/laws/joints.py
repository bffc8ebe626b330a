# SPDX-License-Identifier: MIT
"""Drives, springs, friction and stops of a joint: Tests/CPhysicsTests/laws_drives.c and laws_stops.c."""
import functools
import math

import mujoco
import numpy as np

from .models import GRAVITY, Simulation, inertial, larger, make_wheel


def servo_exact(inertia, kp, kd, t):
    w, z = math.sqrt(kp / inertia), kd / (2 * math.sqrt(kp * inertia))
    d = w * math.sqrt(1 - z * z)
    return 1 - math.exp(-z * w * t) * (math.cos(d * t) + z * w / d * math.sin(d * t))


def servo_peak(step, options):
    wheel = make_wheel(step, options, 0.05, actuator='<position joint="j" kp="20" kv="0.5"/>')
    peak = 0.0
    for _ in range(int(0.5 / step)):
        wheel.run(step, 1)
        peak = max(peak, wheel.q[0])
    return peak / max(servo_exact(0.05, 20, 0.5, i * 1e-4) for i in range(5000)) - 1


def stiff_servo(step, options):
    wheel = make_wheel(step, options, 0.05, actuator='<position joint="j" kp="1e6"/>')
    wheel.run(0.5, 1)
    return wheel.q[0] - 1


def stiff_damper(step, options):
    worst, damping = 0, 0.01
    while damping < 1e5:
        wheel = make_wheel(step, options, 0.05, f'damping="{damping}"')
        wheel.v[0] = 1
        for i in range(20):
            wheel.run(step)
            worst = larger(worst, min(wheel.v[0], 0))
            if damping * step < 0.05 * 0.05:
                worst = larger(worst, wheel.v[0] - math.exp(-damping / 0.05 * (i + 1) * step))
        damping *= 3
    return worst


def velocity_drive(step, options):
    wheel = make_wheel(step, options, 0.05, 'armature="0.03"', '<velocity joint="j" kv="2"/>')
    worst = 0
    for i in range(1, int(0.3 / step) + 1):
        wheel.run(step, 3)
        worst = larger(worst, wheel.v[0] / 3 - (1 - math.exp(-2 * i * step / 0.08)))
    return worst


def effort_limit(step, options):
    wheel = make_wheel(step, options, 0.08, actuator='<position joint="j" kp="1000" kv="10" forcerange="-2 2"/>')
    wheel.run(0.2, 10)
    return larger(wheel.v[0] / 5 - 1, wheel.data.actuator_force[0] / 2 - 1)


def armature(step, options):
    wheel = make_wheel(step, options, 0.05, 'armature="0.03"', '<motor joint="j"/>')
    wheel.run(0.2, 0.7)
    return wheel.v[0] / (0.7 * 0.2 / 0.08) - 1


def dry_friction(step, options):
    wheel = make_wheel(step, options, 0.05, 'frictionloss="0.3"')
    wheel.v[0] = 5
    wheel.run(0.5)
    braked = wheel.v[0] - 2
    wheel.run(1)
    return larger(braked, wheel.v[0])


def velocity_of(simulation, body):
    """Of the body's centre of mass, in the world's axes: angular, linear."""
    velocity = np.zeros(6)
    mujoco.mj_forward(simulation.model, simulation.data)
    mujoco.mj_objectVelocity(simulation.model, simulation.data, mujoco.mjtObj.mjOBJ_BODY, body, velocity, 0)
    return velocity


def balance_error(step, options, kind, features):
    joint = f'damping="{0.2 * (features & 1)}" frictionloss="{0.5 if features & 2 else 0}"'
    joint += ' range="-1e6 0.4"' if features & 4 else ""
    pair = Simulation(step, options, f"""<body><freejoint/>{inertial(1, (0.1,) * 3)}<body pos="0.5 0 0">
        <joint name="j" type="{kind}" axis="0 0 1" pos="-0.2 0 0" {joint}/>{inertial(1, (0.1,) * 3)}</body></body>""",
                      actuators='<motor joint="j"/>')
    pair.q[7], pair.v[6], pair.data.ctrl[0] = 0.5, 0.7, 3
    before, child = velocity_of(pair, 2), 2
    mujoco.mj_rnePostConstraint(pair.model, pair.data)
    torque, force = pair.data.cfrc_int[child][:3].copy(), pair.data.cfrc_int[child][3:].copy()
    torque += np.cross(pair.data.subtree_com[1] - pair.data.xipos[child], force)
    pair.run(step)
    after = velocity_of(pair, 2)
    force[2] -= GRAVITY
    return larger(*((force - (after - before)[3:] / step) / 3), *((torque - 0.1 * (after - before)[:3] / step) / 3))


def reported_forces(step, options):
    return larger(*(balance_error(step, options, kind, features) for kind in ("hinge", "slide") for features in range(8)))


def latency(step, options):
    wheel = make_wheel(step, options, 0.05, actuator='<motor joint="j"/>')
    wheel.run(step, 0.7)
    first = wheel.v[0] - 0.7 * step / 0.05
    wheel.run(step, 0)
    return larger(first, wheel.v[0] - 0.7 * step / 0.05)


@functools.cache
def release(step, options, kind, time_constant):
    """A joint that starts 0.1 beyond its stop: the speed back at most, and the way past the stop."""
    joint = make_wheel(step, options, 0.05, f'range="-10 0" solreflimit="{time_constant} 1"', kind=kind, mass=0.05)
    joint.q[0] = 0.1
    peak = overshoot = 0.0
    for _ in range(int(40 * time_constant / step)):
        joint.run(step)
        peak, overshoot = max(peak, -joint.v[0]), max(overshoot, -joint.q[0])
    return peak, overshoot


def releases(step, options):
    for steps in (2, 4, 8, 16, 32, 64, 128):
        for kind in ("hinge", "slide"):
            yield steps * step, *release(step, options, kind, steps * step)


def stop_peak(step, options):
    return larger(*(max(peak / (0.1 / (math.e * t)) - 1, 0) for t, peak, _ in releases(step, options)))


def stop_overshoot(step, options):
    return larger(*(overshoot / 0.1 for _, _, overshoot in releases(step, options)))


def stop_depth(step, options):
    worst, t = 0, 0.04
    for v in (0.1, 1, 10, 100):
        wheel = make_wheel(step, options, 0.05, f'range="-1e6 1" solreflimit="{t} 1"')
        wheel.q[0], wheel.v[0] = 1 - v * 0.05, v
        deepest = 0.0
        for _ in range(int(1 / step)):
            wheel.run(step)
            deepest = max(deepest, wheel.q[0] - 1)
        worst = larger(worst, deepest / (v * t / math.e) - 1, (wheel.q[0] - 1) / (v * t))
    return worst


def stop_momentum(step, options):
    wheels = Simulation(step, options, f"""<body><freejoint/>{inertial(1, (0.05,) * 3)}
        <body><joint type="hinge" axis="0 0 1" range="-0.5 0.5"/>{inertial(1, (0.02,) * 3)}</body></body>""", (0, 0, 0))
    wheels.v[5], wheels.v[6] = 1, 3
    wheels.run(1.5)
    return larger(wheels.v[5] - 13 / 7, wheels.v[5] + wheels.v[6] - 13 / 7)
