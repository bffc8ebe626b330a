# SPDX-License-Identifier: MIT
"""The example that trains in one file ends with a policy that `sinew` takes."""
import pathlib
import subprocess
import sys

import sinew

EXAMPLE = pathlib.Path(__file__).parents[2] / "Examples/python/sac.py"


def test_it_learns_and_leaves_a_policy(tmp_path):
    file = tmp_path / "reacher.safetensors"
    flags = ["--scene", "reacher", "--steps", "6000", "--output", str(file)]
    done = subprocess.run([sys.executable, str(EXAMPLE), *flags], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert f"wrote {file}" in done.stdout
    # At rest the arm gets about -12 an episode, with random actions -43.
    assert sinew.evaluate(file, episodes=50, seed=5).mean_return > -10
