#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Random actions in every scene under both solvers, so many control steps of each: Tests/ScenesTests/SoakTests.swift, which says what must
# hold. Prints a row for each: speeds in rad/s or m/s, memory in MB that came during it.
#
#   scripts/soak.sh 1000000
set -euo pipefail
cd "$(dirname "$0")/.."

swift build -c release --build-tests
echo "| scene | solver | steps | episodes | divergences | fastest joint | fastest link | seconds | memory |"
echo "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
SINEW_SOAK_STEPS=$1 swift test -c release --skip-build --filter SoakTests | grep --line-buffered -E '^\||✘'
