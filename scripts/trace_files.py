#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Judges what traced calls of `sinew` did to files: scripts/strace-check.sh makes the traces.

    scripts/trace_files.py TRACES COMMAND

A call that succeeded must lie under what its invocation names (--output, --record, the run that goes on; what a verb writes by itself:
runs/, studies/, sweeps/, a file beside it), in a scratch folder of its own, or be a device that is written through. What is renamed over was
looked at before and was a regular file or nothing; what is removed was made by the same invocation, or is a run's own leftover.
"""
import collections
import pathlib
import re
import sys

CALL = re.compile(r"^(\d+) +(?:<\.\.\. )?(\w+)(?: resumed>)?(.*)$")
STRING = re.compile(r'(AT_FDCWD(?:<(?P<cwd>[^>]*)>)?, |\d+<(?P<folder>(?:[^>\\]|\\.)*)>, )?"(?P<path>(?:[^"\\]|\\.)*)"')
SCRATCH = re.compile(r"^sinew-[0-9A-F]{8}-[0-9A-F-]{27}$")
# What a killed process left and another takes away: partial files, checkpoints, claims of a sweep's trials.
LEFTOVER = re.compile(r"(^|/)(\.[^/]*\.partial|checkpoints/(\.?step-[0-9]+[^/]*)(/[^/]+)?|trial-[0-9]+/claim-[0-9]+)$")
FILES = ("--html", "--gif", "--mp4", "--png", "--glb", "--mjcf", "--kubernetes")
WRITES_TO_STREAM = ("/dev/", "/proc/self/fd/")


def unescape(text):
    return text.encode("latin-1", "replace").decode("unicode_escape").encode("latin-1").decode("utf-8", "replace")


def simplified(path):
    """Without . and .., by name alone: links are resolved by nobody here."""
    parts = []
    for part in path.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/" + "/".join(parts)


class Invocation:
    """One started command: what it may write, and what it made."""

    def __init__(self, call, command):
        # The call as the shim noted it: the folder, TMPDIR, the file of the library that makes calls fail, the arguments.
        words = call.read_bytes().decode("utf-8", "surrogateescape").split("\0")[:-1]
        self.folder, self.temporary, self.log, self.words = words[0], simplified(words[1]), words[2], words[3:]
        self.command = command
        self.targets = [simplified(f"{self.folder}/{t}" if not t.startswith("/") else t) for t in self.named()]
        self.made, self.scratch, self.looked, self.foreign = set(), set(), {}, set()

    def option(self, name):
        for i, word in enumerate(self.words):
            if word == name and i + 1 < len(self.words):
                yield self.words[i + 1]
            elif word.startswith(name + "="):
                yield word[len(name) + 1:]

    def named(self):
        """The places that it names, or writes where it names none."""
        verb = self.words[0] if self.words else ""
        outputs = list(self.option("--output"))
        yield from outputs
        for record in self.option("--record"):
            yield record
            yield re.sub(r"\.[^./]*$", "", record) + ".svg"
        for option in FILES:
            yield from self.option(option)
        if verb == "train":
            yield from [] if outputs else ["runs"]
            if "--resume" in self.words:
                yield from (w for w in self.words[1:2] if not w.startswith("-"))
        elif verb in ("study", "sweep"):
            yield from [] if outputs else [{"study": "studies", "sweep": "sweeps"}[verb]]

    def writes_beside(self):
        """Whether it makes a file of its own name in the folder one stands in."""
        verb = self.words[0] if self.words else ""
        return not list(self.option("--output")) and (verb in ("export", "plot") or (verb == "scenes" and "--new" in self.words))

    def allows(self, path):
        if path.startswith(WRITES_TO_STREAM):
            return True
        if path.startswith(self.temporary + "/") and SCRATCH.match(path[len(self.temporary) + 1:].split("/")[0]):
            return True
        for target in self.targets:
            # The partial file of a target stands beside it.
            folder, name = target.rsplit("/", 1)
            if path == target or path.startswith(target + "/") or re.fullmatch(
                    re.escape(folder) + r"/\.([0-9a-f]{1,8}|" + re.escape(name) + r")\.partial", path):
                return True
        inside = path[len(self.folder) + 1:] if path.startswith(self.folder.rstrip("/") + "/") else None
        return inside is not None and self.writes_beside() and inside.count("/") <= 1

    def makes_above(self, path):
        return any(t.startswith(path + "/") for t in self.targets)


def paths(text, folder):
    for match in STRING.finditer(text):
        path = unescape(match["path"])
        base = unescape(match["folder"] or match["cwd"] or folder).removesuffix(" (deleted)")
        yield simplified(path if path.startswith("/") else f"{base}/{path}")


def judge(invocation, trace, counts, violations):
    pending = {}
    for line in trace.read_text("latin-1").splitlines():
        found = CALL.match(line)
        if not found:
            continue
        process, call, rest = found.groups()
        if rest.endswith("<unfinished ...>"):
            pending[process] = rest[: -len("<unfinished ...>")]
            continue
        if " resumed>" in line:
            rest = pending.pop(process, "") + rest
        arguments, _, result = rest.rpartition(" = ")
        failed = result.startswith(("-1", "?"))
        if call in ("clone", "clone3", "fork", "vfork"):
            if process in invocation.foreign and not failed:
                invocation.foreign.add(result.split()[0].split("<")[0])
            continue
        if call == "execve":
            if not failed and next(paths(arguments, invocation.folder), "") != invocation.command:
                invocation.foreign.add(process)
            continue
        if process in invocation.foreign:
            continue
        where = list(paths(arguments, invocation.folder))
        if call in ("lstat", "newfstatat"):
            if where:
                kind = re.search(r"S_IF(\w+)", arguments)
                invocation.looked[where[0]] = kind[1] if kind and not failed else "nothing"
            continue
        # What the library writes, the command does not.
        if failed or not where or where == [invocation.log]:
            continue
        if call in ("open", "openat", "openat2") and not re.search(r"O_(WRONLY|RDWR|CREAT|TRUNC)", arguments):
            continue
        counts[call] += 1
        reason = wrong(invocation, call, arguments, where)
        if reason:
            violations.append(f"{call} {' -> '.join(where)}: {reason}; of: sinew {' '.join(invocation.words)}  (in {invocation.folder})")


def wrong(invocation, call, arguments, where):
    """Why a call is none that its invocation may make; None where it may."""
    target = where[-1]
    if call in ("mkdir", "mkdirat"):
        invocation.made.add(target)
        if SCRATCH.match(target.rsplit("/", 1)[1]):
            invocation.scratch.add(target)
        return None if invocation.allows(target) or invocation.makes_above(target) else "a folder outside its target"
    if not all(map(invocation.allows, where)):
        return "outside its target"
    if call in ("unlink", "unlinkat", "rmdir"):
        # What the programs that it ran put into its own scratch folder is its own too.
        mine = target in invocation.made or LEFTOVER.search(target) or target.rsplit("/", 1)[0] in invocation.scratch
        # The copies of a killed process, where that process's unfinished run.yaml was seen beside them.
        copy = re.fullmatch(r"(.*)/scene(/[^/]+)?", target)
        mine = mine or (copy and invocation.looked.get(copy[1] + "/.run.yaml.partial") == "REG")
        return None if mine else "it did not make what it removes"
    if call.startswith("rename"):
        if invocation.looked.get(target, "unknown") not in ("REG", "nothing") and not LEFTOVER.search(target):
            return f"over what was {invocation.looked.get(target, 'not looked at')}"
        if where[0] in invocation.made or LEFTOVER.search(where[0]):
            # What is in a folder goes with it.
            invocation.made |= {target + p[len(where[0]):] for p in invocation.made if p.startswith(where[0] + "/")} | {target}
            return None
        return "it did not make what it renames"
    if call.startswith("link"):
        # A link never stands in the place of what is there.
        if where[0] not in invocation.made and target not in invocation.made:
            return "of what it did not make"
        invocation.made.add(target)
        return None
    if call.startswith(("symlink", "mknod", "chown", "lchown", "chmod", "fchmod", "fchown", "truncate")):
        return None if target in invocation.made else "of what it did not make"
    if "O_CREAT" in arguments:
        if "O_EXCL" in arguments:
            invocation.made.add(target)
        if "O_NOFOLLOW" not in arguments and "O_EXCL" not in arguments and not target.startswith(WRITES_TO_STREAM):
            return "a link there would be followed"
    elif "O_TRUNC" in arguments and not target.startswith(WRITES_TO_STREAM):
        return "a file that is there is emptied"
    return None


def main():
    traces, command = pathlib.Path(sys.argv[1]), simplified(sys.argv[2])
    counts, violations, unbegun = collections.Counter(), [], 0
    calls = sorted(traces.glob("*.call"))
    for call in calls:
        trace = call.with_suffix(".trace")
        if trace.exists():
            judge(Invocation(call, command), trace, counts, violations)
        else:
            # The tracer opens its file before the command begins: a test killed it before that. Many would be a tracer that is not there.
            unbegun += 1
    if 100 * unbegun > len(calls):
        violations.append(f"{unbegun} invocations were not traced")
    limited = len(list(traces.glob("*.limited")))
    print(f"{len(calls) - unbegun} invocations traced, {unbegun} killed before they began, {limited} under limits not; {sum(counts.values())} calls that write, make, rename or remove: "
          + ", ".join(f"{n} {c}" for c, n in sorted(counts.items())) + f"; {len(violations)} violations")
    for violation in violations[:50]:
        print("  " + violation)
    sys.exit(1 if violations or not calls else 0)


main()
