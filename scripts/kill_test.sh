#!/usr/bin/env bash
# Kills a training of the pendulum (10,000 steps) with SIGKILL again and again, resumes it each time, and compares what it leaves
# with that of a run never stopped: best and last policies and both CSV files but for their column of seconds.
#
#   scripts/kill_test.sh [KILLS [SEED]]     default 20 kills; the seed is that of the delays, uniform in [0, T/5]
set -euo pipefail
cd "$(dirname "$0")/.."
kills=${1:-20}
RANDOM=${2:-1}
export SINEW_HOME=$PWD
sinew=$PWD/.build/release/sinew
[ -x "$sinew" ] || { echo "build it first: swift build -c release --product sinew" >&2; exit 69; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

echo "== A run never stopped"
begin=$(date +%s%N)
"$sinew" train pendulum --steps 10000 --output whole 2>whole.log >/dev/null
milliseconds=$((($(date +%s%N) - begin) / 1000000))
echo "T = $milliseconds ms"

echo "== $kills kills at delays up to $((milliseconds / 5)) ms"
killed=0
while [ "$killed" -lt "$kills" ]; do
    "$sinew" train pendulum --steps 10000 --output killed --resume 2>>killed.log >/dev/null &
    process=$!
    delay=$((RANDOM % (milliseconds / 5 + 1)))
    sleep "$(printf '%d.%03d' $((delay / 1000)) $((delay % 1000)))"
    kill -9 "$process" 2>/dev/null || true
    wait "$process" 2>/dev/null && echo "  it had ended before it was killed"
    killed=$((killed + 1))
    newest=$(ls killed/checkpoints 2>/dev/null | tail -1 || true)
    echo "  $killed: killed after $delay ms, newest checkpoint ${newest:-none}"
done
"$sinew" train pendulum --steps 10000 --output killed --resume 2>>killed.log >/dev/null

echo "== Comparing"
status=0
for file in best.safetensors last.safetensors; do
    cmp "whole/$file" "killed/$file" || status=1
done
for file in progress.csv evaluations.csv; do
    cmp <(sed 's/,[^,]*$//' "whole/$file") <(sed 's/,[^,]*$//' "killed/$file") || status=1
done
grep -i -E 'damaged|error|fatal' killed.log && status=1
left=$(ls -A killed/checkpoints | wc -l)
[ "$left" -eq 2 ] || { echo "there are $left checkpoints, not 2" >&2; status=1; }
[ "$status" -eq 0 ] && echo "the same bytes after $kills kills"
exit "$status"
