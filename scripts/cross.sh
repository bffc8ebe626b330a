#!/usr/bin/env bash
# Exported C on another processor: compiles folders of exported C source for 32-bit ARM by Debian's cross compiler, runs the
# self-test and ten thousand observations under qemu-user, compares with this machine, and prints the sizes.
#
#     scripts/cross.sh [FOLDER...]      (default: an export of the tests' pendulum policy)
set -euo pipefail
cd "$(dirname "$0")/.."
cross=arm-linux-gnueabihf
for program in $cross-gcc qemu-arm; do
    command -v "$program" >/dev/null || {
        echo "missing: $program (Debian: apt install gcc-$cross libc6-dev-armhf-cross qemu-user)" >&2
        exit 69
    }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ $# -eq 0 ]; then
    .build/release/sinew export Tests/ExportTests/Golden/pendulum.safetensors --format c --output "$work/pendulum" >/dev/null
    set -- "$work/pendulum"
fi

for folder in "$@"; do
    prefix=$(sed -n 's/^const char \*\(.*\)_contract(void);$/\1/p' "$folder/policy.h")
    upper=${prefix^^}
    cat >"$work/main.c" <<END
#include "policy.h"
#include <stdio.h>
int main(void) {
    static ${prefix}_state state;
    float largest, observation[${upper}_OBSERVATION_COUNT], action[${upper}_ACTION_COUNT];
    unsigned seed = 1;
    ${prefix}_init(&state, 0);
    if (!${prefix}_self_test(&state, &largest)) return 1;
    fprintf(stderr, "self-test passed, largest difference %g\n", (double)largest);
    for (int row = 0; row < 10000; row++) {
        for (int i = 0; i < ${upper}_OBSERVATION_COUNT; i++) {
            seed = seed * 1664525u + 1013904223u;
            observation[i] = (float)(int)(seed >> 8) / 8388608.0f * 6 - 6;
        }
        if (${prefix}_act(&state, observation, action) & ${upper}_FLAG_NOT_FINITE) return 1;
        for (int i = 0; i < ${upper}_ACTION_COUNT; i++) printf("%.9g\n", (double)action[i]);
    }
    return 0;
}
END
    cc -O2 -I "$folder" -o "$work/native" "$work/main.c" "$folder/policy.c" -lm
    "$work/native" >"$work/native.txt" 2>/dev/null
    for level in -O0 -O2 -Os; do
        $cross-gcc $level -Wall -Wextra -Wconversion -pedantic -Werror -I "$folder" -c -o "$work/policy.o" "$folder/policy.c"
        $cross-gcc $level -I "$folder" -o "$work/arm" "$work/main.c" "$work/policy.o" -lm
        echo "$folder $level: $(qemu-arm -L /usr/$cross "$work/arm" 2>&1 >"$work/arm.txt")"
        paste "$work/native.txt" "$work/arm.txt" | awk '
            { d = $1 - $2; if (d < 0) d = -d; s = $1 < 0 ? -$1 : $1; if (d > m) m = d; if (s > r) r = s }
            END { printf "  largest difference of %d actions from this machine: %.3g (largest action %.3g)\n", NR, m, r
                  exit !(NR > 0 && m <= 1e-5 * r) }'
        $cross-size "$work/policy.o" | awk 'NR == 2 { printf "  text and constants %d bytes, data %d, bss %d\n", $1, $2, $3 }'
        $cross-size -A "$work/policy.o" | awk '$1 ~ /^\.text/ { t += $2 } $1 ~ /^\.rodata/ { r += $2 }
            END { printf "  code %d bytes, constants %d bytes\n", t, r }'
    done
done
