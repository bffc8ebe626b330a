#!/usr/bin/env bash
# Trains the scenes that walk forward and judges each run by Benchmarks/walking.py --bar: speed, falls, feet, and minutes where the machine
# is idle. One run at a time on as many threads as pay; a finished run is kept, one that was stopped goes on. Exit 1 where a run fails.
#
#   scripts/walking.sh                    # quadruped and go1, seeds 0 to 4: half an hour on two idle cores
#   SEEDS="0 1" scripts/walking.sh go1    # these seeds of this scene
#   RUNS=FOLDER (runs/walking), MINUTES=0 to leave time aside
set -euo pipefail
cd "$(dirname "$0")/.."
export SINEW_HOME=$PWD
sinew=${SINEW:-.build/release/sinew}
python=${PYTHON:-python3}
runs=${RUNS:-runs/walking}
status=0
[ $# -gt 0 ] || set -- quadruped go1
for scene in "$@"; do
    found=()
    for seed in ${SEEDS:-0 1 2 3 4}; do
        run=$runs/$scene-$seed
        mkdir -p "$runs"
        echo "== $scene, seed $seed"
        "$sinew" train "$scene" --seed "$seed" --output "$run" --resume >"$run.log" 2>&1 || { cat "$run.log"; exit 1; }
        found+=("$run")
    done
    limit=$([ "$scene" = quadruped ] && echo 3 || echo 6)
    minutes=(--minutes "$limit")
    [ "${MINUTES:-}" != 0 ] || minutes=()
    PYTHONPATH=Python SINEW_LIBRARY=${SINEW_LIBRARY:-.build/release/libSinewC.so} \
        "$python" Benchmarks/walking.py "${found[@]}" --bar "${minutes[@]}" --json "$runs/$scene.json" || status=1
done
exit $status
