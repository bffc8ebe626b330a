#!/usr/bin/env bash
# Everything that must hold before a change lands: what `make test` and CI run.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/lint.sh

if ! scripts/python.sh; then
    [ "${CI:-}" = true ] && { echo "the Python environment is needed in CI" >&2; exit 69; }
    echo "no Python environment: the tests of exported files will be skipped"
fi

# What runs exported files takes no Python of the folder it stands in by itself.
if [ -x .venv/bin/python ]; then export SINEW_PYTHON="$PWD/.venv/bin/python"; fi

echo "== Building everything, warnings are errors (3 to 5 minutes the first time)"
swift build -c release --build-tests --explicit-target-dependency-import-check error

echo "== Swift tests, release (about two minutes)"
swift test -c release --skip-build --parallel

if [ -x .venv/bin/python ]; then scripts/python-tests.sh; fi

scripts/ctest.sh

scripts/controller.sh

echo "== Links of the documentation"
scripts/check_links.sh

echo "== Snippets of the documentation"
if [ -x .venv/bin/python ]; then .venv/bin/python scripts/check_snippets.py; else echo "no Python environment: skipped"; fi
