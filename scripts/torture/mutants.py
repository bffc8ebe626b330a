# SPDX-License-Identifier: MIT
"""Mutated robots and scenes: none crashes, hangs or takes a gigabyte, and each is refused, or simulated and trained."""
import os
import re
import xml.etree.ElementTree as tree

from trial import REFUSED, Failed

ABOUT = "URDF and YAML mutated by bytes and by structure: scenes --check, scenes --new, train"
COUNT = 300
NUMBERS = ["0", "-1", "1e308", "-1e308", "5e-324", "nan", "inf", "-inf", "1e-12", "1e12", "", "0x10", "1e", "9" * 400, "--1", "1 2 3 4 5"]
YAML_VALUES = NUMBERS + ["null", "true", "[]", "{}", "[[]]", "{a: b}", "*x", "&x 1", "!!binary aa", "|", "'", '"', "- -", "? x", "\t1"]


def damage_bytes(data, random):
    """Cuts, flips, inserts, removes, doubles or overwrites, once or a few times; says what it did."""
    done = []
    data = bytearray(data)
    for _ in range(random.choice([1, 1, 1, 2, 5])):
        size = len(data)
        at, some = random.randrange(size + 1), random.choice([1, 2, 8, 64])
        how = random.choice(["cut", "flip", "flip", "insert", "remove", "double", "overwrite", "empty"] if size > 1 else ["insert"])
        if how == "cut":
            del data[at:]
        elif how == "flip" and at < size:
            data[at] ^= 1 << random.randrange(8)
        elif how == "insert":
            data[at:at] = random.randbytes(some)
        elif how == "remove":
            del data[at:at + some]
        elif how == "double":
            data[at:at] = data[at:at + some * 16]
        elif how == "overwrite":
            data[at:at + some] = random.choice([random.randbytes(some), b"\0" * some, b"\xff" * some])
        elif how == "empty" and random.random() < 0.2:
            data.clear()
        done.append(f"{how} at {at}")
    return bytes(data), ", ".join(done)


def mutate_xml(data, random):
    root = tree.fromstring(data)
    for _ in range(random.choice([1, 2, 3, 8])):
        parents = [element for element in root.iter() if len(element)]
        every = list(root.iter())
        parent, some, other = random.choice(parents), random.choice(every), random.choice(every)
        how = random.randrange(8)
        if how == 0:
            parent.remove(random.choice(list(parent)))
            if not len(root):
                break
        elif how == 1:
            parent.append(tree.fromstring(tree.tostring(random.choice(list(parent)))))
        elif how == 2 and some.attrib:
            some.set(random.choice(list(some.attrib)), random.choice(NUMBERS))
        elif how == 3 and some.attrib and other.attrib:
            some.set(random.choice(list(some.attrib)), random.choice(list(other.attrib.values())))
        elif how == 4:
            some.tag = random.choice([other.tag, "x", "robot"])
        elif how == 5 and some.attrib:
            del some.attrib[random.choice(list(some.attrib))]
        elif how == 6:
            parent.append(tree.fromstring(tree.tostring(some)))
        elif how == 7 and some.attrib:
            name = random.choice(list(some.attrib))
            some.set(name, re.sub(r"[-.\de]+", lambda _: random.choice(NUMBERS), some.get(name), count=1))
    return tree.tostring(root)


def mutate_yaml(data, random):
    lines = data.decode().split("\n")
    for _ in range(random.choice([1, 2, 3, 8])):
        at, how = random.randrange(len(lines)), random.randrange(7)
        if how == 0 and len(lines) > 2:
            del lines[at]
        elif how == 1:
            lines.insert(random.randrange(len(lines)), lines[at])
        elif how == 2:
            lines[at] = re.sub(r"-?\d[\d.e-]*", lambda _: random.choice(YAML_VALUES), lines[at], count=1)
        elif how == 3:
            lines[at] = re.sub(r": .*", lambda _: ": " + random.choice(YAML_VALUES), lines[at], count=1)
        elif how == 4:
            lines[at] = " " * random.choice([1, 2, 5]) + lines[at]
        elif how == 5:
            words = re.findall(r"[a-z_]{3,}", data.decode())
            lines[at] = re.sub(r"[a-z_]{3,}", lambda _: random.choice(words), lines[at], count=1)
        else:
            lines[at] = lines[at].lstrip() if random.random() < 0.5 else lines[at].replace("[", "{", 1)
    return "\n".join(lines).encode()


def trial(campaign, index, trial):
    """Every other mutant is a robot; of each kind half are mutated by structure, half by bytes."""
    home, random = campaign.environment["SINEW_HOME"], trial.random
    name = random.choice(["pendulum", "hopper", "reacher", "walker", "quadruped", "acrobot"])
    files = {f"{name}.urdf": read(f"{home}/Robots/{name}.urdf"), f"{name}.yaml": read(f"{home}/Scenes/{name}.yaml")}
    robot, by_bytes = index % 2 == 0, index // 2 % 2 == 0
    victim = f"{name}.urdf" if robot else f"{name}.yaml"
    if by_bytes:
        files[victim], _ = damage_bytes(files[victim], random)
    else:
        files[victim] = (mutate_xml if robot else mutate_yaml)(files[victim], random)
    for file, data in files.items():
        with open(trial.path(file), "wb") as opened:
            opened.write(data)
    kind = f"{'URDF' if robot else 'YAML'} by {'bytes' if by_bytes else 'structure'}"
    words = ["scenes", "--new", f"{name}.urdf", "--output", "new.yaml"] if robot and random.random() < 0.5 else \
        ["scenes", "--check", victim if robot and random.random() < 0.5 else f"{name}.yaml"]
    outcome = trial.run(*words)
    if outcome.code not in {0, 70} | REFUSED:
        raise Failed(f"{kind}: {outcome}")
    if outcome.code != 0:
        if "sinew: " not in outcome.text and victim not in outcome.text:
            raise Failed(f"{kind}: the error names no file: {outcome}")
        return f"{kind}: refused ({outcome.code})"
    return f"{kind}: taken, {train(trial, 'new.yaml' if '--new' in words else f'{name}.yaml')}"


def train(trial, scene):
    """What was taken is trained a little: it ends, or refuses."""
    outcome = trial.run("train", f"./{scene}", "--steps", "40", "--set", "sac.warm_up=20", "--set", "sac.hidden=[8]", "--set", "sac.batch=8",
                        "--set", "evaluate.every=40", "--set", "evaluate.episodes=1", "--set", "episode.steps=40", "--output", "run")
    if outcome.code not in {0, 70} | REFUSED:
        raise Failed(f"train {scene}: {outcome}")
    return "trained" if outcome.code == 0 else f"not trained ({outcome.code})"


def read(path):
    with open(os.path.realpath(path), "rb") as file:
        return file.read()
