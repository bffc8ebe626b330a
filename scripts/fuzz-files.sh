#!/usr/bin/env bash
# Fuzzes the readers of policy files, ONNX files, contracts, meshes and MuJoCo robots with libFuzzer: scripts/fuzz-files.sh [--pack] [SECONDS] [NAME...]
# Default: 1800 seconds each for policy, onnx, contract, meshes and mjcf. Inputs that reach new code are kept in build/fuzz, those that crash, hang
# over ten seconds or take more than 256 MB in Fuzz/crashes; the corpus they start from is Fuzz/corpus/NAME.tar.gz, unpacked to a
# temporary folder. --pack adds to that file, afterwards, the inputs of build/fuzz that reach code which none of the corpus does.
set -euo pipefail
cd "$(dirname "$0")/.."
pack=no
[ "${1:-}" != --pack ] || { pack=yes; shift; }
seconds=${1:-1800}
shift || true
names=("$@")
[ ${#names[@]} -gt 0 ] || names=(policy onnx contract meshes mjcf)
mkdir -p build/fuzz Fuzz/crashes
corpus=$(mktemp -d)
trap 'rm -rf "$corpus"' EXIT

clang=$(dirname "$(readlink -f "$(command -v swift)")")/clang
[ -x "$clang" ] || clang=clang
# The sanitizer's memory counts too: freed memory is not kept long.
export ASAN_OPTIONS=quarantine_size_mb=8:detect_leaks=1

build() {
    case $1 in
    policy)
        echo "== Building the harness of the policy reader (10 seconds)"
        sources=$(ls Sources/CPolicyRuntime/*.c | grep -v /text.c)
        # shellcheck disable=SC2086
        "$clang" -std=c99 -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -I Sources/CPolicyRuntime \
            -I Sources/CPolicyRuntime/include -o build/fuzz/policy-harness Fuzz/fuzz_policy.c $sources -lm \
            2> >(grep -v 'Cannot export local symbol' >&2)
        ;;
    *)
        [ -n "${built:-}" ] && return
        echo "== Building the harnesses of the ONNX, contract, mesh and MJCF readers (2 minutes)"
        swift build --package-path Fuzz -c release -Xswiftc -sanitize=fuzzer -Xcc -fsanitize=fuzzer-no-link
        cp Fuzz/.build/release/FuzzONNX build/fuzz/onnx-harness
        cp Fuzz/.build/release/FuzzContract build/fuzz/contract-harness
        cp Fuzz/.build/release/FuzzMeshes build/fuzz/meshes-harness
        cp Fuzz/.build/release/FuzzMJCF build/fuzz/mjcf-harness
        built=yes
        ;;
    esac
}

# The same inputs give the same bytes.
pack() { # name
    "build/fuzz/$1-harness" -merge=1 -rss_limit_mb=256 -timeout=10 -max_len=16384 "$corpus/$1" "build/fuzz/$1" 2>&1 |
        grep -E 'new files'
    (cd "$corpus/$1" && LC_ALL=C tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=u=rw,go=r -cf - -- *) |
        gzip -n9 >"Fuzz/corpus/$1.tar.gz"
}

for name in "${names[@]}"; do
    build "$name"
    mkdir -p "build/fuzz/$name" "$corpus/$name"
    tar -xzf "Fuzz/corpus/$name.tar.gz" -C "$corpus/$name"
    echo "== Fuzzing the reader of $name for $seconds seconds"
    "build/fuzz/$name-harness" -max_total_time="$seconds" -rss_limit_mb=256 -timeout=10 -max_len=16384 -print_final_stats=1 \
        -artifact_prefix="Fuzz/crashes/$name-" "build/fuzz/$name" "$corpus/$name" 2>&1 |
        grep -E "^(==|#[0-9]+.*(DONE|pulse)|stat::|SUMMARY|ERROR)|ALARM|Test unit" | tail -20
    [ $pack = no ] || pack "$name"
done
rmdir Fuzz/crashes 2>/dev/null || { echo "inputs that fail are in Fuzz/crashes" >&2; exit 1; }
