#!/usr/bin/env bash
# Tests of the Python package: the library is built as the command is, and pytest runs in an environment that python.sh made.
#
#   scripts/python-tests.sh [PYTHON [TEST FILE...]]      all files but those that need PyTorch, by .venv's Python
set -euo pipefail
cd "$(dirname "$0")/.."
python=${1:-.venv/bin/python}
files=("${@:2}")
[ ${#files[@]} -gt 0 ] || files=(Python/tests/test_environment.py Python/tests/test_vector.py Python/tests/test_policy.py Python/tests/test_mujoco.py)

echo "== Tests of the Python package (a minute)"
swift build -c release --product SinewC
swift build -c release --product sinew
export SINEW_LIBRARY=$PWD/.build/release/libSinewC.so SINEW_PYTHON_SHARE=$PWD SINEW_HOME=$PWD PYTHONPATH=$PWD/Python PYTHONDONTWRITEBYTECODE=1
"$python" -m pytest -q -p no:cacheprovider "${files[@]}"
"$python" scripts/check_python_page.py
