#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The laws of Tests/CPhysicsTests/laws_test.c in MuJoCo: the same robots, steps and figures of merit.

    .venv-peers/bin/python Benchmarks/laws_mujoco.py [LAW ...] [--ours FILE] [--page docs/physics.md]

LAW is the beginning of a law's name; FILE is what `cphysics_laws_test --table` printed, to be put beside MuJoCo's figures. MuJoCo has its
defaults (Euler, pyramidal cone, soft contacts of solref 0.02 1) and, where it matters, other choices of its manual: an elliptic cone with
impratio 10, the integrators implicitfast, implicit and RK4. A figure is an error: 0 where MuJoCo is right; inf where it gave up.
"""
import argparse
import re
from pathlib import Path

import mujoco

from laws import friction, joints, motion, standing
from tables import markdown, put

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


def read_ours(file):
    """law -> solver -> figures, of the table that the C test prints."""
    found = {}
    for line in Path(file).read_text().splitlines():
        if row := re.match(r"(.{42}) (ode|articulated) +(\S+) +(\S+) +(\S+)", line):
            found.setdefault(row[1].strip(), {})[row[2]] = [float(figure) for figure in row.groups()[2:]]
    return found


def digit(figure):
    """One digit, or the whole number: 0.02, 4e-9, 19, 7e3."""
    if 1 <= figure < 1000:
        return f"{figure:.0f}"
    return re.sub(r"e([+-])0*", lambda e: "e" + e[1].strip("+"), f"{figure:.1g}")


def cell(figures):
    return ", ".join(map(digit, figures))


def side_by_side(ours, theirs):
    """One table of all solvers; laws that MuJoCo has no setting for have ours alone."""
    rows = []
    for law in dict.fromkeys([*ours, *theirs]):
        mine, others = ours.get(law, {}), dict(theirs.get(law, {}))
        default = others.pop("mujoco", None)
        rows.append([law, *(cell(mine.get(solver, ())) for solver in ("ode", "articulated")), cell(default or ()),
                     "; ".join(f"{variant}: {cell(figures)}" for variant, figures in others.items())])
    return markdown(["law: error at 1, 5, 10 ms", "ode", "articulated", "MuJoCo", "MuJoCo otherwise"], rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("laws", nargs="*", metavar="LAW")
    parser.add_argument("--ours", metavar="FILE")
    parser.add_argument("--page", help="a page that has a place for the table of all")
    options = parser.parse_args()
    if options.page and (options.laws or not options.ours):
        parser.error("--page takes all laws, and ours")
    mujoco.set_mju_user_warning(lambda text: None)  # what becomes unstable is a figure here
    print(f"MuJoCo {mujoco.__version__}")
    print(f"{'law':42} {'solver':12} " + " ".join(f"{1000 * step:g} ms".rjust(9) for step in STEPS))
    theirs = {}
    for name, law, variants in LAWS:
        if options.laws and not any(name.startswith(beginning) for beginning in options.laws):
            continue
        for variant in variants:
            figures = [abs(law(step, OPTIONS[variant])) for step in STEPS]
            theirs.setdefault(name, {})[variant] = figures
            print(f"{name:42} {variant:12} " + " ".join(f"{figure:9.2e}" for figure in figures), flush=True)
    if options.page:
        put(options.page, "laws", side_by_side(read_ours(options.ours), theirs))


main()
