#!/usr/bin/env bash
# The main job from end to end: trains the pendulum, replays it over 100 episodes, exports it.
set -euo pipefail
cd "$(dirname "$0")/.."
sinew=.build/release/sinew
run=runs/demo

echo "== Training the pendulum (10,000 steps, about ten seconds)"
rm -rf "$run"
"$sinew" train pendulum --output "$run"

echo "== Replaying the best policy over 100 episodes"
mkdir -p exports
"$sinew" replay "$run" --episodes 100 --seed 1000 --record exports/pendulum-episode.safetensors --force

echo "== Exporting it"
file=$("$sinew" export "$run" --format safetensors --output exports/pendulum.safetensors --force)
echo "exported policy: $PWD/$file"
echo "pictures of an episode: $PWD/exports/pendulum-episode.svg"
mean=$("$sinew" replay "$file" --episodes 100 --seed 1000 --json | sed -n 's/.*"mean_return" : \(-*[0-9.]*\).*/\1/p')
echo "mean return over 100 episodes: $mean"
