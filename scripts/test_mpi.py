# SPDX-License-Identifier: MIT
"""Runs by several ranks, each compared with the run of one process. usage: test_mpi.py SINEW [KILLS]"""

import hashlib
import os
import pathlib
import random
import re
import signal
import subprocess
import sys
import tempfile
import time

SINEW = str(pathlib.Path(sys.argv[1]).resolve())
KILLS = int(sys.argv[2]) if len(sys.argv) > 2 else 20
MPIRUN = ["mpirun.openmpi", "--oversubscribe"]
# Seconds until something counts as hung, on a busy machine.
PATIENCE = 240
SMALL = ["--set", "sac.hidden=[40,33]", "--set", "sac.batch=29", "--set", "sac.warm_up=200", "--set", "evaluate.every=1500"]
# What a rank's process is, and how it ended, in files beside the run: it goes on waiting when the group is signalled.
WRAPPER = """
trap : TERM INT HUP
"$@" & pid=$!
echo $pid >pid.$OMPI_COMM_WORLD_RANK
while kill -0 $pid 2>/dev/null; do wait $pid; code=$?; done
echo $code >code.$OMPI_COMM_WORLD_RANK
exit $code
"""
checks = failures = 0


def check(is_right, what, detail=""):
    global checks, failures
    checks += 1
    if not is_right:
        failures += 1
    print(f"{'ok  ' if is_right else 'FAIL'} {what}{'' if is_right else ': ' + str(detail)[-1500:]}", flush=True)


STEPS = int(os.environ.get("STEPS", "4000"))


def train(environments, *more, steps=STEPS, scene="pendulum"):
    return [SINEW, "train", scene, "--steps", str(steps), *SMALL, "--set", f"sac.environments={environments}", *more]


def ranked(count, *arguments, options=()):
    return [*MPIRUN, *options, "-n", str(count), *arguments, "--mpi"]


def run(arguments, folder, **more):
    return subprocess.run(arguments, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, **more)


def digest(folder):
    path = pathlib.Path(folder) / "last.safetensors"
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else "nothing"


def kept(folder):
    """What a run keeps that does not depend on time."""
    def rows(name):
        return [row.rsplit(",", 1)[0] for row in (pathlib.Path(folder) / name).read_text().splitlines()]

    return digest(folder), rows("progress.csv"), rows("evaluations.csv")


def newest(folder):
    """The step of a run's newest checkpoint."""
    steps = [int(path.name[5:]) for path in (pathlib.Path(folder) / "checkpoints").glob("step-*")]
    return max(steps, default=-1)


def ranks_of(folder):
    """The processes of the ranks that run in a folder."""
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = path.read_bytes().split(b"\0")
            place = os.readlink(path.parent / "cwd")
        except OSError:
            continue
        if command[0].decode() == SINEW and place == str(folder):
            found.append(int(path.parent.name))
    return found


def wait_until(condition, seconds=PATIENCE):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


def same_bytes(folder, whole):
    for environments in (1, 16):
        for count, updates in ((1, "auto"), (2, "spread"), (3, "spread"), (4, "spread"), (2, "auto"), (2, "repeat")):
            name = f"same-{environments}-{count}-{updates}"
            outcome = run(
                ranked(count, *train(environments, "--output", name, "--mpi-updates", updates)), folder)
            check(
                outcome.returncode == 0 and kept(folder / name) == whole[environments],
                f"{environments} environments by {count} ranks, updates {updates}", outcome.stderr)
            said = [line for line in outcome.stderr.splitlines() if "trained" in line]
            check(len(said) == 1 and outcome.stdout.count("\n") == 1, f"{name}: one rank speaks", outcome.stderr)
    outcome = run([*train(16, "--output", "alone"), "--mpi"], folder)
    check(outcome.returncode == 0 and kept(folder / "alone") == whole[16], "--mpi without mpirun is a rank alone", outcome.stderr)


def signals(folder):
    # Long enough for mpirun, which waits for its timeout before it passes a signal on, and once more before it kills.
    steps, options = 10 * STEPS, ["--mca", "odls_base_sigkill_timeout", "3"]
    run(train(16, "--output", "long", steps=steps), folder, check=True)
    whole = kept(folder / "long")
    resumed_by = iter([1, 4, 2, 3, 1, 2, 4, 1])
    for number, to in [(signal.SIGTERM, 0), (signal.SIGTERM, 1), (signal.SIGINT, 2), (signal.SIGHUP, 1),
                       (signal.SIGTERM, None), (signal.SIGINT, None), (signal.SIGHUP, None)]:
        for old in folder.glob("*.[0-9]"):
            old.unlink()
        name = f"stop-{number.name}-{'mpirun' if to is None else to}"
        process = subprocess.Popen(
            ranked(3, "bash", "-c", WRAPPER, "rank", *train(16, "--output", name, steps=steps), options=options), cwd=folder,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        check(wait_until(lambda: newest(folder / name) >= 300), f"{name}: begins")
        if to is None:
            process.send_signal(number)
        else:
            os.kill(int((folder / f"pid.{to}").read_text()), number)
        _, errors = process.communicate(timeout=PATIENCE)
        codes = [(folder / f"code.{rank}").read_text().strip() if (folder / f"code.{rank}").exists() else "" for rank in range(3)]
        # To the ranks mpirun passes SIGTERM, whatever it got.
        expected = 128 + (signal.SIGTERM if to is None else number)
        # mpirun ends the ranks one after another, and may kill the shell around one that has stopped before it writes the code down.
        written = [code for code in codes if code] if to is None and any(codes) else codes
        check(written == [str(expected)] * len(written), f"{name}: each rank ends with {expected}", (codes, errors))
        check(errors.count("stopped at step") == 1, f"{name}: one rank says where", errors)
        count = next(resumed_by)
        again = train(16, "--output", name, "--resume", steps=steps)
        outcome = run(again if count == 1 else ranked(count, *again), folder)
        check(kept(folder / name) == whole, f"{name}: resumed by {count} to the same bytes", outcome.stderr)


def kills(folder, whole):
    chance = random.Random(int(os.environ.get("SEED", "1")))
    done, name, by = 0, "killed", []
    arguments = train(16, "--output", name, "--resume")
    while done < KILLS:
        count = chance.choice([1, 2, 3, 4])
        process = subprocess.Popen(
            ranked(count, *arguments), cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        wait_until(lambda: len(ranks_of(folder)) == count or process.poll() is not None)
        time.sleep(chance.uniform(0, 3))
        victims = ranks_of(folder)
        if process.poll() is None and victims:
            os.kill(chance.choice(victims), signal.SIGKILL)
            done += 1
            by.append(count)
        try:
            process.communicate(timeout=60)
            is_over = wait_until(lambda: not ranks_of(folder), 10)
        except subprocess.TimeoutExpired:
            is_over = False
        check(is_over, f"kill {done} of {KILLS}, of {count} ranks: all end")
        if process.returncode == 0:
            # It was finished before its kill: begun anew.
            check(kept(folder / name) == whole[16], "a run that finished meanwhile has the same bytes")
            name += "-more"
            arguments = train(16, "--output", name, "--resume")
    outcome = run(ranked(2, *arguments), folder)
    check(kept(folder / name) == whole[16], f"after {done} kills, of {by} ranks, the same bytes", outcome.stderr)


def refusals(folder):
    before = set(os.listdir(folder))

    def refused(arguments, code, *words, **more):
        outcome = run(arguments, folder, **more)
        text = outcome.stderr
        check(outcome.returncode == code and all(word in text for word in words), f"refused with {code}: {' '.join(words)}",
              (outcome.returncode, text))
        said = re.findall(r"^sinew: .*", text, re.MULTILINE)
        check(len(said) == 1, "one rank says so", said)

    pair = [*MPIRUN, "-n", "1", *train(4, "--mpi"), ":", "-n", "1", *train(4, "--mpi", "--seed", "1")]
    refused(pair, 65, "`seed: 0`", "`seed: 1`", "rank 1")
    pair = [*MPIRUN, "-n", "1", *train(4, "--mpi"), ":", "-n", "1", "-x", "SINEW_ISA=sse2", *train(4, "--mpi")]
    refused(pair, 65, "instructions: sse2", "SINEW_ISA")
    refused(ranked(9, *train(4)), 64, "9 ranks", "mpirun -n 8")
    refused(ranked(2, SINEW, "train", "acrobot", "--algorithm", "dqn"), 64, "--mpi is for soft actor-critic")
    refused(ranked(2, *train(4, "--output", "/dev/null/x")), 73, "/dev/null/x")
    refused(ranked(2, SINEW, "train", "nowhere"), 66, "nowhere")
    refused([*train(4), "--mpi"], 64, "another MPI's launcher", env={**os.environ, "PMI_SIZE": "4"})
    # The first rank alone finds no scene.
    pair = [*MPIRUN, "-n", "1", *train(4, "--mpi"), ":", "-n", "1", *train(4, "--mpi", scene="nowhere")]
    refused(pair, 66, "rank 1", "nowhere")
    library = subprocess.run(
        "ldconfig -p | sed -n 's/.*libmpi.so.40 .*=> //p'", shell=True, text=True, capture_output=True).stdout.split()[0]
    hidden = ["unshare", "-m", "bash", "-c", f'mount --bind /dev/null {os.path.realpath(library)}; exec "$@"', "hidden"]
    refused([*hidden, *train(4), "--mpi"], 69, "libmpi.so.40", "apt-get install openmpi-bin")
    outcome = run([*hidden, *train(4, "--output", "plain", steps=300)], folder)
    check(outcome.returncode == 0, "without --mpi nobody asks for the library", outcome.stderr)
    other = folder / "other"
    other.mkdir()
    subprocess.run(["cc", "-shared", "-o", other / "libmpi.so.12", "-x", "c", "/dev/null"], check=True)
    refused([*hidden, *train(4), "--mpi"], 69, "libmpi.so.12", "MPICH", env={**os.environ, "LD_LIBRARY_PATH": str(other)})
    check(set(os.listdir(folder)) - before == {"plain", "other"}, "what is refused leaves nothing", os.listdir(folder))


def main():
    with tempfile.TemporaryDirectory(prefix="sinew-mpi-") as name:
        folder = pathlib.Path(name).resolve()
        whole = {}
        for environments in (1, 16):
            run(train(environments, "--output", f"whole-{environments}"), folder, check=True)
            whole[environments] = kept(folder / f"whole-{environments}")
        check(whole[1] != whole[16], "the two runs differ")
        parts = {"refusals": lambda: refusals(folder), "same": lambda: same_bytes(folder, whole),
                 "signals": lambda: signals(folder), "kills": lambda: kills(folder, whole)}
        for part in os.environ.get("ONLY", ",".join(parts)).split(","):
            print(f"== {part}", flush=True)
            parts[part]()
    print(f"{checks} checks, {failures} failed")
    sys.exit(1 if failures else 0)


main()
