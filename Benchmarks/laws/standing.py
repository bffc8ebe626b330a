# SPDX-License-Identifier: MIT
"""Rolling, standing and impacts: Tests/CPhysicsTests/laws_rolling.c and laws_impact.c."""
import math

import numpy as np

from .models import GRAVITY, Simulation, larger, make_body, moments_of, slab, solid_box, geom, ground, tilted


def roll_error(step, options, shape, mass):
    slope = math.radians(15)
    body = make_body(step, options, shape, 0.1, 1, mass, (0, 0, 0.1), True, tilted(slope, 0))
    body.run(0.1)
    before = body.v[0]
    body.run(1)
    expected = GRAVITY * math.sin(slope) / (1 + moments_of(shape, 0.1)[2] / 0.01)
    return larger((body.v[0] - before) / expected - 1, body.v[1])


def rolling(step, options):
    return larger(*(roll_error(step, options, shape, mass)
                    for mass in (0.1, 1, 10, 100) for shape in ("sphere", "capsule", "cylinder")))


def hooked_ball(step, options):
    ball = make_body(step, options, "sphere", 0.1, 0.3, place=(0, 0, 0.1))
    ball.v[0], ball.v[3] = 2, -30
    ball.run(3)
    return math.hypot(ball.v[0] - 10 / 7, ball.v[1] - 6 / 7)


def stack_error(step, options, bottom, top):
    boxes = "".join(f"""<body pos="0 0 {0.1 + 0.2 * index}"><joint type="slide" axis="0 0 1"/>
        {solid_box(mass, 0.2, 0.2, 0.2)}{geom("box", 0.1, 1)}</body>""" for index, mass in enumerate((bottom, top)))
    stack = Simulation(step, options, ground(1) + boxes)
    stack.run(5)
    below, above = stack.contact_force(0)[2], stack.contact_force(2)[2]
    return larger(below / -((bottom + top) * GRAVITY) - 1, above / (top * GRAVITY) - 1, stack.q[0] / 0.2, stack.q[1] / 0.2)


def stacks(step, options):
    return larger(*(stack_error(step, options, *masses) for masses in ((1, 1), (1000, 1), (1, 100), (1, 1000))))


def rest_error(step, options, shape, is_on_slab, is_lying):
    height = 0.2 if shape == "cylinder" and not is_lying else 0.1
    body = make_body(step, options, shape, 0.1, 0.8, 1, (0, 0, height + 0.01), is_lying,
                     floor=slab(0.8, 2, 0.2) if is_on_slab else None)
    body.run(3)
    x, y, z = body.q[:3]
    return larger(z - height, math.hypot(x, y), np.linalg.norm(body.v[:3]), np.linalg.norm(body.v[3:]))


def resting_shapes(step, options):
    shapes = (("sphere", False), ("box", False), ("capsule", True), ("cylinder", True), ("cylinder", False))
    return larger(*(rest_error(step, options, shape, on_slab, lying) for on_slab in (False, True) for shape, lying in shapes))


def drop(step, options, height, seconds):
    """How deep a ball goes in, and how high it comes up again."""
    ball = make_body(step, options, "sphere", 0.1, 0.5, place=(0, 0, 0.1 + height))
    lowest, highest, is_after = 1.0, 0.0, False
    for _ in range(int(seconds / step)):
        ball.run(step)
        z = ball.q[2] - 0.1
        lowest = min(lowest, z)
        is_after = is_after or ball.v[2] >= 0
        if is_after:
            highest = max(highest, z)
    return -lowest, highest


def no_bounce(step, options):
    return larger(*(math.sqrt(drop(step, options, height, 4)[1] / height) for height in (0.1, 1, 10)))


def impact_depth(step, options):
    return drop(step, options, 1, 0.6)[0] / (math.sqrt(2 * GRAVITY) * 0.02 / math.e) - 1


def bullet_depth(step, options, shape, speed, is_slab):
    bullet = make_body(step, options, shape, 0.02, 0.5, 1, (0, 0, 1.0037), True,
                       floor=slab(0.5, 20, 0.05) if is_slab else None)
    bullet.v[2] = -speed
    lowest = 1.0
    for _ in range(int(1 / step)):
        bullet.run(step)
        lowest = min(lowest, bullet.q[2])
    return (0.02 - lowest) / 0.02


def fast_on_slab(step, options):
    return larger(*(bullet_depth(step, options, shape, speed, is_slab) for is_slab in (False, True)
                    for speed in (5, 27, 145.8) for shape in ("box", "sphere", "capsule", "cylinder")))


def deep_start(step, options):
    worst = 0
    for depth in (0.02, 0.08, 0.32):
        box = make_body(step, options, "box", 0.2, 0.5, place=(0, 0, 0.2 - depth))
        highest = 0.0
        for _ in range(int(3 / step)):
            box.run(step)
            highest = max(highest, box.q[2] - 0.2)
        worst = larger(worst, highest, box.q[2] - 0.2)
    return worst
