#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The laws of Tests/CPhysicsTests/laws_test.c in MuJoCo: the same robots, steps and figures of merit.

    .venv-peers/bin/python Benchmarks/laws_mujoco.py [LAW ...]

LAW is the beginning of a law's name. MuJoCo's defaults (Euler, pyramidal cone, soft contacts of solref 0.02 1), and where it matters
other choices that its manual offers: an elliptic cone with impratio 10, the integrators implicitfast, implicit and RK4. A figure is an error: 0
where MuJoCo is right; inf where it gave up.
"""
import argparse

import mujoco

from laws import friction, joints, motion, standing

STEPS = (0.001, 0.005, 0.01)
OPTIONS = {"mujoco": "", "elliptic": 'cone="elliptic" impratio="10"', "implicitfast": 'integrator="implicitfast"',
           "implicit": 'integrator="implicit"', "RK4": 'integrator="RK4"'}
ALONE, CONES, DRIVES = ["mujoco"], ["mujoco", "elliptic"], ["mujoco", "implicitfast"]
FREE = ["mujoco", "implicit", "RK4"]

# The names of laws_test.c. MuJoCo has no setting for restitution; its law of a load's depth has another factor of impedance.
LAWS = [
    ("leaning rod: forces, share", friction.leaning_rod, CONES),
    ("breaking loose: force, share", friction.breaking_loose, CONES),
    ("sideways push: velocity, share", friction.sideways_push, CONES),
    ("sliding on slopes: acceleration, share", friction.sliding_on_slopes, CONES),
    ("creeping on slopes: m/s", friction.creeping_on_slopes, CONES),
    ("dragged foot: forces, share", friction.dragged_foot, CONES),
    ("spinning cylinder: slowing down, share", friction.spinning_cylinder, CONES),
    ("rolling: acceleration, share", standing.rolling, CONES),
    ("hooked ball: m/s of 1.7", standing.hooked_ball, CONES),
    ("stacks 1:1000: forces, share", standing.stacks, CONES),
    ("shapes at rest: m, m/s, rad/s", standing.resting_shapes, CONES),
    ("no bounce: speed, share", standing.no_bounce, ALONE),
    ("impact: depth, share", standing.impact_depth, ALONE),
    ("fast bodies on slabs: depth, radii", standing.fast_on_slab, ALONE),
    ("deep starts: m", standing.deep_start, ALONE),
    ("tumbling 60 s: |L|, share", motion.tumbling_momentum, FREE),
    ("tumbling 60 s: energy, share", motion.tumbling_energy, FREE),
    ("double pendulum 60 s: J of 19.6", motion.double_pendulum, FREE),
    ("servo: peak, share", joints.servo_peak, DRIVES),
    ("stiff servo: position", joints.stiff_servo, DRIVES),
    ("dampers: rad/s of 1", joints.stiff_damper, DRIVES),
    ("velocity drive: speed, share", joints.velocity_drive, DRIVES),
    ("effort limit: speed, share", joints.effort_limit, ALONE),
    ("armature: speed, share", joints.armature, ALONE),
    ("dry friction: rad/s of 5", joints.dry_friction, ALONE),
    ("reported joint forces: share", joints.reported_forces, DRIVES),
    ("latency: rad/s", joints.latency, ALONE),
    ("stop, return: peak above x0/(e T), share", joints.stop_peak, ALONE),
    ("stop, return: overshoot, share", joints.stop_overshoot, ALONE),
    ("stop, hit: depth, share", joints.stop_depth, ALONE),
    ("stop between free wheels: rad/s", joints.stop_momentum, ALONE),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("laws", nargs="*", metavar="LAW")
    chosen = parser.parse_args().laws
    mujoco.set_mju_user_warning(lambda text: None)  # what becomes unstable is a figure here
    print(f"MuJoCo {mujoco.__version__}")
    print(f"{'law':42} {'solver':12} " + " ".join(f"{1000 * step:g} ms".rjust(9) for step in STEPS))
    for name, law, variants in LAWS:
        if chosen and not any(name.startswith(beginning) for beginning in chosen):
            continue
        for variant in variants:
            figures = " ".join(f"{abs(law(step, OPTIONS[variant])):9.2e}" for step in STEPS)
            print(f"{name:42} {variant:12} {figures}", flush=True)


main()
