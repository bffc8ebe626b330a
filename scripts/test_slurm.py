# SPDX-License-Identifier: MIT
"""A sweep on a Slurm of its own: test_slurm.py SINEW FOLDER, by a Python with optuna; as root, with Debian's slurm-wlm and munge."""

import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import time

from sweep_checks import ENVIRONMENT, SINEW, check, check_study, descendants, finish, kill, leavings, results, sweep, sweep_file, wait_until

FOLDER = pathlib.Path(sys.argv[2])


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Slurm:
    """munged, slurmctld and slurmd on this machine, with all their files in one folder, until `with` ends."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder, self.processes = folder, []
        for name in ("state", "spool"):
            (folder / name).mkdir(parents=True)
        host = socket.gethostname().split(".")[0]
        ENVIRONMENT["SLURM_CONF"] = os.environ["SLURM_CONF"] = str(folder / "slurm.conf")
        (folder / "slurm.conf").write_text(f"""ClusterName=sweep
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
SlurmctldPort={free_port()}
SlurmdPort={free_port()}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=defer_batch,sched_min_interval=100000
JobRequeue=1
ReturnToService=2
MailProg=/bin/true
NodeName={host} NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
""")
        key = folder / "munge.key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o400)

    def __enter__(self) -> "Slurm":
        self.start("munged", "--foreground", "--force", f"--key-file={self.folder}/munge.key", f"--socket={self.folder}/munge.socket",
                   f"--pid-file={self.folder}/munged.pid", f"--seed-file={self.folder}/munge.seed", f"--log-file={self.folder}/munged.log")
        wait_until((self.folder / "munge.socket").exists, 20)
        self.start("slurmctld", "-D", "-c")
        self.start("slurmd", "-D", "-c")
        check(wait_until(lambda: "idle" in self.ask("sinfo", "-h", "-o", "%t"), 60), "slurmctld and slurmd work on this machine")
        return self

    def __exit__(self, *_: object) -> None:
        for process in reversed(self.processes):
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()

    def start(self, program: str, *arguments: str) -> None:
        log = open(self.folder / f"{program}.out", "w")
        path = f"/usr/sbin/{program}"
        self.processes.append(subprocess.Popen([path, *arguments], stdout=log, stderr=log, env=ENVIRONMENT, start_new_session=True))

    def ask(self, *command: str) -> str:
        return subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT).stdout


def worker(folder: pathlib.Path, trial: int) -> int:
    """The process that has a trial's claim; 0 where none has."""
    for claim in folder.glob(f"trial-{trial:04}/claim-*"):
        words = claim.read_text().split()
        if len(words) == 3:
            return int(words[1])
    return 0


def rows(folder: pathlib.Path, trial: int) -> int:
    log = folder / f"trial-{trial:04}/seed-0/progress.csv"
    return len(log.read_text().splitlines()) if log.exists() else 0


def test_array(slurm: Slurm) -> None:
    file = FOLDER / "array.yaml"
    file.write_text(sweep_file(24000, "random", 8))
    local, shared = FOLDER / "local", FOLDER / "shared"
    check(sweep(file, "--output", local).returncode == 0, "8 trials on this machine, without Slurm")
    follower = subprocess.Popen(
        [SINEW, "sweep", file, "--output", shared, "--slurm", "--jobs", "2"], stderr=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True, env=ENVIRONMENT)
    # Both at work, and past a few episodes.
    check(wait_until(lambda: rows(shared, 0) > 8 and rows(shared, 1) > 8), "two tasks of the array train at once")
    job = (shared / "slurm/job").read_text()
    requeued = subprocess.run(["scontrol", "requeue", f"{job}_0"], env=ENVIRONMENT, capture_output=True, text=True)
    process = worker(shared, 1)
    kill([process, *descendants(process)])
    check(requeued.returncode == 0 and process > 0, "one is put back into the queue, one is killed with -9")
    # Slurm lets what is put back wait for two minutes.
    wait_until(lambda: slurm.ask("squeue", "-h", "-j", f"{job}_0", "-o", "%T").strip() == "PENDING", 60)
    slurm.ask("scontrol", "update", f"JobId={job}_0", "StartTime=now")
    output, errors = follower.communicate(timeout=900)
    check(follower.returncode == 0, f"the command that follows ends well {errors[-600:] if follower.returncode else ''}")
    check(len(results(shared)) == 8, "all 8 results are there")
    check(leavings(shared) == leavings(local), "results and policies have the bytes of the local sweep")
    log = (shared / f"slurm/{job}_0.log").read_text() if (shared / f"slurm/{job}_0.log").exists() else ""
    check("stopped; the same command continues" in log and log.count("begins:") == 2, "the one put back wrote a checkpoint, and went on")
    jobs = re.findall(r"submitted job (\d+)", errors)
    check(len(jobs) == 2, f"what was killed was submitted again: jobs {', '.join(jobs)}")
    again = sweep(file, "--output", shared, "--slurm")
    check(again.returncode == 0 and "submitted" not in again.stderr, "once finished, nothing is submitted")


def test_optuna() -> None:
    file = FOLDER / "study.yaml"
    file.write_text(sweep_file(3000, "tpe", 4))
    folder = FOLDER / "study"
    follower = subprocess.Popen([SINEW, "sweep", file, "--output", folder, "--slurm", "--jobs", "2"], stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
    wait_until((folder / "slurm/job").exists)
    # Who follows may go and come back.
    time.sleep(1)
    follower.send_signal(signal.SIGINT)
    _, errors = follower.communicate()
    check(follower.returncode == 130 and "goes on; the same command follows it again" in errors, "who follows may go")
    end = sweep(file, "--output", folder, "--slurm", "--jobs", 2)
    check(end.returncode == 0 and "submitted" not in end.stderr, f"and comes back to the same job {end.stderr[-400:] if end.returncode else ''}")
    check_study(folder, "study")


if __name__ == "__main__":
    with Slurm(FOLDER / "slurm") as slurm:
        test_array(slurm)
        test_optuna()
    finish()
