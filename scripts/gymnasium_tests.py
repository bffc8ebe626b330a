#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs Gymnasium's own tests on Sinew's environments: its `tests` folder, of a checkout of the version that is installed.

    scripts/gymnasium_tests.py CHECKOUT

Tests of all environments get ours; where vector tests name CartPole-v1, they get the hopper, and where they make a vector environment by
`sync`, our own. Those that are about discrete actions or CartPole itself are left out, by the list below.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

UTILS = '''
import gymnasium as gym
import sinew
all_testing_env_specs = [spec for name, spec in gym.envs.registry.items() if name.startswith("Sinew/")]
all_testing_initialised_envs = [spec.make(disable_env_checker=True).unwrapped for spec in all_testing_env_specs]
mujoco_testing_env_specs = gym_testing_env_specs = []
'''
FILES = ["envs/test_envs.py", "vector/test_vector_env.py", "vector/test_sync_vector_env.py", "vector/test_async_vector_env.py",
         "vector/test_vector_wrapper.py", "vector/test_autoreset_mode.py", "vector/test_vector_env_info.py"]
# What these ask for is not ours to have: discrete actions, the attribute `gravity` of CartPole, Box2D.
OTHERS = ["vector/test_sync_vector_env.py::test_call_sync_vector_env", "vector/test_sync_vector_env.py::test_sync_vector_env_seed",
          "vector/test_async_vector_env.py::test_step_async_vector_env", "vector/test_async_vector_env.py::test_call_async_vector_env",
          "vector/test_vector_wrapper.py::test_vector_env_wrapper_attributes"]


def main():
    with tempfile.TemporaryDirectory() as folder:
        tests = pathlib.Path(folder) / "tests"
        shutil.copytree(pathlib.Path(sys.argv[1]) / "tests", tests)
        (tests / "envs/utils.py").write_text(UTILS)
        for file in (tests / "vector").glob("*.py"):
            text = file.read_text().replace("CartPole-v1", "sinew:Sinew/Hopper-v0")
            file.write_text(text.replace('"sinew:Sinew/Hopper-v0", num_envs=3, vectorization_mode="sync"', '"sinew:Sinew/Hopper-v0", num_envs=3, vectorization_mode="vector_entry_point"'))
        asked = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-rf", *(f"tests/{name}" for name in FILES), *(f"--deselect=tests/{name}" for name in OTHERS)]
        return subprocess.run([*asked, *sys.argv[2:]], cwd=folder, env={**os.environ, "PYTHONWARNINGS": "default"}).returncode


sys.exit(main())
