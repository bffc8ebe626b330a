# SPDX-License-Identifier: MIT
"""Every k-th call about files that fails once: old or new state, a clear error, and the same bytes when it is done again."""
import errno
import os
import re

import verbs
from runs import acted, counts, preload
from trial import Cache, Failed, Trial

ABOUT = "the k-th write, fsync, rename, open, mkdir, unlink or ftruncate fails once by each error, or writes half"
COUNT = 150
CALLS = ["write", "fsync", "rename", "open", "mkdir", "unlink", "ftruncate"]
ERRORS = {
    "write": ["ENOSPC", "EIO", "EDQUOT", "short"], "fsync": ["EIO", "ENOSPC", "EDQUOT"], "rename": ["ENOSPC", "EACCES", "EIO", "EDQUOT"],
    "open": ["EACCES", "ENOSPC", "EIO", "EMFILE", "EDQUOT"], "mkdir": ["ENOSPC", "EACCES", "EDQUOT"], "unlink": ["EACCES", "EIO"],
    "ftruncate": ["EIO", "EACCES"],
}


def plans(campaign):
    """All (verb, call, k, error): a dry run of each verb counts its calls."""
    found = []
    for verb in verbs.VERBS:
        trial = Trial(campaign, "dry", verb.replace(" ", "-"))
        os.makedirs(trial.folder, exist_ok=True)
        verbs.prepare(verb, campaign, trial.folder, old=True)
        trial.must(*verbs.arguments(verb, campaign), environment=preload(campaign, log=trial.path("log")))
        calls = counts(trial.path("log"))
        found += [(verb, call, k, error) for call in CALLS for k in range(1, calls[call] + 1) for error in ERRORS[call]]
    return found


def trial(campaign, index, trial):
    plan = campaign.plans["all"]
    # A step through the list that shares no factor with its length comes by each before it comes by one again.
    verb, call, k, error = plan[(index * stride(len(plan))) % len(plan)]
    old = trial.random.random() < 0.5
    verbs.prepare(verb, campaign, trial.folder, old)
    action = error if error == "short" else str(getattr(errno, error))
    environment = preload(campaign, f"{call}:{k}:{action}", trial.path("log"))
    outcome = trial.run(*verbs.arguments(verb, campaign), environment=environment, seconds=60)
    where = f"{verb}, {call} {k} with {error}"
    if outcome.code < 0 or outcome.code not in (0, 65, 66, 69, 73, 74) or (error == "short" and outcome.code != 0):
        raise Failed(f"{where}: {outcome}")
    if outcome.code != 0:
        check_words(outcome, error, where)
    verbs.check_state(verb, campaign, trial.folder, old, outcome.code == 0, call)
    verbs.finish(verb, campaign, trial, preload(campaign))
    if not acted(trial.path("log")):
        return "ended before the call"
    return f"{call}: {'passed' if outcome.code == 0 else f'refused ({outcome.code})'}"


def check_words(outcome, error, where):
    """The message names a file and gives the system's reason."""
    text = outcome.text
    reason = os.strerror(getattr(errno, error)).lower()
    if reason not in text.lower():
        raise Failed(f"{where}: the error does not say '{reason}': {outcome}")
    if not re.search(r"^(sinew|seed \d+|warning): [^ :]+: ", text, re.M) or "NSCocoa" in text:
        raise Failed(f"{where}: the error names no file: {outcome}")


def stride(count):
    found = max(1, int(count * 0.618))
    while any(found % prime == 0 and count % prime == 0 for prime in range(2, found + 1)):
        found -= 1
    return found


def setup(campaign):
    campaign.plans = Cache(lambda _: plans(campaign))
