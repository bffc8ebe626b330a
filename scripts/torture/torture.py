# SPDX-License-Identifier: MIT
"""The campaign of faults, as `make torture` runs it: kills, failing calls, full disks, damaged files, extreme settings.

Each trial has a name such as kills/17 and random numbers of its own, made of the seed and that name: --only kills/17 with the
same seed runs it again. Trials run in a temporary folder, two at a time, at nice 5.
"""
import argparse
import collections
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor

import calls
import damage
import disks
import extremes
import kills
import mutants
import verbs
from runs import Runs
from trial import Failed, Trial

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PARTS = {"kills": kills, "calls": calls, "disks": disks, "damage": damage, "mutants": mutants, "extremes": extremes}


class Campaign:
    """What all trials share: the command, the seed, the folder, the counts and the failures."""

    def __init__(self, options):
        self.seed, self.scale, self.keep, self.sinew = options.seed, options.scale, options.keep, os.path.abspath(options.sinew)
        self.patience = options.patience
        self.folder = tempfile.mkdtemp(prefix="torture-")
        self.environment = {**os.environ, "SINEW_HOME": ROOT, "LC_ALL": "C"}
        self.library = os.path.join(self.folder, "preload.so")
        source = os.path.join(ROOT, "scripts/torture/preload.c")
        subprocess.run(["cc", "-Wall", "-Wextra", "-Werror", "-O1", "-shared", "-fPIC", "-o", self.library, source, "-ldl"], check=True)
        self.runs, self.written = Runs(self), verbs.written(self)
        calls.setup(self)
        self.lock = threading.Lock()
        self.failures, self.sums = [], collections.Counter()
        self.outcomes = collections.defaultdict(collections.Counter)
        self.memory, self.seconds = 0, 0

    def saw(self, outcome):
        with self.lock:
            self.sums["commands"] += 1
            self.memory, self.seconds = max(self.memory, outcome.memory), max(self.seconds, outcome.seconds)

    def add(self, name, count):
        with self.lock:
            self.sums[name] += count

    def one(self, part, index):
        try:
            with Trial(self, part, index) as trial:
                result = PARTS[part].trial(self, index, trial)
        except Failed as failure:
            result = self.failed(part, index, str(failure))
        except Exception:
            result = self.failed(part, index, "the campaign itself: " + traceback.format_exc())
        with self.lock:
            self.outcomes[part][result] += 1

    def failed(self, part, index, text):
        with self.lock:
            again = f"make torture TORTURE_SEED={self.seed} TORTURE_ONLY={part}/{index}"
            self.failures.append(f"{part}/{index}: {text}\n    again: {again}")
            print(f"FAILED {self.failures[-1]}", flush=True)
        return "FAILED"


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=int(time.time()) % 1_000_000, help="the seed of all random numbers")
    parser.add_argument("--scale", type=scales, default=scales("1"),
                        help="the number of trials, as a multiple of the default: 5, or kills=5,mutants=10 with 1 for the other parts")
    parser.add_argument("--patience", type=float, default=1, help="limits of time as multiples of the default, on a busy machine")
    parser.add_argument("--only", default="", help="parts and trials to run, such as kills,damage/17")
    parser.add_argument("--sinew", default=os.path.join(ROOT, ".build/release/sinew"), help="the command to try")
    parser.add_argument("--jobs", type=int, default=2, help="trials at a time")
    parser.add_argument("--keep", action="store_true", help="keep the folders of all trials; those that fail stay anyway")
    return parser.parse_args()


def scales(text):
    """The factor of each part."""
    if "=" not in text:
        return dict.fromkeys(PARTS, float(text))
    found = dict.fromkeys(PARTS, 1.0)
    for word in text.split(","):
        part, _, factor = word.partition("=")
        if part not in PARTS:
            raise ValueError(part)
        found[part] = float(factor)
    return found


def wanted(campaign, only):
    """The trials to run: all of the parts that are named, or those with a number alone."""
    for name in filter(None, only.split(",")) if only else PARTS:
        part, _, index = name.partition("/")
        if part not in PARTS:
            sys.exit(f"there is no part {part}: {', '.join(PARTS)}")
        if index:
            yield part, [int(index)]
        else:
            count = PARTS[part].count(campaign) if hasattr(PARTS[part], "count") else None
            yield part, range(count if count is not None else max(1, round(PARTS[part].COUNT * campaign.scale[part])))


def main():
    chosen = options()
    if not os.access(chosen.sinew, os.X_OK):
        sys.exit(f"{chosen.sinew} is not there; build it first: make build")
    os.nice(5)
    campaign = Campaign(chosen)
    print(f"== The campaign of faults: seed {campaign.seed}, in {campaign.folder}", flush=True)
    for part, indices in wanted(campaign, chosen.only):
        begin = time.monotonic()
        with ThreadPoolExecutor(max(1, chosen.jobs)) as pool:
            list(pool.map(lambda index: campaign.one(part, index), indices))
        print(f"\n== {part}: {PARTS[part].ABOUT}")
        print(f"   {len(indices)} trials in {time.monotonic() - begin:.0f} s")
        for result, count in sorted(campaign.outcomes[part].items(), key=lambda item: (-item[1], item[0])):
            print(f"   {count:6}  {result}", flush=True)
    print(f"\n== {campaign.sums['commands']} commands, {campaign.sums['kills']} kills, at most "
          f"{campaign.memory // 1000} MB and {campaign.seconds:.1f} s of one; {len(campaign.failures)} failures")
    for failure in campaign.failures:
        print(failure)
    if not campaign.failures and not chosen.keep:
        shutil.rmtree(campaign.folder, ignore_errors=True)
    sys.exit(1 if campaign.failures else 0)


if __name__ == "__main__":
    main()
