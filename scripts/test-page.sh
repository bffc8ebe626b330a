#!/usr/bin/env bash
# Pages that `sinew replay --html` writes, in a headless Chromium whose network is cut, and `sinew view` in one that reaches this machine
# alone. Policies of a few steps are enough for it.
#
#   scripts/test-page.sh [SINEW] [FOLDER FOR PICTURES]
set -euo pipefail
cd "$(dirname "$0")/.."
sinew=$PWD/${1:-.build/release/sinew}
[ "${1:0:1}" = / ] && sinew=$1
export SINEW_HOME=$PWD
scripts/dependencies.sh chromium
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for scene in hopper quadruped; do
    "$sinew" train "$scene" --steps 400 --set evaluate.every=200 --set evaluate.episodes=1 --output "$folder/$scene" >"$folder/log" 2>&1 ||
        { cat "$folder/log" >&2; exit 1; }
    "$sinew" replay "$folder/$scene" --episodes 2 --html "$folder/$scene.html" >"$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }
done
python3 scripts/test_page.py "$folder/hopper.html" "$folder/quadruped.html" ${2:+--shots "$2"}
python3 scripts/test_view.py "$sinew" "$folder" ${2:+--shots "$2"}
