#!/usr/bin/env bash
# A search that should pay: Examples/sweeps/reacher.yaml, and its best settings beside the scene's own.
#
#   scripts/search.sh [SINEW] [FOLDER]
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/sweep-python.sh
SINEW_PYTHON=$PWD/.venv-sweep/bin/python SINEW_HOME=$PWD python3 scripts/search.py "$(realpath "${1:-.build/release/sinew}")" \
    Examples/sweeps/reacher.yaml "${2:-sweeps/search}"
