# SPDX-License-Identifier: MIT
"""Sweeps that are killed, Optuna's study, and Kubernetes: test_sweep.py SINEW FOLDER, by a Python with optuna and kubernetes-validate."""

import os
import pathlib
import random
import signal
import subprocess
import sys
import time

import yaml
from sweep_checks import ENVIRONMENT, SINEW, check, check_study, descendants, finish, kill, leavings, results, study, sweep, sweep_file

FOLDER = pathlib.Path(sys.argv[2])


def killed(file: pathlib.Path, folder: pathlib.Path, kills: int, seconds: float, *arguments: str) -> int:
    """Starts a sweep that takes so long again and again, and kills it after random times: alone, or with all that it started."""
    draw, done = random.Random(7), 0
    while done < kills:
        process = subprocess.Popen(
            [SINEW, "sweep", file, "--output", folder, *arguments], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=ENVIRONMENT)
        time.sleep(0.2 + draw.uniform(0, 1.4) * seconds / kills)
        if process.poll() is not None:
            break
        kill([process.pid] + (descendants(process.pid) if draw.random() < 0.5 else []))
        process.wait()
        done += 1
    return done


def test_kills() -> None:
    file = FOLDER / "random.yaml"
    file.write_text(sweep_file(6000, "random", 24))
    whole, cut = FOLDER / "whole", FOLDER / "cut"
    start = time.monotonic()
    check(sweep(file, "--output", whole).returncode == 0, "a sweep of 24 trials")
    kills = killed(file, cut, 10, time.monotonic() - start)
    check(kills == 10, f"the same one killed with -9 {kills} times at random")
    check(0 < len(results(cut)) < 24, f"after the kills {len(results(cut))} trials are done")
    end = sweep(file, "--output", cut)
    check(end.returncode == 0, f"it ends {end.stderr[-300:] if end.returncode else ''}")
    check(leavings(cut) == leavings(whole), "with the same table, and the same bytes of all policies")
    check(not list(cut.glob("trial-*/claim-*")), "no claim is left")


def test_optuna() -> None:
    file = FOLDER / "tpe.yaml"
    file.write_text(sweep_file(3000, "tpe", 14, "pruning: {startup: 4}"))
    whole, cut, both = FOLDER / "tpe-whole", FOLDER / "tpe-cut", FOLDER / "tpe-both"
    start = time.monotonic()
    end = sweep(file, "--output", whole, "--jobs", 1)
    seconds = time.monotonic() - start
    check(end.returncode == 0, f"14 trials by Optuna's TPE {end.stderr[-300:] if end.returncode else ''}")
    check_study(whole, "tpe")
    states = [result["state"] for result in results(whole)]
    check("pruned" in states, f"{states.count('pruned')} of them were given up")
    kills = killed(file, cut, 6, seconds, "--jobs", "1")
    end = sweep(file, "--output", cut, "--jobs", 1)
    check(end.returncode == 0 and kills == 6, f"killed {kills} times, it ends {end.stderr[-300:] if end.returncode else ''}")
    # A run that was told to stop is as far as it came until then: its policies are not compared.
    first, second = leavings(whole), leavings(cut)
    compared = [name for name in first if "/" not in name or name.split("/")[0] in left_finished(whole)]
    check(all(first[name] == second.get(name) for name in compared), "with the same table, and the same bytes of all finished runs")
    check_study(cut, "tpe")
    processes = [
        subprocess.Popen([SINEW, "sweep", file, "--output", both, "--jobs", "1"], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
                         env=ENVIRONMENT)
        for _ in range(2)]
    said = [process.communicate()[1] for process in processes]
    begun = sorted(line.split(":")[0] for text in said for line in text.splitlines() if "begins:" in line)
    check([process.returncode for process in processes] == [0, 0] and len(set(begun)) == len(begun) == 14, "two at once train each trial once")
    check_study(both, "tpe")


def test_asked() -> None:
    """A process may be killed while Optuna makes a trial: what it has is kept, what it lacks is drawn."""
    file, folder = FOLDER / "asked.yaml", FOLDER / "asked"
    file.write_text(sweep_file(900, "tpe", 3))
    sweep(file, "--output", folder, "--task-index", 0)
    trial = study(folder, "asked").ask()
    rate = trial.suggest_float("sac.learning_rate", 1e-4, 1e-2, log=True)
    with open(folder / "optuna.log", "a") as journal:
        journal.write('{"op_code":4,"wor')
    # As a killed process leaves it that was in another folder: it leads nowhere.
    (folder / "optuna.log.lock").symlink_to("sweeps/asked/optuna.log")
    end = sweep(file, "--output", folder, timeout=120)
    check(end.returncode == 0 and results(folder)[1]["parameters"]["sac.learning_rate"] == rate,
          "a trial that was asked for in part is taken up, after a line that was cut off and a lock that was left")
    check_study(folder, "asked")


def left_finished(folder: pathlib.Path) -> set:
    return {f"trial-{result['trial']:04}" for result in results(folder) if result["state"] == "finished"}


class Indexer:
    """What Kubernetes does with an Indexed Job, of which this manifest makes use: pods, their ends, the failure policy."""

    def __init__(self, manifest: str) -> None:
        self.config, self.job = yaml.safe_load_all(manifest)
        spec = self.job["spec"]
        self.indices, self.limit = spec["completions"], spec["backoffLimitPerIndex"]
        self.rules = spec["podFailurePolicy"]["rules"]
        self.container = spec["template"]["spec"]["containers"][0]

    def action(self, code: int) -> str:
        for rule in self.rules:
            condition = rule.get("onExitCodes")
            if condition and (condition["operator"] == "In") == (code in condition["values"]):
                return rule["action"]
        return "Count"

    def run(self, pod) -> str:
        """Runs `pod(index, attempt)`, an exit code, for each index until the job is at its end; returns how it ended."""
        failed = False
        for index in range(self.indices):
            counted = attempts = 0
            while (code := pod(index, attempts)) != 0:
                attempts += 1
                action = self.action(code)
                if action == "FailJob":
                    return "the job ends"
                counted += action == "Count"
                if counted > self.limit:
                    failed = True
                    break
                if attempts > 9:
                    return "for ever"
        return "an index fails" if failed else "complete"


def wait_for_progress(folder: pathlib.Path, index: int, process: subprocess.Popen) -> None:
    """Until a trial's run has ended its first episodes, or its process is over."""
    while process.poll() is None:
        if any(len(log.read_bytes().splitlines()) > 2 for log in folder.glob(f"**/trial-{index:04d}/seed-*/progress.csv")):
            return
        time.sleep(0.005)


def test_kubernetes() -> None:
    file = FOLDER / "cluster.yaml"
    file.write_text(sweep_file(6000, "random", 4))
    manifest = FOLDER / "job.yaml"
    arguments = ["--kubernetes", manifest, "--image", "registry/sinew:1", "--volume-claim", "runs", "--jobs", 2]
    check(sweep(file, *arguments).returncode == 0, "a manifest is written")
    tool = pathlib.Path(sys.executable).parent / "kubernetes-validate"
    for version in ("1.31", "1.37"):
        run = subprocess.run([tool, "--strict", "-k", version, manifest], capture_output=True, text=True)
        check(run.returncode == 0, f"kubernetes-validate takes it for Kubernetes {version} {(run.stdout + run.stderr)[-300:] if run.returncode else ''}")
    indexer = Indexer(manifest.read_text())
    check(indexer.config["data"]["sweep.yaml"] == file.read_text(), "the sweep's file is in it as it is")

    # What each code leads to where a pod ends by it once, and where it always does.
    expected = {0: ("complete", "complete"), **{code: ("the job ends", "the job ends") for code in (64, 65, 66, 69)},
                **{code: ("complete", "for ever") for code in (129, 130, 143)},
                **{code: ("complete", "an index fails") for code in (1, 70, 73, 74, 134, 137, 139)}}
    for code, ends in expected.items():
        found = (indexer.run(lambda index, attempt: code if attempt == 0 else 0), indexer.run(lambda index, attempt: code))
        check(found == ends, f"a pod that ends by {code}: once: {found[0]}; always: {found[1]}")

    # The pods themselves: one is drained, one killed; what they leave is what a sweep on this machine leaves.
    local, data = FOLDER / "local", FOLDER / "data"
    check(sweep(file, "--output", local).returncode == 0, "the same sweep without Kubernetes")
    codes = []

    def pod(index: int, attempt: int) -> int:
        places = {"/sweep/sweep.yaml": str(file), "sinew": SINEW}
        command = [places.get(word, word.replace("/data", str(data))) for word in indexer.container["command"]]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**ENVIRONMENT, "JOB_COMPLETION_INDEX": str(index)})
        if attempt == 0 and index in (1, 2):
            wait_for_progress(data, index, process)
            if index == 1:
                process.send_signal(signal.SIGTERM)
            else:
                kill([process.pid, *descendants(process.pid)])
        process.communicate()
        code = process.returncode if process.returncode >= 0 else 128 - process.returncode
        codes.append(code)
        return code

    check(indexer.run(pod) == "complete", f"the job is complete; its pods ended by {codes}")
    check(codes == [0, 143, 0, 137, 0, 0], "one after a checkpoint, one killed, and both went on")
    check(leavings(data / indexer.job["metadata"]["name"]) == leavings(local), "the results and policies are those of the local sweep")
    file.write_text(file.read_text().replace("sac.batch", "sac.bacth"))
    check(indexer.run(lambda index, attempt: sweep(file, "--output", data / "bad", "--task-index", index).returncode) == "the job ends",
          "a misspelt key ends the job")


if __name__ == "__main__":
    os.chdir(FOLDER)
    test_kills()
    test_optuna()
    test_asked()
    test_kubernetes()
    finish()
