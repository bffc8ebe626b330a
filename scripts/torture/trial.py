# SPDX-License-Identifier: MIT
"""One trial: a command run under a limit of time, with its memory measured, and what must hold of any command."""
import os
import random
import shutil
import signal
import subprocess
import threading
import time

CRASHES = {4: "SIGILL", 5: "SIGTRAP", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE", 11: "SIGSEGV"}
SECONDS = 20
KILOBYTES = 1_000_000
# What docs/command.md has for a command that refuses its files or settings.
REFUSED = {64, 65, 66, 73, 74}


class Failed(Exception):
    """What did not hold."""


class Outcome:
    """What a command left: its exit code (negative: a signal), its output, its peak memory in kB, and its seconds."""

    def __init__(self, code, text, memory, seconds, command):
        self.code, self.text, self.memory, self.seconds, self.command = code, text, memory, seconds, command

    def __str__(self):
        return f"{' '.join(self.command)} -> {self.code}: {self.text.strip()[-300:] or 'no word'}"


class Trial:
    """A folder of its own, random numbers of its own, and the commands that run there."""

    def __init__(self, campaign, part, index):
        self.campaign, self.name = campaign, f"{part}/{index}"
        self.random = random.Random(f"{campaign.seed}/{self.name}")
        self.folder = os.path.join(campaign.folder, part, str(index))

    def __enter__(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        return self

    def __exit__(self, kind, *_):
        if kind is None and not self.campaign.keep:
            shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def start(self, *arguments, environment=None, log=None):
        """Starts a sinew in a session of its own; its words go to a file."""
        words = log or self.path("words")
        with open(words, "w") as file:
            process = subprocess.Popen(
                [self.campaign.sinew, *arguments], cwd=self.folder, stdin=subprocess.DEVNULL, stdout=file, stderr=file,
                env={**self.campaign.environment, **(environment or {})}, start_new_session=True)
        process.words, process.begin = words, time.monotonic()
        return process

    def wait(self, process, seconds=SECONDS):
        """Waits for what start() started; kills it and fails where it takes too long."""
        status = None
        while status is None:
            done, code, usage = os.wait4(process.pid, os.WNOHANG)
            if done:
                status = code
            elif time.monotonic() - process.begin > seconds * self.campaign.patience:
                end(process)
                os.wait4(process.pid, 0)
                process.returncode = -9
                raise Failed(f"hangs: not done after {seconds} s: {' '.join(process.args)}")
            else:
                time.sleep(0.004)
        process.returncode = os.waitstatus_to_exitcode(status)
        with open(process.words, errors="replace") as file:
            text = file.read()
        taken = time.monotonic() - process.begin
        outcome = Outcome(process.returncode, text, usage.ru_maxrss, taken, ["sinew", *process.args[1:]])
        if -outcome.code in CRASHES or "Fatal error" in text:
            raise Failed(f"crashes by {CRASHES.get(-outcome.code, 'a trap')}: {outcome}")
        if outcome.memory > KILOBYTES:
            raise Failed(f"took {outcome.memory // 1000} MB: {outcome}")
        self.campaign.saw(outcome)
        return outcome

    def run(self, *arguments, environment=None, seconds=SECONDS):
        return self.wait(self.start(*arguments, environment=environment), seconds)

    def must(self, *arguments, environment=None, seconds=60):
        """A command that must succeed."""
        outcome = self.run(*arguments, environment=environment, seconds=seconds)
        if outcome.code != 0:
            raise Failed(f"fails: {outcome}")
        return outcome


def end(process):
    """Kills the whole session of what start() started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


class Cache:
    """Values that are made once, on whichever thread asks first."""

    def __init__(self, make):
        self.make, self.values, self.locks, self.lock = make, {}, {}, threading.Lock()

    def __getitem__(self, key):
        with self.lock:
            lock = self.locks.setdefault(key, threading.Lock())
        with lock:
            if key not in self.values:
                self.values[key] = self.make(key)
            return self.values[key]
