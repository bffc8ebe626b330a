#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Robots of MuJoCo Menagerie, byte for byte, against MuJoCo: masses, centres, inertias, frames and axes to 1e-9, and motion in the air.
# scripts/menagerie.sh PYTHON [FOLDER]: a Python that has mujoco; FOLDER is a checkout, without it one is cloned into build.
set -euo pipefail
cd "$(dirname "$0")/.."
python=$1 folder=${2:-build/menagerie}
commit=75df466bb0e39d8d7fa66b556513cfc676919924

if [[ ! -d $folder ]]; then
    git clone --quiet --filter=blob:none --no-checkout https://github.com/google-deepmind/mujoco_menagerie "$folder"
    git -C "$folder" checkout --quiet "$commit"
fi
golden=build/menagerie-golden
mkdir -p "$golden"
files=()
for robot in unitree_go1/go1 unitree_go2/go2 unitree_a1/a1 anybotics_anymal_c/anymal_c universal_robots_ur5e/ur5e; do
    files+=("$(realpath "$folder")/$robot.xml")
done
"$python" Tests/RobotsTests/Golden/make_mjcf.py --to "$golden" "${files[@]}"
pairs=()
for file in "${files[@]}"; do pairs+=("$file:$PWD/$golden/$(basename "$file" .xml).json"); done
SINEW_MJCF=$(IFS=,; echo "${pairs[*]}") swift test --filter 'MJCFGoldenTests|MJCFMotionTests'
