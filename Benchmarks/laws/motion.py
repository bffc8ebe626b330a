# SPDX-License-Identifier: MIT
"""What free motion keeps: Tests/CPhysicsTests/laws_motion.c."""
import functools

import numpy as np

from .models import Simulation, inertial, larger

MOMENTS = np.array([0.01, 0.02, 0.028])


@functools.cache
def tumble(step, options):
    """|L| and energy after 60 s as shares of those at first, of three spins."""
    found = []
    for spin in ((0.1, 5, 0.1), (2, 1, 5), (8, 0.5, 0.3)):
        body = Simulation(step, options, f"<body><freejoint/>{inertial(1, MOMENTS)}</body>", (0, 0, 0))
        body.v[3:] = spin
        before = body.v[3:].copy()
        body.run(60)
        after = body.v[3:]
        found.append((np.linalg.norm(MOMENTS * after) / np.linalg.norm(MOMENTS * before),
                      (MOMENTS * after**2).sum() / (MOMENTS * before**2).sum()))
    return found


def tumbling_momentum(step, options):
    return larger(*(momentum - 1 for momentum, _ in tumble(step, options)))


def tumbling_energy(step, options):
    return larger(*(energy - 1 for _, energy in tumble(step, options)))


def double_pendulum(step, options):
    link = inertial(1, (1 / 12 + 0.001, 1 / 12 + 0.001, 0.001), (0, 0, -0.5))
    pendulum = Simulation(step, options, f"""<body><joint axis="0 1 0"/>{link}
        <body pos="0 0 -1"><joint axis="0 1 0"/>{link}</body></body>""")
    pendulum.q[:] = 2, -1
    start, worst = pendulum.energy().sum(), 0
    for _ in range(6000):
        pendulum.run(0.01)
        worst = larger(worst, pendulum.energy().sum() - start)
    return worst
