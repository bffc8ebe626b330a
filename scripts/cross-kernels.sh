#!/usr/bin/env bash
# The kernels on 64-bit ARM: compiles CKernels by Debian's cross compiler and compares NEON with the portable twin under
# qemu-user; first the same program on this machine, with all instruction sets that it has.
set -euo pipefail
cd "$(dirname "$0")/.."
cross=aarch64-linux-gnu
for program in $cross-g++ qemu-aarch64; do
    command -v "$program" >/dev/null || {
        echo "missing: $program (Debian: apt install g++-$cross qemu-user)" >&2
        exit 69
    }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sources=(Tests/CKernelsTests/twins.cpp Sources/CKernels/*.cpp)
# System headers, so that their warnings are their own; gcc 12 warns of what its own AVX-512 header leaves undefined.
read -ra eigen <<<"$(pkg-config --cflags eigen3 | sed 's/-I/-isystem /g')"
flags=(-std=c++17 -O2 -Wall -Wextra -Werror -Wno-maybe-uninitialized -I Sources/CKernels/include "${eigen[@]}")

echo "== This machine"
c++ "${flags[@]}" "${sources[@]}" -o "$work/native"
"$work/native"
echo "== 64-bit ARM under qemu"
$cross-g++ "${flags[@]}" "${sources[@]}" -o "$work/arm64"
qemu-aarch64 -L /usr/$cross "$work/arm64"
