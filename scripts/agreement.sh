#!/usr/bin/env bash
# All ways to run a policy against each other, over ten thousand observations each: Swift, ONNX Runtime, onnx.reference, exported C and
# the C runtime (gcc and clang, -O0, -O2, -Os), within 1e-5 of each action's range.
#
#     scripts/agreement.sh [POLICY...]     of trained policies (files or run folders) and SHAPES (default 24) random shapes;
#                                          and that none of LIMITS (default 200) policies with random limits leaves its contract;
#                                          without POLICY it trains pendulum, inverted-pendulum and reacher first (two minutes)
set -euo pipefail
cd "$(dirname "$0")/.."
sinew=.build/release/sinew
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ $# -eq 0 ]; then
    for scene in pendulum inverted-pendulum reacher; do
        echo "== Training $scene"
        "$sinew" train "$scene" --output "$work/$scene" 2>/dev/null
        set -- "$@" "$work/$scene"
    done
fi
files=()
for policy in "$@"; do
    [ -d "$policy" ] && policy=$policy/best.safetensors
    files+=("$(realpath "$policy")")
done
scripts/python.sh
export SINEW_PYTHON="$PWD/.venv/bin/python"
echo "== Comparing ${#files[@]} trained policies and ${SHAPES:-24} random shapes"
SINEW_AGREEMENT_POLICIES="${files[*]}" SINEW_AGREEMENT_SHAPES=${SHAPES:-24} SINEW_AGREEMENT_LIMITS=${LIMITS:-200} CI=true \
    swift test -c release --no-parallel --filter 'AgreementTests|LimitTests' 2>&1 | grep -vE '^\[|^Building|^◇'
