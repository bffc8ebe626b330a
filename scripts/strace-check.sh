#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs the tests of the command with every started `sinew` under strace, and checks that each file it opens for writing, makes, renames
# or removes lies under what that invocation names: scripts/trace_files.py has the rules. As root and as an ordinary user alike.
#
#   scripts/strace-check.sh [FOLDER OF THE BUILT TESTS]     default .build/release, by `swift build -c release --build-tests`
set -euo pipefail
cd "$(dirname "$0")/.."
[ "$(id -u)" -ne 0 ] || scripts/dependencies.sh strace
command -v strace >/dev/null || { echo "strace is missing: apt-get install strace" >&2; exit 69; }
built=$(realpath "${1:-.build/release}")
bundle=$built/sinewPackageTests.xctest
[ -x "$bundle" ] || { echo "$bundle is not built: swift build -c release --build-tests" >&2; exit 69; }

work=$(mktemp -d)
releaser=
trap '[ -z "$releaser" ] || kill "$releaser"; [ -n "${KEEP_TRACES:-}" ] || rm -rf "$work"' EXIT
mkdir "$work/traces" "$work/bin" "$work/tmp" "$work/traced"
cp "$bundle" "$work/bin/"
# By its own name: the library that makes calls fail knows it by that.
cp "$built/sinew" "$work/traced/sinew"

# Stands beside the tests in the place of the command. The tracer is no parent of what it traces, so that signals and exit codes are
# the command's own. It shares the limits, so that where a test sets some, nothing is traced; those are counted.
cat >"$work/bin/sinew" <<SHIM
#!/bin/bash
number=\$\$-\$EPOCHREALTIME
if [ "\$(ulimit -f) \$(ulimit -v)" != "unlimited unlimited" ] || [ "\$(ulimit -n)" -lt 64 ]; then
    : >"$work/traces/\$number.limited" || true
    exec "$work/traced/sinew" "\$@"
fi
printf '%s\0' "\$PWD" "\${TMPDIR:-/tmp}" "\${TORTURE_LOG:-}" "\$@" >"$work/traces/\$number.call"
exec $(command -v strace) -DD -f -y -qq -s 4096 -o "$work/traces/\$number.trace" \\
    -e trace=open,openat,openat2,creat,unlink,unlinkat,rmdir,rename,renameat,renameat2,truncate,mkdir,mkdirat,mknod,mknodat,symlink,symlinkat,link,linkat,chmod,fchmodat,chown,lchown,fchownat,lstat,newfstatat,execve,clone,clone3,fork,vfork \\
    "$work/traced/sinew" "\$@"
SHIM
chmod +x "$work/bin/sinew"

# A tracer whose command was killed before it began waits for ever, and the test for what the tracer has inherited.
release() {
    while sleep 5; do
        for call in "$work"/traces/*.call; do
            number=${call##*/}
            number=${number%%-*}
            [ -s "${call%.call}.trace" ] || ! grep -qs ') Z ' "/proc/$number/stat" || pkill -9 -f -- "-o ${call%.call}.trace " || true
        done
    done
}
release &
releaser=$!

devices() { stat -c '%n %F %t:%T' /dev/null /dev/zero /dev/full /dev/tty; }
before=$(devices)
status=0
TMPDIR=$work/tmp "$work/bin/sinewPackageTests.xctest" --testing-library swift-testing --filter SinewCommandTests >"$work/tests.log" 2>&1 || status=$?
tail -1 "$work/tests.log"
# Tracers of processes that were killed may still write.
sleep 1
[ "$before" = "$(devices)" ] || { echo "a device was replaced:" >&2; devices >&2; exit 1; }
# A test that fails for slowness under the tracer has still shown what it did to files.
[ $status -eq 0 ] || grep -aE '^.{0,4}Test .* failed|Issue|recorded an issue' "$work/tests.log" | head -20 || true
scripts/trace_files.py "$work/traces" "$work/traced/sinew"
