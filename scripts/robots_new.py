#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Has `sinew scenes --new` look at every robot of example-robot-data, lets each rest in its scene, and writes the table of docs/robots.md.

    robots_new.py [--page docs/robots.md] SINEW [FOLDER] [WORD...]

FOLDER has the package's robots; without it they are where pip put them. With words only files whose path has one are tried. Ends with
1 where a robot is not what scripts/robots_expected.txt, which was written before the first run, says. `make test-robots` calls it.
"""
import argparse
import importlib.metadata
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
TASKS = {"Walk": "velocity", "Drive": "velocity", "Keep": "stand", "Bring": "reach", "Move": "forward"}


def expected():
    """Of each file: kind, task, and what is right where the table was wrong."""
    found = {}
    for line in (ROOT / "scripts/robots_expected.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            file, kind, task, *note = line.split(" | ")
            found[file] = (kind, task, note[0] if note else "")
    return found


def package():
    """The folder of the package's robots."""
    files = importlib.metadata.files("example-robot-data") or []
    file = next(pathlib.Path(f.locate()) for f in files if f.name.endswith(".urdf"))
    return next(folder for folder in file.parents if folder.name == "robots" and "example-robot-data" in folder.parent.name)


def run(*command):
    """Exit code, output, errors, seconds of the processor and megabytes."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
        child = subprocess.Popen(command, stdout=out, stderr=errors)
        _, status, usage = os.wait4(child.pid, 0)
        out.seek(0), errors.seek(0)
        seconds = usage.ru_utime + usage.ru_stime
        return os.waitstatus_to_exitcode(status), out.read(), errors.read(), seconds, usage.ru_maxrss / 1024


def rest(sinew, scene):
    """Whether the robot stands or rests for ten seconds with actions of 0: in its scene, and where it is pushed there, without."""
    words = []
    text = scene.read_text()
    for what, changed in (("", text), ("pushed: ", re.sub(r"\nrandomise:\n(  .*\n)+", "\n", text))):
        if what and changed == text:
            continue
        trial = scene.with_name("trial.yaml")
        trial.write_text(changed)
        check = run(sinew, "scenes", "--check", str(trial))[1]
        line = re.search(r"^([\d.]+) s with no action: (.*)", check, re.M)
        words.append(line.group(0) if line else "not tried")
    # The last is without pushes.
    line = words[-1]
    if end := re.search(r"'(\w+)' holds after ([\d.]+ s)", line):
        still = f"falls after {end.group(2)}"
    else:
        still = "10 s" if line.startswith("10 s") and "stable" in line else line
        if "rests" not in line:
            still += ", moves on"
    if len(words) > 1:
        end = re.search(r"holds after ([\d.]+ s)", words[0])
        still += f"; pushed {'to ' + end.group(1) if end else 'too'}"
    return still


def look(sinew, file, folder):
    scene = folder / "scene.yaml"
    code, out, errors, seconds, memory = run(sinew, "scenes", "--new", str(file), "--output", str(scene), "--force")
    row = {"seconds": seconds, "memory": memory, "kind": "-", "grounds": "", "base": "-", "task": "refused", "stands": "-"}
    if code != 0:
        row["grounds"] = errors.strip().split("\n")[0].split(".urdf: ")[-1].split(".urdf:")[-1].split("; ")[0]
        return row
    row["kind"], row["grounds"] = re.search(r"it is taken for (?:an? )?([^:]*): (.*)", out).groups()
    text = scene.read_text()
    row["base"] = re.search(r"^base: (\w+)", text, re.M).group(1)
    row["task"] = TASKS[re.search(r"^summary: (\w+)", text, re.M).group(1)]
    row["stands"] = rest(sinew, scene)
    return row


def short(kind):
    """The word of the expected table for what a robot is taken for."""
    if legs := re.match(r"robot on (\d+) leg", kind):
        return f"legged {legs.group(1)}"
    if wheels := re.match(r"robot on (\d+) driven", kind):
        return f"wheeled {wheels.group(1)}"
    return "other" if kind.startswith("none") else kind


def is_right(row, kind, task, note):
    if note:
        kind, task = note.split(":")[0].split(", ")
    if row["task"] == "refused":
        return task in ("refused", "-")
    return short(row["kind"]) == kind and row["task"] == task


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--page", type=pathlib.Path)
    parser.add_argument("sinew")
    parser.add_argument("folder", nargs="?", type=pathlib.Path)
    parser.add_argument("words", nargs="*")
    arguments = parser.parse_args()
    folder = arguments.folder or package()
    rows, wrong = [], 0
    for file, (kind, task, note) in expected().items():
        if arguments.words and not any(word in file for word in arguments.words):
            continue
        with tempfile.TemporaryDirectory() as place:
            row = look(arguments.sinew, folder / file, pathlib.Path(place))
        right = is_right(row, kind, task, note)
        wrong += not right
        name = "/".join(file.split("/")[0::2]).replace("_description", "").replace(".urdf", "")
        what = short(row["kind"])
        grounds = (row["grounds"][:110] + "...") if len(row["grounds"]) > 110 else row["grounds"]
        verdict = "" if right and not note else ("**wrong**: " + kind + ", " + task if not right else f" ({note.split(': ')[1]})")
        line = (
            f"| {name} | {what}{verdict}: {grounds.replace('|', '/')} | {row['base']} | {row['task']} | {row['stands']} | "
            f"{row['seconds']:.1f} | {row['memory']:.0f} |")
        print(line, flush=True)
        rows.append(line)
    print(f"{len(rows)} robots, {wrong} not as expected")
    if arguments.page and not arguments.words:
        page = arguments.page.read_text()
        pattern = re.compile(r"(<!-- robots: [^>]*-->\n).*?(?=<!-- end -->)", re.DOTALL)
        head = "| robot | taken for, on which grounds | base | task | stands | s | MB |\n|---|---|---|---|---|---|---|\n"
        arguments.page.write_text(pattern.sub(lambda match: match.group(1) + head + "\n".join(rows) + "\n", page))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
