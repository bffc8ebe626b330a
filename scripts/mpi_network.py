# SPDX-License-Identifier: MIT
"""Times of ranks on wires that mpi-network.sh has made, beside the arithmetic of docs/scale.md: within a quarter, or exit 1.

usage: mpi_network.py SINEW FOLDER NAMESPACE NAMESPACE; FOLDER holds `agent`, which starts Open MPI's helper in a namespace.
"""

import json
import os
import pathlib
import re
import subprocess
import sys

SINEW, FOLDER, *SPACES = sys.argv[1:]
RANKS = len(SPACES)
ROUNDS = int(os.environ.get("ROUNDS", "3"))
FLOAT = 4
# Beyond so many bytes Open MPI asks the receiver first: three ways instead of one.
EAGER = 65536
# Of a reward, about.
TERMS = 5
OBSERVATIONS, ACTIONS = {"pendulum": 3, "quadruped": 48}, {"pendulum": 1, "quadruped": 12}

# scene, widths, batch, environments, updates for a step, who does the updates
CASES = [
    ("pendulum", [64, 64], 100, 1, 1, "spread", 1500),
    ("pendulum", [256, 256], 256, 1, 1, "spread", 150),
    ("pendulum", [512, 512], 512, 1, 1, "spread", 30),
    ("pendulum", [256, 256], 256, 1, 1, "repeat", 300),
    ("quadruped", [64, 64], 64, 16, 0.0625, "repeat", 3200),
]


def parameters(sizes):
    return sum((inputs + 1) * outputs for inputs, outputs in zip(sizes, sizes[1:]))


def exchanges(scene, hidden, batch, environments, updates, way):
    """The bytes that all ranks tell in each exchange that a step needs, and how often."""
    observations, actions = OBSERVATIONS[scene], ACTIONS[scene]
    per_round = FLOAT * (2 * RANKS + environments * (observations + 3 + 2 * TERMS))
    found = [(per_round, 1 / environments)]
    if way == "spread":
        gated = hidden[-1] if len(hidden) > 1 and hidden[-1] >= 32 else 0
        critics = 2 * batch * (2 * sum(hidden) - gated + 2) + batch
        actor = batch * (2 * sum(hidden) + 2 * actions + 3)
        found += [
            (FLOAT * critics, updates),
            (FLOAT * 2 * parameters([observations + actions, *hidden, 1]), updates),
            (FLOAT * actor, updates),
            (FLOAT * parameters([observations, *hidden, 2 * actions]), updates),
        ]
    return found


def predicted(local, case, latency, bandwidth):
    """Seconds of a step: what the ranks need beside each other, and what the wire adds."""
    added = 0
    for size, often in exchanges(*case[:6]):
        message = size / RANKS
        ways = 3 if message > EAGER else 1
        added += often * (ways * latency + size * (RANKS - 1) / RANKS / bandwidth)
    return local + added


def seconds(case, prefix, suffix):
    """Seconds of a step, from two runs that differ in their number of steps; the fastest of some."""
    scene, hidden, batch, environments, updates, way, steps = case
    times = []
    for count in (steps, 3 * steps):
        settings = [f"sac.hidden={hidden}", f"sac.batch={batch}", f"sac.environments={environments}", f"sac.updates_per_step={updates}",
                    f"sac.warm_up={max(batch, 16)}", "evaluate.every=1e9", "evaluate.episodes=1"]
        arguments = [SINEW, "train", scene, "--steps", str(count + max(batch, 16)), "--threads", "1", "--json"]
        for setting in settings:
            arguments += ["--set", setting.replace(" ", "")]
        best = None
        for _ in range(ROUNDS):
            folder = pathlib.Path(FOLDER) / "run"
            subprocess.run(["rm", "-rf", folder], check=True)
            more = [*suffix, "--mpi-updates", way] if suffix else []
            outcome = subprocess.run([*prefix, *arguments, "--output", str(folder), *more], capture_output=True, text=True)
            if outcome.returncode:
                sys.exit(outcome.stderr)
            time = json.loads(outcome.stdout)["seconds"]
            best = time if best is None else min(best, time)
        times.append(best)
    return (times[1] - times[0]) / (2 * steps)


def latency(net):
    text = subprocess.run(["ip", "netns", "exec", SPACES[0], "ping", "-c", "50", "-i", "0.05", "-q", f"10.77.{net}.2"],
                          capture_output=True, text=True, check=True).stdout
    low, mean = re.search(r"= ([0-9.]+)/([0-9.]+)/", text).groups()
    print(f"10.77.{net}: ping there and back {low} ms at best, {mean} ms in the mean")
    return float(low) / 2000


def bandwidth(net):
    """Bytes a second of one connection."""
    take = "import socket,time\ns=socket.create_server(('10.77.%d.2',7777));print('ready',flush=True);c=s.accept()[0];t=time.time();n=0\n" \
        "while True:\n b=c.recv(1<<20)\n if not b: break\n n+=len(b)\nprint(n/(time.time()-t))" % net
    give = "import socket\nc=socket.create_connection(('10.77.%d.2',7777))\nfor i in range(60): c.sendall(bytes(1<<20))" % net
    taker = subprocess.Popen(["ip", "netns", "exec", SPACES[1], "python3", "-c", take], stdout=subprocess.PIPE, text=True)
    taker.stdout.readline()
    subprocess.run(["ip", "netns", "exec", SPACES[0], "python3", "-c", give], check=True)
    speed = float(taker.stdout.read())
    print(f"10.77.{net}: {speed * 8 / 1e6:.0f} Mbit/s by one connection")
    return speed


def launcher(net):
    """What starts the ranks: on this machine, or each in its namespace."""
    if net is None:
        return ["mpirun.openmpi", "--oversubscribe", "-n", str(RANKS)]
    subnet = f"10.77.{net}.0/24"
    hosts = ",".join(f"10.77.{net}.{i + 1}:1" for i in range(RANKS))
    return ["ip", "netns", "exec", SPACES[0], "unshare", "--uts", "bash", "-c", 'hostname rank1; exec "$@"', "-",
            "mpirun.openmpi", "--mca", "plm_rsh_agent", f"{FOLDER}/agent", "--mca", "oob_tcp_if_include", subnet, "--mca", "btl", "tcp,self",
            "--mca", "btl_tcp_if_include", subnet, "-H", hosts, "-n", str(RANKS)]


def main():
    wires = [(latency(net), bandwidth(net)) for net in (0, 1)]
    print("load:", os.getloadavg()[0])
    print("| scene, widths, batch, environments, updates | one process, ms | 2 ranks beside | 1 Gbit/s: by arithmetic | measured | with delay: by arithmetic | measured |")
    print("|---|---|---|---|---|---|---|")
    is_right = True
    for case in CASES:
        alone = seconds(case, [], [])
        beside = seconds(case, launcher(None), ["--mpi"])
        cells = [f"{1e3 * alone:.3g}", f"{1e3 * beside:.3g}"]
        for net, wire in enumerate(wires):
            guess, time = predicted(beside, case, *wire), seconds(case, launcher(net), ["--mpi"])
            is_right &= abs(time / guess - 1) <= 0.25
            cells += [f"{1e3 * guess:.3g}", f"{1e3 * time:.3g} ({100 * (time / guess - 1):+.0f} %)"]
        print(f"| {case[0]}, {case[1]}, {case[2]}, {case[3]}, {case[5]} | {' | '.join(cells)} |", flush=True)
    sys.exit(0 if is_right else 1)


main()
