# SPDX-License-Identifier: MIT
"""What test_sweep.py and test_slurm.py share: sweeps in small, and what they leave that no clock decides."""

import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

SINEW = sys.argv[1]
ENVIRONMENT = {**os.environ, "SINEW_PYTHON": sys.executable}
failures = []


def check(holds: bool, what: str) -> None:
    print(f"{'ok    ' if holds else 'FAILED'} {what}", flush=True)
    if not holds:
        failures.append(what)


def finish() -> None:
    print(f"{len(failures)} failures" if failures else "all hold")
    sys.exit(bool(failures))


def sweep_file(steps: int, sampler: str, trials: int, more: str = "") -> str:
    """Two parameters of the algorithm and one of the scene, on the pendulum."""
    return f"""format: 1
scene: pendulum
steps: {steps}
set: {{sac.warm_up: 200, sac.hidden: [16], evaluate.every: {steps // 3}, evaluate.episodes: 2}}
parameters:
  sac.learning_rate: {{from: 1e-4, to: 1e-2, log: true}}
  sac.batch: [16, 32]
  physics.substeps: {{from: 2, to: 6}}
sampler: {sampler}
trials: {trials}
{more}
"""


def sweep(*arguments: object, **options: object) -> subprocess.CompletedProcess:
    return subprocess.run([SINEW, "sweep", *map(str, arguments)], capture_output=True, text=True, env=ENVIRONMENT, **options)


def leavings(folder: pathlib.Path) -> dict:
    """Results without their seconds, and the bytes of all policies."""
    left = {}
    for file in sorted(folder.glob("trial-*/result.json")):
        left[file.parent.name] = re.sub(r'"seconds":[-+.e0-9]+', "", file.read_text())
        for policy in sorted(file.parent.glob("seed-*/*.safetensors")):
            left[str(policy.relative_to(folder))] = policy.read_bytes()
    return left


def results(folder: pathlib.Path) -> list:
    return [json.loads(file.read_text()) for file in sorted(folder.glob("trial-*/result.json"))]


def study(folder: pathlib.Path, name: str):
    import optuna
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    return optuna.load_study(study_name=name, storage=JournalStorage(JournalFileBackend(str(folder / "optuna.log"))))


def check_study(folder: pathlib.Path, name: str) -> None:
    """Optuna's own reader has what the results have."""
    trials = study(folder, name).trials
    found = results(folder)
    states = {"finished": "COMPLETE", "pruned": "PRUNED", "failed": "FAIL"}
    same = [
        trial.state.name == states[result["state"]]
        and all(str(trial.params[key]) == str(value) or trial.params[key] == value for key, value in result["parameters"].items())
        and (result["state"] != "finished" or abs(trial.value - result["final_return"]) < 1e-9)
        and len(trial.intermediate_values) == sum(len(run["evaluations"]) for run in result["runs"])
        for trial, result in zip(trials, found)
    ]
    check(len(trials) == len(found) and all(same), f"Optuna's own reader has the {len(found)} trials of {name}, with their curves")


def descendants(process: int) -> list:
    """The processes that a process started, and those that they did."""
    parents = {}
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, left = [], [process]
    while left:
        children = parents.get(left.pop(), [])
        found += children
        left += children
    return found


def kill(processes: list) -> None:
    for process in processes:
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            pass


def wait_until(holds, seconds: float = 120) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return False
