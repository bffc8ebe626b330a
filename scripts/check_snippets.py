#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the Python snippets of docs/policy-file.md on the tests' policy; each must print a difference below 1e-5.

A snippet whose modules are not installed is skipped aloud.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def main():
    text = open(f"{ROOT}/docs/policy-file.md").read()
    snippets = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    failures = 0 if snippets else 1
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(f"{ROOT}/Tests/ExportTests/Golden/pendulum.safetensors", folder)
        for i, snippet in enumerate(snippets):
            run = subprocess.run([sys.executable, "-c", snippet], cwd=folder, capture_output=True, text=True)
            if "ModuleNotFoundError" in run.stderr:
                print(f"snippet {i}: skipped: {run.stderr.strip().splitlines()[-1]}")
                continue
            number = re.search(r"[0-9.]+(e-?[0-9]+)?", run.stdout)
            ok = run.returncode == 0 and number is not None and float(number.group()) < 1e-5
            print(f"snippet {i}: {run.stdout.strip()} {'ok' if ok else 'FAILED ' + run.stderr[-500:]}")
            failures += not ok
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
