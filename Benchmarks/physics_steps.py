#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Microseconds of a physics step: Sinew's scenes beside MuJoCo with Gymnasium's models, in turns, one core, random actions.

    .venv-peers/bin/python Benchmarks/physics_steps.py [SCENE ...] [--pairs 15] [--set KEY=VALUE] [--quadruped] [--json FILE]

Both take the scene's time step and move from the start, ten times 100 control steps, without observation, reward or reset. MuJoCo runs in
C (mujoco.rollout, one thread), by semi-implicit Euler as Sinew does, and by the fourth-order Runge-Kutta method that Gymnasium's models
but for the cheetah ask for. Of each piece of a walk the best time counts. Printed is the median of MuJoCo's time over Sinew's with
its interval of 95 %. --quadruped compares Sinew's two solvers, since Gymnasium has no such robot.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path
from time import perf_counter

import gymnasium
import mujoco
import numpy as np
from mujoco import rollout

from intervals import interval
from tables import ROOT

mujoco.set_mju_user_warning(lambda text: None)  # Gymnasium's models have attributes that MuJoCo is about to drop
SINEW = os.environ.get("SINEW", str(ROOT / ".build" / "release" / "sinew"))
TWINS = {"hopper": "Hopper-v5", "walker": "Walker2d-v5", "cheetah": "HalfCheetah-v5", "ant": "Ant-v5"}
WALKS, CONTROL_STEPS, PIECE = 10, 100, 25  # a piece is timed: short enough to be left alone by other work now and then


def ours(scene, seconds, settings):
    """Microseconds of a step, and the scene's time step."""
    flags = [flag for setting in settings for flag in ("--set", setting)]
    command = [SINEW, "bench", "physics", "--scene", scene, *flags, "--seconds", str(seconds), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, env={"SINEW_HOME": str(ROOT), **os.environ})
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{done.stderr.strip()[-2000:]}")
    figure = json.loads(done.stdout)[0]
    return figure["us_per_step"], figure["time_step"]


class MuJoCo:
    """Gymnasium's model with another time step and integrator."""

    def __init__(self, name, time_step, integrator):
        environment = gymnasium.make(name).unwrapped
        environment.reset(seed=0)
        substeps = round(environment.dt / time_step)
        self.model, self.steps = environment.model, PIECE * substeps
        self.model.opt.timestep, self.model.opt.integrator = time_step, integrator
        kind = mujoco.mjtState.mjSTATE_FULLPHYSICS
        self.start = np.empty((1, mujoco.mj_stateSize(self.model, kind)))
        mujoco.mj_getState(self.model, environment.data, self.start[0], kind)
        random = np.random.default_rng(0)
        high = self.model.actuator_ctrlrange[:, 1]
        actions = random.uniform(-high, high, (WALKS, CONTROL_STEPS // PIECE, 1, PIECE, self.model.nu))
        self.controls = np.repeat(actions, substeps, axis=3)
        self.data = mujoco.MjData(self.model)
        self.states = np.empty((1, self.steps, self.start.shape[1]))

    def round(self):
        """The seconds of each piece of each walk."""
        times = []
        for walk in self.controls:
            self.data.qacc_warmstart[:] = 0
            start = self.start
            for controls in walk:
                begin = perf_counter()
                rollout.rollout([self.model], [self.data], start, controls, skip_checks=True, nstep=self.steps,
                                initial_warmstart=self.data.qacc_warmstart[None], state=self.states)
                times.append(perf_counter() - begin)
                start = self.states[:, -1].copy()
        return times

    def microseconds(self, seconds):
        best, begin, rounds = self.round(), perf_counter(), 0
        while rounds < 4 or perf_counter() - begin < seconds:
            best = [min(pair) for pair in zip(best, self.round())]
            rounds += 1
        return 1e6 * sum(best) / (len(best) * self.steps)


def compare(scene, peers, pairs, mine):
    """Measures ours and each peer in turns; peers: name -> function that gives microseconds."""
    times = {"sinew": [], **{name: [] for name in peers}}
    for _ in range(pairs):
        times["sinew"].append(mine())
        for name, measure in peers.items():
            times[name].append(measure())
    row = {"scene": scene, "us": {name: statistics.median(values) for name, values in times.items()}, "ratio": {}}
    line = f"{scene:10} {row['us']['sinew']:8.2f}"
    for name in peers:
        middle, low, high = interval([b / a for a, b in zip(times["sinew"], times[name])])
        row["ratio"][name] = [middle, low, high]
        line += f"   {name} {row['us'][name]:8.2f}  {middle:5.2f} times [{low:.2f}, {high:.2f}]"
    print(line, flush=True)
    return row


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenes", nargs="*", metavar="SCENE", help=f"of {', '.join(TWINS)}")
    parser.add_argument("--pairs", type=int, default=15)
    parser.add_argument("--seconds", type=float, default=0.3, help="of each measurement, about")
    parser.add_argument("--set", dest="settings", action="append", default=[], help="a key of our scene, such as physics.solver=ode")
    parser.add_argument("--quadruped", action="store_true", help="Sinew's two solvers on the quadruped")
    parser.add_argument("--json", metavar="FILE")
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})  # of both sides: children take it over
    rows = []
    print(f"MuJoCo {mujoco.__version__}, load {os.getloadavg()[0]:.1f} at the beginning; microseconds of a step, and MuJoCo's over ours")
    for scene in options.scenes or ([] if options.quadruped else TWINS):
        step = ours(scene, 0.01, options.settings)[1]
        integrators = {"Euler": mujoco.mjtIntegrator.mjINT_EULER, "RK4": mujoco.mjtIntegrator.mjINT_RK4}
        peers = {name: MuJoCo(TWINS[scene], step, integrator) for name, integrator in integrators.items()}
        measures = {name: lambda peer=peer: peer.microseconds(options.seconds) for name, peer in peers.items()}
        rows.append(compare(scene, measures, options.pairs, lambda: ours(scene, options.seconds, options.settings)[0]))
    if options.quadruped:
        solver = {name: lambda name=name: ours("quadruped", options.seconds, [f"physics.solver={name}"])[0]
                  for name in ("articulated", "ode")}
        rows.append(compare("quadruped", {"ode": solver["ode"]}, options.pairs, solver["articulated"]))
    print(f"load {os.getloadavg()[0]:.1f} at the end")
    if options.json:
        Path(options.json).write_text(json.dumps(rows, indent=1) + "\n")


main()
