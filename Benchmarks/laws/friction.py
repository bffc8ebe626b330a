# SPDX-License-Identifier: MIT
"""Coulomb's law of friction: Tests/CPhysicsTests/laws_friction.c."""
import math

from .models import GRAVITY, Simulation, geom, ground, inertial, larger, make_block, make_body, solid_box, tilted

# MuJoCo has no contact at a distance of 0.
TOUCHING = 1e-6


def ratio_error(force, expected):
    """Of Fx / Fz; a foot that does not touch has all of its weight wrong, and no ratio."""
    return force[0] / force[2] / expected - 1 if force[2] != 0 else 0


def rod_error(step, options, angle, friction, direction):
    radius, inertia = 0.02, 1 / 12
    end = geom("sphere", radius, friction, 'pos="0 0 -0.5"')
    rod = Simulation(step, options, f"""{ground(friction)}
        <body><joint type="slide" axis="1 0 0"/><joint type="slide" axis="0 0 1"/><joint type="hinge" axis="0 1 0"/>
        {inertial(1, (inertia, inertia, 1e-3))}{end}</body>""")
    rod.q[:] = 0, 0.5 * math.sin(angle) + radius - TOUCHING, math.pi / 2 - angle
    rod.v[0] = 2 * direction
    rod.run(step)
    force = rod.contact_force(1)
    x, z = -0.5 * math.cos(angle), -0.5 * math.sin(angle) - radius
    normal = GRAVITY / (1 + x * (x + z * direction * friction) / inertia)
    return larger(ratio_error(force, -direction * friction), force[2] / normal - 1)


def leaning_rod(step, options):
    return larger(*(rod_error(step, options, math.radians(degrees), friction, direction)
                    for degrees in (20, 45, 70) for friction in (0.2, 0.6, 1.0) for direction in (-1, 1)))


def does_break_loose(step, options, share, azimuth):
    force = share * 0.5 * GRAVITY
    block = make_block(step, options, 1, 0.5)
    block.run(0.1)
    x, y = block.q[:2].copy()
    block.data.xfrc_applied[1, :2] = force * math.cos(azimuth), force * math.sin(azimuth)
    block.run(1)
    return math.hypot(block.q[0] - x, block.q[1] - y) > 1e-3


def breaking_loose(step, options):
    worst = 0
    for degrees in (0, 22.5, 45, 67.5):
        low, high = 0.5, 2
        for _ in range(11):
            middle = (low + high) / 2
            if does_break_loose(step, options, middle, math.radians(degrees)):
                high = middle
            else:
                low = middle
        worst = larger(worst, (low + high) / 2 - 1)
    return worst


def sideways_push(step, options):
    block = make_block(step, options, 1, 0.5)
    block.v[0] = 2
    block.data.xfrc_applied[1, 1] = 0.3 * GRAVITY
    block.run(0.2)
    x, y, count = 2.0, 0.0, 20_000
    for _ in range(count):
        speed, dt = math.hypot(x, y), 0.2 / count
        x -= dt * 0.5 * GRAVITY * x / speed
        y += dt * (0.3 - 0.5 * y / speed) * GRAVITY
    return math.hypot(block.v[0] - x, block.v[1] - y) / math.hypot(x, y)


def slide_error(step, options, mass, friction, slope):
    expected = GRAVITY * (math.sin(slope) - friction * math.cos(slope))
    block = make_block(step, options, mass, friction, tilted(slope, 0.3))
    block.run(0.2)
    before = block.v.copy()
    block.run(1)
    gained = (block.v[0] - before[0]) * math.cos(0.3) + (block.v[1] - before[1]) * math.sin(0.3)
    return gained / expected - 1


def sliding_on_slopes(step, options):
    return larger(*(slide_error(step, options, mass, friction, math.radians(degrees))
                    for mass in (0.1, 10, 1000) for friction in (0, 0.3, 0.6, 0.9) for degrees in (10, 30, 50)
                    if math.tan(math.radians(degrees)) > friction + 0.05))


def creeping_on_slopes(step, options):
    block = make_block(step, options, 1, 0.5, tilted(math.radians(20), 0.3))
    block.run(0.5)
    x, y = block.q[:2].copy()
    block.run(10)
    return math.hypot(block.q[0] - x, block.q[1] - y) / 10


def drag_error(step, options, shape):
    """The drive is a torque and a joint's damping, which MuJoCo's Euler takes implicitly, as ours is."""
    lying = 'quat="0.7071067811865476 0 0.7071067811865476 0"' if shape == "capsule" else ""
    foot = Simulation(step, options, f"""{ground(0.6, -0.05)}
        <body><joint name="x" type="slide" axis="1 0 0" damping="1e4"/>{solid_box(1, 0.1, 0.1, 0.1)}
        <body><joint type="slide" axis="0 0 1"/>{solid_box(2, 0.1, 0.1, 0.1)}
        {geom(shape, 0.05, 0.6, lying)}</body></body>""", actuators='<motor joint="x" gear="1e4"/>')
    foot.run(0.5, 0.7)
    worst = 0
    for _ in range(100):
        foot.run(step)
        force = foot.contact_force(1)
        worst = larger(worst, ratio_error(force, -0.6), force[2] / (2 * GRAVITY) - 1)
    return worst


def dragged_foot(step, options):
    return larger(*(drag_error(step, options, shape) for shape in ("sphere", "capsule", "box")))


def spinning_cylinder(step, options):
    cylinder = make_body(step, options, "cylinder", 0.1, 1, place=(0, 0, 0.2))
    cylinder.v[5] = 30
    cylinder.run(0.05)
    before = cylinder.v[5]
    cylinder.run(0.05)
    slowed = before - cylinder.v[5]
    cylinder.run(2)
    return larger(slowed / (0.05 * GRAVITY * 0.1 / (0.5 * 0.1 * 0.1)) - 1, 2 * math.hypot(cylinder.q[4], cylinder.q[5]))
