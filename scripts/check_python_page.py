#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the Python snippets of docs/python.md one after the other, with a policy of random weights where the page has a trained one.

    check_python_page.py [PAGE]

One that imports what is not installed is skipped aloud.
"""
import os
import pathlib
import re
import sys
import tempfile

import numpy

import sinew

PAGE = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent / "docs/python.md").resolve()


def main():
    random = numpy.random.default_rng(0)
    sizes = [(64, 11), (64, 64), (6, 64)]
    layers = [(random.normal(size=size) / 8, numpy.zeros(size[0])) for size in sizes]
    names = {"model": layers, "observation": numpy.zeros(11, numpy.float32)}
    done = skipped = 0
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        os.mkdir("runs")
        # A policy file where the page has a run.
        sinew.save_policy("runs/hopper-sac-0", layers, "hopper")
        for number, snippet in enumerate(re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL), 1):
            snippet = snippet.replace("path/to/scene.yaml", "hopper").replace("episodes=100", "episodes=2")
            try:
                exec(compile(snippet, f"{PAGE.name}, snippet {number}", "exec"), names)
            except ModuleNotFoundError as error:
                print(f"snippet {number} skipped: {error}")
                skipped += 1
                continue
            done += 1
        os.chdir("/")
    print(f"{done} snippets of {PAGE.name} run, {skipped} skipped")
    return 0 if done else 1


sys.exit(main())
