#!/usr/bin/env bash
# The policy runtime as others use it: installs its CMake package into a fresh folder, builds Examples/controller outside the
# tree against it, and lets it swing up the pendulum by a policy file (default: the one of the tests) for eight seconds.
set -euo pipefail
cd "$(dirname "$0")/.."
policy=$(realpath "${1:-Tests/ExportTests/Golden/pendulum.safetensors}")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

echo "== Installing the policy runtime and building the example controller against it (15 seconds)"
cmake -S Sources/CPolicyRuntime -B "$folder/runtime" -DBUILD_TESTING=OFF -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_INSTALL_PREFIX="$folder/prefix" >/dev/null
cmake --build "$folder/runtime" >/dev/null
cmake --install "$folder/runtime" >/dev/null
cp -r Examples/controller "$folder/controller"
cmake -S "$folder/controller" -B "$folder/build" -DCMAKE_PREFIX_PATH="$folder/prefix" -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_C_FLAGS="-Wall -Wextra -Wconversion -Werror" >/dev/null
cmake --build "$folder/build" >/dev/null

said=$("$folder/build/controller" "$policy" 8)
echo "$said"
angle=$(sed -n 's/.*; \([0-9.]*\) rad from upright/\1/p' <<<"$said")
awk -v angle="$angle" 'BEGIN { exit !(angle != "" && angle < 0.3) }' || {
    echo "the pendulum does not stand upright" >&2
    exit 1
}
head -c 1000 "$policy" >"$folder/damaged"
if "$folder/build/controller" "$folder/damaged" 1 2>/dev/null; then
    echo "a damaged policy was run" >&2
    exit 1
fi
