#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs docs/python.ipynb from top to bottom and writes it back with its outputs (needs nbclient, ipykernel, matplotlib, mujoco, and the package sinew).

    scripts/notebook.py [--check]       --check only runs it
"""
import os
import pathlib
import sys
import tempfile

import nbformat
from nbclient import NotebookClient

NOTEBOOK = pathlib.Path(__file__).parent.parent / "docs/python.ipynb"
notebook = nbformat.read(NOTEBOOK, as_version=4)
with tempfile.TemporaryDirectory() as folder:
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": folder}}).execute()
for cell in notebook.cells:
    # When a cell ran tells nobody anything.
    cell.metadata.clear()
if "--check" not in sys.argv:
    part = NOTEBOOK.with_suffix(".part")
    nbformat.write(notebook, part)
    os.replace(part, NOTEBOOK)
print(f"{len(notebook.cells)} cells of {NOTEBOOK.name} run")
