#!/usr/bin/env bash
# The C targets alone, built by CMake, their tests under AddressSanitizer and UndefinedBehaviorSanitizer.
#
#   scripts/ctest.sh            the tests, with a hundred thousand random physics definitions and calls
#   scripts/ctest.sh million    a million of them
#   scripts/ctest.sh drops      ten thousand drops of every shape, without sanitizers
set -euo pipefail
cd "$(dirname "$0")/.."
build=build/sanitized

if [ "${1:-}" = drops ]; then
    cmake -S . -B build/plain -DCMAKE_BUILD_TYPE=Release >/dev/null
    exec cmake --build build/plain --target drops-full
fi

echo "== C tests under AddressSanitizer and UBSan (about two minutes)"
cmake -S . -B "$build" -DSINEW_SANITIZE=ON -DCMAKE_BUILD_TYPE=RelWithDebInfo >/dev/null
cmake --build "$build" --parallel >/dev/null
if [ "${1:-}" = million ]; then
    cmake --build "$build" --target fuzz-million
else
    ctest --test-dir "$build" --output-on-failure
fi
