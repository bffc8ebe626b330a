#!/usr/bin/env bash
# Makes every figure of docs/results.md again: trains each scene with its own settings and several seeds, scores the best policies on
# 100 fresh episodes, keeps the small files in docs/results, and draws the curves. Runs are kept in runs/results; a run that is there
# goes on from its checkpoint. Two runs at a time (JOBS=n for another number), one thread each: 47 runs, 9.2 million steps, three quarters of an hour on two cores.
#
#   scripts/results.sh              # everything
#   scripts/results.sh hopper ant   # these scenes, with their comparisons
set -euo pipefail
cd "$(dirname "$0")/.."
export SINEW_HOME=$PWD
sinew=${SINEW:-.build/release/sinew}
runs=runs/results
mkdir -p "$runs"

# name of the curve, scene, seeds, then what is changed of the scene's settings
plan=$(grep -v '^#' scripts/results.txt)
wanted=" $* "

# A scene with another reward shows what a policy does: the forward velocity alone; for the ant, an episode also ends where it tips
# over by more than one radian.
speed_scene() { # scene, file
    sed -e '/{term: alive/d' -e '/{term: action_squared/d' \
        -e 's/^terminate:/terminate:\n  - {term: bad_orientation, above: 1}/' "Scenes/$1.yaml" >"$2"
    [ "$1" = ant ] || sed -i -e '/{term: bad_orientation/d' "$2"
}

one() { # name, scene, seed, settings...
    local name=$1 scene=$2 seed=$3 out=$runs/$1-$3
    shift 3
    local flags=()
    for setting in "$@"; do flags+=(--set "$setting"); done
    echo "== $name, seed $seed"
    "$sinew" train "$scene" --seed "$seed" --threads 1 --output "$out" --resume "${flags[@]}" >"$out.log" 2>&1 \
        || { cat "$out.log"; return 1; }
    "$sinew" replay "$out" --episodes 100 --seed 1000 --json >"$out/score.json"
    case $scene in hopper | walker | cheetah | ant)
        speed_scene "$scene" "$out/$scene-speed.yaml"
        "$sinew" replay "$out" --scene "$out/$scene-speed.yaml" --episodes 100 --seed 1000 --json >"$out/speed.json" ;;
    esac
}
export -f one speed_scene
export sinew runs

tasks=$(while read -r name scene seeds settings; do
    [ $# -eq 0 ] || [[ $wanted == *" $scene "* ]] || continue
    for seed in ${seeds//,/ }; do echo "$name $scene $seed${settings:+ $settings}"; done
done <<<"$plan")
xargs -P "${JOBS:-2}" -L 1 bash -c 'one "$@"' _ <<<"$tasks"

python3 scripts/results.py
curves=docs/results/curves
draw() { # picture, axis, curves...
    "$sinew" plot "${@:3}" --against "$2" --output "docs/images/learned-$1.svg" --force
}
shopt -s nullglob
walkers=("$curves"/{hopper,walker,cheetah,ant}-[0-9])
small=("$curves"/{pendulum,inverted-pendulum,inverted-double-pendulum,reacher,acrobot}-[0-9])
draw walkers steps "${walkers[@]}"
draw walkers-seconds seconds "${walkers[@]}"
draw small steps "${small[@]}"
draw small-seconds seconds "${small[@]}"
for scene in hopper walker cheetah ant; do # what the policies of seed 0 do
    [ -d "$runs/$scene-0" ] || continue
    "$sinew" replay "$runs/$scene-0" --episodes 1 --seed 1000 --record "$runs/$scene-0/episode.safetensors" --force >/dev/null
    cp "$runs/$scene-0/episode.svg" "docs/images/$scene.svg"
done
draw options steps "$curves"/hopper-* "$curves"/ant-*
