#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Collects what scripts/results.sh trained: small files into docs/results/curves, tables into docs/results.md."""
import csv
import json
import pathlib
import re
import shutil
import statistics

ROOT = pathlib.Path(__file__).resolve().parent.parent
RUNS = ROOT / "runs/results"
CURVES = ROOT / "docs/results/curves"
PAGE = ROOT / "docs/results.md"

# The figure that each scene is asked for, and how seeds are joined.
WANTED = {
    "pendulum": (-160, "worst"),
    "inverted-pendulum": (1000, "worst"),
    "reacher": (-7, "worst"),
    "acrobot": (-100, "worst"),
    "inverted-double-pendulum": (9000, "worst"),
    "hopper": (2000, "median"),
    "walker": (1500, "median"),
    "cheetah": (3000, "median"),
    "ant": (None, None),
}


def read_plan():
    """The rows of scripts/results.txt: name, scene, seeds, settings."""
    for line in (ROOT / "scripts/results.txt").read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            name, scene, seeds, *settings = line.split()
            yield name, scene, seeds.split(","), settings


def collect(name, seed):
    """Keeps a run's recipe, evaluations and scores; returns what is kept, or None where it was never trained."""
    source, kept = RUNS / f"{name}-{seed}", CURVES / f"{name}-{seed}"
    if (source / "score.json").exists() and (source / "score.json").stat().st_size:
        kept.mkdir(parents=True, exist_ok=True)
        shutil.copy(source / "run.yaml", kept)
        shutil.copy(source / "evaluations.csv", kept)
        scores = {}
        for part in ("score", "speed"):
            if (source / f"{part}.json").exists() and (source / f"{part}.json").stat().st_size:
                scores[part] = json.loads((source / f"{part}.json").read_text())
                del scores[part]["returns"]
        (kept / "scores.json").write_text(json.dumps(scores, indent=1, sort_keys=True) + "\n")
    if not (kept / "scores.json").exists():
        return None
    result = json.loads((kept / "scores.json").read_text())
    with open(kept / "evaluations.csv") as file:
        result["evaluations"] = [{k: float(v) for k, v in row.items()} for row in csv.DictReader(file)]
    result["seed"] = seed
    return result


def number(value):
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.1f}"


def clock(seconds):
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def means(results):
    return [result["score"]["mean_return"] for result in results]


def first_step(result, wanted):
    """The step of the first evaluation that reached the figure."""
    return next((row["step"] for row in result["evaluations"] if row["mean_return"] >= wanted), None)


def learned_table(plan):
    lines = [
        "| scene | steps | wanted | seeds | mean return of each | median | worst episode of all | wanted first reached at step | seconds |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for scene, results in plan.items():
        wanted, rule = WANTED[scene]
        scores = means(results)
        steps = {int(result["evaluations"][-1]["step"]) for result in results}
        firsts = [first_step(result, wanted) for result in results] if wanted is not None else []
        lines.append(
            "| {} | {} | {} | {} | {} | **{}** | {} | {} | {} |".format(
                scene,
                ", ".join(f"{int(result['evaluations'][-1]['step']):,}" for result in results) if len(steps) > 1 else f"{min(steps):,}",
                "" if wanted is None else f"{number(wanted)} ({rule} seed)",
                ", ".join(result["seed"] for result in results),
                ", ".join(number(score) for score in scores),
                number(statistics.median(scores)),
                number(min(result["score"]["min_return"] for result in results)),
                ", ".join("never" if first is None else f"{first:,.0f}" for first in firsts),
                ", ".join(clock(result["evaluations"][-1]["seconds"]) for result in results),
            )
        )
    return lines


def speed_table(plan):
    lines = [
        "| scene | seed | forward speed (m/s), mean over 100 episodes | slowest episode's mean | episodes that ended early |",
        "|---|---|---|---|---|",
    ]
    for scene, results in plan.items():
        for result in results:
            if speed := result.get("speed"):
                lines.append(
                    "| {} | {} | **{:.2f}** | {:.2f} | {} of {} |".format(
                        scene, result["seed"], speed["mean_return"] / speed["mean_length"],
                        speed["min_return"] / 1000, speed["terminated"], speed["episodes"],
                    )
                )
    return lines


def option_table(options):
    lines = [
        "| scene | settings changed | steps | seeds | best policy's mean return of each | median | seconds |",
        "|---|---|---|---|---|---|---|",
    ]
    for scene, settings, results in options:
        scores = means(results)
        lines.append(
            "| {} | {} | {:,.0f} | {} | {} | {} | {} |".format(
                scene,
                ", ".join(f"`{setting.removeprefix('sac.')}`" for setting in settings if "steps" not in setting) or "none",
                results[0]["evaluations"][-1]["step"],
                ", ".join(result["seed"] for result in results),
                ", ".join(number(score) for score in scores),
                number(statistics.median(scores)),
                clock(statistics.median(result["evaluations"][-1]["seconds"] for result in results)),
            )
        )
    return lines


def replace(page, name, lines):
    pattern = re.compile(rf"(<!-- {name}: [^>]*-->\n).*?(?=<!-- end -->)", re.DOTALL)
    assert pattern.search(page), f"docs/results.md has no place for the table '{name}'"
    return pattern.sub(lambda match: match.group(1) + "\n".join(lines) + "\n", page)


def main():
    plan, options = {}, []
    for name, scene, seeds, settings in read_plan():
        results = [result for seed in seeds if (result := collect(name, seed))]
        if results and name == scene:
            plan[scene] = results
        elif results:
            options.append((scene, settings, results))
    page = PAGE.read_text()
    for table, lines in (
        ("learned", learned_table(plan)), ("speed", speed_table(plan)), ("options", option_table(options))
    ):
        page = replace(page, table, lines)
    PAGE.write_text(page)
    print("wrote docs/results.md")


if __name__ == "__main__":
    main()
