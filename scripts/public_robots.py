#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Tries the public robots of scripts/public_robots.txt and writes what became of them into docs/urdf.md.

scripts/public_robots.py FOLDER [WORD...]: FOLDER holds the repositories as owner/name/..., each at the commit that the list names;
with words, only files whose path has one of them, and nothing is written. Needs check_urdf (Debian: liburdfdom-tools) and
.build/release/sinew; takes two minutes of a core.
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/urdf.md"
SINEW = ROOT / ".build/release/sinew"
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
    return "refuses: " + cell(words).strip()[:71].rstrip()


def refusal(file, text):
    """The first error of a check, without the file's name and the remedy, and how many more there are."""
    errors = [line for line in text.splitlines() if re.match(re.escape(file) + r":(\d+:)? error: ", line)]
    first = errors[0].removeprefix(file).replace(": error: ", " ", 1)
    line, message = re.match(r"(?::(\d+))? (.*)", first).groups()
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return f"refuses: {f'line {line}: ' if line else ''}{cell(message.split('; ')[0])}{more}"


def sinew(file):
    """What `sinew` makes of a file, and of ten seconds without and with random actions."""
    check = run(str(SINEW), "scenes", "--check", file)
    with tempfile.TemporaryDirectory() as folder:
        new = run(str(SINEW), "scenes", "--new", file, "--output", f"{folder}/scene.yaml")
    assert check.returncode in (0, 65) and new.returncode in (0, 65), f"{file}: {check.stderr}{new.stderr}"
    trials = re.findall(r"^([\d.]+) s with (?:no action|random actions): (stable|diverged)(.*)", check.stdout, re.M)
    if not trials:
        assert new.returncode != 0, f"{file}: --check tries nothing, --new writes a scene"
        return ("no joint moves" if "no joint moves" in check.stdout else refusal(file, check.stdout)), "-"
    assert new.returncode == 0, f"{file}: --check tries it, --new refuses it: {new.stderr}"
    base = re.search(r"that --new would write: base (\w+)", check.stdout).group(1)
    bad = [f"{state} after {time} s{rest.split(',')[0]}" for time, state, rest in trials if state != "stable"]
    # A slow robot's trials are cut short.
    shortest = min((float(time) for time, _, _ in trials), default=10)
    if len(trials) < 2 or check.returncode != 0:
        bad = bad or ["not tried"]
    gains = re.search(r"without action the robot gains ([^,]*)", check.stdout)
    if gains:
        bad.append(f"gains {gains.group(1)}")
    return f"loads, {base}", ", ".join(bad) or ("stable" if shortest == 10 else f"stable for {shortest:g} s")


def summary(rows):
    def found(start, ros_accepts):
        return [pathlib.Path(row["path"]).name for row in rows
                if row["sinew"].startswith(start) and (row["ros"] == "accepts") == ros_accepts]

    accepted = sum(row["ros"] == "accepts" for row in rows)
    unstable = [row["path"] for row in rows if row["sinew"].startswith("loads") and not row["trials"].startswith("stable")]
    others = found("loads", False) + found("no joint", False)
    return (
        f"{len(rows)} files of {len({row['repository'] for row in rows})} repositories were tried. ROS's parser accepts {accepted} "
        f"of them. Of these Sinew loads {len(found('loads', True))}, finds {len(found('no joint', True))} in which no joint moves, "
        f"and refuses {len(found('refuses', True))} with a reason. Of the {len(rows) - accepted} that ROS's parser refuses, Sinew "
        f"refuses {len(found('refuses', False))} and reads {', '.join(others) or 'none'}. All that load step stably"
        + (f", but for {', '.join(unstable)}." if unstable else ".")
    )


def table(rows):
    yield "| file | repository and folder | check_urdf | sinew | 10 s |"
    yield "|---|---|---|---|---|"
    for row in rows:
        path = pathlib.Path(row["path"])
        yield f"| {path.name} | {row['repository']}: {path.parent} | {row['ros']} | {row['sinew']} | {row['trials']} |"


def write(page, name, lines):
    pattern = re.compile(rf"(<!-- {name}: [^>]*-->\n).*?(?=<!-- end -->)", re.DOTALL)
    assert pattern.search(page), f"docs/urdf.md has no place for '{name}'"
    return pattern.sub(lambda match: match.group(1) + "\n".join(lines) + "\n", page)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    for needed, remedy in (("check_urdf", "install liburdfdom-tools"), (str(SINEW), "swift build -c release --product sinew")):
        if not shutil.which(needed):
            sys.exit(f"{needed} is not there; {remedy}")
    folder, words = pathlib.Path(sys.argv[1]), sys.argv[2:]
    rows = []
    for repository, commit, path in read_list():
        if words and not any(word in f"{repository}/{path}" for word in words):
            continue
        file = folder / repository / path
        if not file.is_file():
            sys.exit(f"{file} is not there; clone https://github.com/{repository} into {folder}/{repository} at {commit}")
        verdict, trials = sinew(str(file))
        rows.append({"repository": repository, "path": path, "ros": ros(str(file)), "sinew": verdict, "trials": trials})
        print(*list(table(rows[-1:]))[2:], flush=True)
    print(summary(rows))
    if not words:
        page = PAGE.read_text()
        page = write(write(page, "summary", [summary(rows)]), "files", table(rows))
        PAGE.write_text(page)
        print("wrote docs/urdf.md")


if __name__ == "__main__":
    main()
