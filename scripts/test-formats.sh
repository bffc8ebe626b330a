#!/usr/bin/env bash
# What Sinew writes for other tools, read by their own readers: Pillow (PNG, GIF), ffprobe (MP4), pygltflib and trimesh (GLB), mcap and
# Foxglove's types (MCAP), and TensorBoard, of a run that was killed and goes on. Policies of a few steps are enough for it.
#
#   scripts/test-formats.sh [SINEW]
set -euo pipefail
cd "$(dirname "$0")/.."
sinew=$PWD/${1:-.build/release/sinew}
[ "${1:0:1}" = / ] && sinew=$1
export SINEW_HOME=$PWD
scripts/dependencies.sh ffmpeg
test -x .venv-formats/bin/python || python3 -m venv .venv-formats
.venv-formats/bin/python -m pip install --quiet --disable-pip-version-check numpy==2.4.6 pillow==13.0.0 pygltflib==1.16.5 trimesh==5.2.0 \
    tensorboard==2.21.0 setuptools==65.5.0 mcap==1.6.0 mcap-protobuf-support==0.6.0 foxglove-schemas-protobuf==0.4.0
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

run() { "$sinew" "$@" >"$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }; }
train=(train quadruped --tensorboard --steps 3000 --set evaluate.every=300 --set evaluate.episodes=1
    --output "$folder/run" --resume)
# Killed three times, wherever that is.
for seconds in 3 4 5; do timeout --signal=KILL $seconds "$sinew" "${train[@]}" >"$folder/log" 2>&1 || true; done
run "${train[@]}"
run replay "$folder/run" --episodes 1 --gif "$folder/a.gif" --png "$folder/a.png" --mp4 "$folder/a.mp4" --glb "$folder/a.glb"
for ending in mcap csv; do run replay "$folder/run" --episodes 1 --record "$folder/a.$ending"; done
run replay "$folder/run" --episodes 1 --json
cp "$folder/log" "$folder/score.json"
run scenes ant --png "$folder/ant.png"
run scenes ant --glb "$folder/ant.glb"
.venv-formats/bin/python scripts/test_formats.py "$folder"
