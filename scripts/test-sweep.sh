#!/usr/bin/env bash
# Sweeps that are killed, Optuna's study and Kubernetes' manifest (test_sweep.py), or with `slurm` a job array of a Slurm of its own
# (test_slurm.py; as root).
#
#   scripts/test-sweep.sh [SINEW] [slurm]
set -euo pipefail
cd "$(dirname "$0")/.."
sinew=$(realpath "${1:-.build/release/sinew}")
export SINEW_HOME=$PWD PYTHONDONTWRITEBYTECODE=1
kind=${2:-sweep}
if [ "$kind" = slurm ]; then scripts/dependencies.sh slurm-wlm munge; fi
scripts/sweep-python.sh
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
.venv-sweep/bin/python "scripts/test_$kind.py" "$sinew" "$folder"
