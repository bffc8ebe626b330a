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
[ "$kind" = slurm ] && scripts/dependencies.sh slurm-wlm munge
[ -x .venv-sweep/bin/python ] || python3 -m venv .venv-sweep
.venv-sweep/bin/python -m pip install --quiet --disable-pip-version-check optuna==5.0.0 kubernetes-validate==1.37.0 PyYAML
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
.venv-sweep/bin/python "scripts/test_$kind.py" "$sinew" "$folder"
