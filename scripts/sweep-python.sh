#!/usr/bin/env bash
# Makes .venv-sweep: a Python with Optuna and what reads manifests of Kubernetes.
set -euo pipefail
cd "$(dirname "$0")/.."
[ -x .venv-sweep/bin/python ] || python3 -m venv .venv-sweep
.venv-sweep/bin/python -m pip install --quiet --disable-pip-version-check optuna==5.0.0 kubernetes-validate==1.37.0 PyYAML==6.0.4
