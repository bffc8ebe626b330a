# SPDX-License-Identifier: MIT
"""Meshes in parts: what is written beside a mesh, and what is said where the tools are missing."""
import subprocess
import sys

import sinew.decompose


def test_each_part_has_corners_of_its_own():
    corners = [(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)]
    faces = [(0, 2, 1), (0, 1, 3), (0, 3, 2), (1, 2, 3)]
    lines = sinew.decompose.obj([(corners, faces), (corners, faces)]).splitlines()
    assert [line for line in lines if line.startswith("o ")] == ["o part_0", "o part_1"]
    assert sum(line.startswith("v ") for line in lines) == 8
    assert [line for line in lines if line.startswith("f ")] == [
        "f 1 3 2", "f 1 2 4", "f 1 4 3", "f 2 3 4", "f 5 7 6", "f 5 6 8", "f 5 8 7", "f 6 7 8"]


def test_missing_tools_are_named(tmp_path):
    # Whatever this Python has, an empty module stands in its way.
    (tmp_path / "coacd.py").write_text("raise ImportError('gone', name='coacd')\n")
    call = "import sys; sys.path.insert(0, sys.argv.pop(1)); import sinew.decompose; sinew.decompose.main()"
    done = subprocess.run([sys.executable, "-c", call, str(tmp_path), "a.stl"], capture_output=True, text=True)
    assert done.returncode == 1 and done.stderr == "coacd is missing; python3 -m pip install coacd trimesh\n"
