# SPDX-License-Identifier: MIT
"""Disks that are full: a tmpfs of each size, every verb that writes, then room and the same bytes. Mounting needs root."""
import os
import shutil
import subprocess

import verbs
from runs import preload
from trial import Failed

ABOUT = "a disk of 4 to 400 kB fills up under each verb; with room again it gets done"
COUNT = 60
# The last ones leave room for all but the end of what a run writes.
KILOBYTES = [4, 8, 12, 16, 20, 28, 36, 48, 64, 80, 100, 128, 160, 200, 256, 320, 400]


def trial(campaign, index, trial):
    if os.geteuid() != 0:
        raise Failed("this part mounts disks, which needs root: sudo make torture, or name the other parts by TORTURE_ONLY")
    verb = verbs.VERBS[index % len(verbs.VERBS)]
    size = KILOBYTES[(index * 5 + index // len(verbs.VERBS)) % len(KILOBYTES)]
    outside, disk = trial.folder, trial.path("disk")
    os.mkdir(disk)
    mount(disk, f"size={size}k")
    trial.folder = disk
    try:
        return fill(campaign, trial, verb, size, outside)
    finally:
        trial.folder = outside
        subprocess.run(["umount", disk], check=True)


def fill(campaign, trial, verb, size, outside):
    old = trial.random.random() < 0.5
    try:
        verbs.prepare(verb, campaign, trial.folder, old)
    except (OSError, shutil.Error):
        # Not even what is there before has room: then the disk grows until it has, and is full at once.
        mount(trial.folder, "remount,size=64m")
        for name in os.listdir(trial.folder):
            shutil.rmtree(trial.path(name)) if os.path.isdir(trial.path(name)) else os.remove(trial.path(name))
        verbs.prepare(verb, campaign, trial.folder, old)
        used = subprocess.run(["du", "-sk", trial.folder], capture_output=True, text=True, check=True).stdout.split()[0]
        mount(trial.folder, f"remount,size={int(used) + size // 8 * 4 + 4}k")
    words = os.path.join(outside, "words")
    process = trial.start(*verbs.arguments(verb, campaign), environment=preload(campaign), log=words)
    outcome = trial.wait(process, 60)
    if outcome.code not in (0, 74):
        raise Failed(f"{verb} on {size} kB: {outcome}")
    if outcome.code and "no space left" not in outcome.text.lower():
        raise Failed(f"{verb} on {size} kB: the error does not say 'no space left': {outcome}")
    verbs.check_state(verb, campaign, trial.folder, old, outcome.code == 0)
    mount(trial.folder, "remount,size=64m")
    verbs.finish(verb, campaign, trial, preload(campaign))
    return f"{verb.split()[0]}: {'had room' if outcome.code == 0 else 'full, said so, done later'}"


def mount(folder, how):
    subprocess.run(["mount", "-t", "tmpfs", "-o", how, "tmpfs", folder], check=True)
