#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Tries the public robots of scripts/public_robots.txt; writes what became of each into docs/urdf-robots.md, counts into docs/urdf.md.

scripts/public_robots.py [--kept FILE] FOLDER [WORD...]: FOLDER holds the repositories as owner/name/..., each at the commit that
the list names; with words, only files whose path has one of them, and nothing is written. What is found is kept in FILE (without it in
build/public_robots.json), and not tried again. Needs check_urdf (Debian: liburdfdom-tools) and SINEW, or .build/release/sinew; takes
half an hour of a core.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/urdf-robots.md"
SUMMARY = ROOT / "docs/urdf.md"
SINEW = os.environ.get("SINEW", str(ROOT / ".build/release/sinew"))
# The clock's seconds that a file may take, most of them for a robot of a hundred joints.
PATIENCE = 900


def read_list():
    """The repository, its commit and the path of each file in it."""
    repository = commit = None
    for line in (ROOT / "scripts/public_robots.txt").read_text().splitlines():
        if line.startswith("    "):
            yield repository, commit, line.strip()
        elif line and not line.startswith("#"):
            repository, commit = line.split()


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=PATIENCE)


def cell(text):
    return text.replace("|", "/").replace("\n", " ")


def ros(file):
    """What ROS's parser says: `accepts`, or its first words about what it refuses."""
    result = run("check_urdf", file)
    if result.returncode == 0:
        return "accepts"
    words = (result.stdout + result.stderr).removeprefix("Error:").split("\n")[0]
    return "refuses: " + cell(words).strip()[:60].rstrip()


def refusal(file, text):
    """The first error of a check, without the file's name and the remedy, and how many more there are."""
    errors = [line for line in text.splitlines() if re.match(re.escape(file) + r":(\d+:)? error: ", line)]
    first = errors[0].removeprefix(file).replace(": error: ", " ", 1)
    line, message = re.match(r"(?::(\d+))? (.*)", first).groups()
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    message = re.sub(r"; looked in .*", "", message)
    return f"refuses: {f'line {line}: ' if line else ''}{cell(message.split('; ')[0])}{more}"


def sinew(file):
    """What `sinew scenes --check` makes of a file, and of ten seconds without and with random actions."""
    check = run(SINEW, "scenes", "--check", file)
    assert check.returncode in (0, 65), f"{file}: {check.stderr}"
    if "no joint moves" in check.stdout:
        return "no joint moves", "-"
    trials = re.findall(r"^([\d.]+) s with (?:no action|random actions): (stable|diverged)(.*)", check.stdout, re.M)
    if not trials:
        return refusal(file, check.stdout), "-"
    base = re.search(r"that --new would write: base (\w+)", check.stdout).group(1)
    kind = re.search(r"^taken for (?:an? )?([^:]*):", check.stdout, re.M).group(1)
    bad = [f"{state} after {time} s{rest.split(',')[0]}" for time, state, rest in trials if state != "stable"]
    # A slow robot's trials are cut short.
    shortest = min((float(time) for time, _, _ in trials), default=10)
    if len(trials) < 2 or check.returncode != 0:
        bad = bad or ["not tried"]
    gains = re.search(r"without action the robot gains ([^,]*)", check.stdout)
    if gains:
        bad.append(f"gains {gains.group(1)}")
    falls = re.search(r"'(?:bad_orientation|base_position)' holds after ([\d.]+ s)", trials[0][2])
    stands = f", falls after {falls.group(1)}" if falls else ""
    return f"{base}, {kind.replace('none of legged, wheeled, arm, hand or flyer', 'other')}", (
        ", ".join(bad) or ("stable" if shortest == 10 else f"stable for {shortest:g} s")) + stands


def outcome(row):
    """In which of the counts a file is."""
    verdict = row["sinew"]
    if verdict == "no joint moves":
        return "no joint moves in it"
    if not verdict.startswith("refuses"):
        return "loads"
    kinds = [
        ("xacro", "refused: a xacro file that was not expanded"), ("no link of the robot has mass", "refused: nothing in it has mass or a shape"),
        ("has no links", "refused: it has no links"), ("there is no link", "refused: a joint of a link that is not there"),
        ("no such joint", "refused: mimics a joint that is not there"), ("no body has this inertia", "refused: a negative moment of inertia"),
        ("no such file", "refused: a mesh that is not there"), ("<mesh", "refused: a mesh that cannot be read"),
        ("no joint leads to it", "refused: several roots"), ("type '", "refused: a type of joint that is none, or is spherical"),
        ("finite number", "refused: a number that is none"), ("must be below", "refused: limits the wrong way round"),
        ("--new would write no scene", "refused: no scene, for it flies or cannot touch the ground"),
    ]
    return next((words for part, words in kinds if part in verdict), "refused: other reasons")


def counts(rows):
    """How many files came out how, before and now."""
    names = {}
    for row in rows:
        names.setdefault(outcome(row), []).append(row)
    yield "| outcome | files |"
    yield "|---|---|"
    for name, found in sorted(names.items(), key=lambda item: -len(item[1])):
        yield f"| {name} | {len(found)} |"


def summary(rows):
    accepted = [row for row in rows if row["ros"] == "accepts"]
    loaded = [row for row in rows if outcome(row) == "loads"]
    before = [row for row in rows if row["before"] in ("loads", "no joint moves")]
    now = [row for row in rows if outcome(row) in ("loads", "no joint moves in it")]
    lost = [row["path"] for row in rows if row in before and row not in now]
    unstable = [row["path"] for row in loaded if not row["trials"].startswith("stable")]
    yield (
        f"{len(rows)} files of {len({row['repository'] for row in rows})} repositories were tried. ROS's parser accepts {len(accepted)} of "
        f"them. Sinew reads {len(now)} of all, {len(before)} of them before this version; {len(loaded)} get a scene. "
        + (f"No longer read: {', '.join(lost)}. " if lost else "")
        + "All that get a scene step stably" + (f", but for {', '.join(unstable)}." if unstable else "."))
    yield ""
    yield from counts(rows)


def table(rows):
    yield "| file | repository and folder | check_urdf | before | sinew | 10 s |"
    yield "|---|---|---|---|---|---|"
    for row in rows:
        path = pathlib.Path(row["path"])
        yield (
            f"| {path.name} | {row['repository']}: {path.parent} | {row['ros']} | {row['before']} | {row['sinew']} | {row['trials']} |")


def write(file, name, lines):
    pattern = re.compile(rf"(<!-- {name}: [^>]*-->\n).*?(?=<!-- end -->)", re.DOTALL)
    page = file.read_text()
    assert pattern.search(page), f"{file} has no place for '{name}'"
    file.write_text(pattern.sub(lambda match: match.group(1) + "\n".join(lines) + "\n", page))


def earlier():
    """What the page says that an earlier version made of each file; what is not there was not tried."""
    found = {}
    for line in PAGE.read_text().splitlines():
        cells = [part.strip() for part in line.strip("| ").split(" | ")]
        if len(cells) > 4 and ": " in cells[1]:
            repository, folder = cells[1].split(": ", 1)
            found[f"{repository}/{folder}/{cells[0]}"] = cells[3]
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kept", type=pathlib.Path, default=ROOT / "build/public_robots.json")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("words", nargs="*")
    arguments = parser.parse_args()
    for needed, remedy in (("check_urdf", "install liburdfdom-tools"), (SINEW, "swift build -c release --product sinew")):
        if not shutil.which(needed):
            sys.exit(f"{needed} is not there; {remedy}")
    arguments.kept.parent.mkdir(parents=True, exist_ok=True)
    kept = json.loads(arguments.kept.read_text()) if arguments.kept.exists() else {}
    before, rows = earlier(), []
    for repository, commit, path in read_list():
        name = f"{repository}/{path}"
        if arguments.words and not any(word in name for word in arguments.words):
            continue
        file = arguments.folder / name
        if name not in kept:
            if not file.is_file():
                sys.exit(f"{file} is not there; clone https://github.com/{repository} into {file.parent} at {commit}")
            verdict, trials = sinew(str(file))
            kept[name] = {
                "repository": repository, "path": path, "ros": ros(str(file)), "sinew": verdict, "trials": trials}
            arguments.kept.write_text(json.dumps(kept, indent=1))
        rows.append(kept[name] | {"before": before.get(name, "-")})
        print(*list(table(rows[-1:]))[2:], flush=True)
    print(*summary(rows), sep="\n")
    if not arguments.words:
        write(SUMMARY, "summary", summary(rows))
        write(PAGE, "files", table(rows))
        print(f"wrote {SUMMARY} and {PAGE}")


if __name__ == "__main__":
    main()
