#!/usr/bin/env bash
# Does this tree learn with the same bits as another version? Trains every scene by every algorithm for 2,000 steps with both, and
# compares the numbers of last.safetensors and best.safetensors byte for byte, the columns of evaluations.csv and progress.csv that both have, but seconds.
#
#   scripts/same_bits.sh BASE_REF [--keep FOLDER]    BASE_REF: a commit, tag or branch, built in a worktree of its own
#
# With --keep what the base wrote stays in FOLDER; a later call with the same FOLDER does not run, nor build, the base again.
# BASE_SINEW and NEW_SINEW name commands that are built already; each takes the scenes of the tree that it stands in.
# SCENES and ALGORITHMS narrow what is trained. Exits 1 where anything differs. Two trainings at a time; about a minute after the builds.
set -euo pipefail
cd "$(dirname "$0")/.."
reference=
keep=
while [ $# -gt 0 ]; do
    case $1 in
    --keep) keep=${2:?--keep needs a folder}; shift ;;
    -*) echo "unknown option $1" >&2; exit 64 ;;
    *) reference=$1 ;;
    esac
    shift
done
[ -n "$reference" ] || [ -n "${BASE_SINEW:-}" ] || { sed -n '2,10s/^# \{0,1\}//p' "$0" >&2; exit 64; }

read -ra scenes <<<"${SCENES:-acrobot ant cheetah hopper inverted-double-pendulum inverted-pendulum pendulum quadruped reacher walker}"
read -ra algorithms <<<"${ALGORITHMS:-q-learning double-q-learning dqn double-dqn a2c sac}"
work=$(mktemp -d)
trap 'git worktree remove --force "$work/tree" 2>/dev/null || true; rm -rf "$work"' EXIT
base=${keep:-$work/base}
mkdir -p "$base" "$work/new"
base=$(realpath "$base")

# The settings that make updates happen in 2,000 steps; tables need bins, and grids of many joints few torques.
settings_of() { # scene, algorithm
    local scene=$1 algorithm=$2 joint=hinge torques=2
    case $scene in
    acrobot) joint=elbow ;;
    ant) joint=hip_1 ;;
    cheetah) joint=bthigh ;;
    hopper | walker) joint=thigh ;;
    quadruped) joint=FL_hip torques='[[-1,1],[-1,1],[-1,1],[-1,1],[-1,1],[-1,1],[0],[0],[0],[0],[0],[0]]' ;;
    reacher) joint=joint0 ;;
    esac
    printf '%s\n' --set evaluate.every=1000 --set evaluate.episodes=2
    case $algorithm in
    *q-learning)
        printf '%s\n' --set "$algorithm.torques=$torques" --set \
            "$algorithm.bins={joint_velocities.$joint: {count: 20, range: [-8, 8]}}"
        ;;
    *dqn) printf '%s\n' --set "$algorithm.torques=$torques" --set "$algorithm.warm_up=500" --set "$algorithm.target_interval=200" ;;
    sac) printf '%s\n' --set sac.warm_up=500 ;;
    esac
}

train() { # sinew, folder of results, scene, algorithm: leaves there the files to compare, and the exit status
    local run=$2/$3.$4 settings status=0
    [ ! -f "$run/status" ] || return 0
    rm -rf "$run"
    mapfile -t settings < <(settings_of "$3" "$4")
    SINEW_HOME=${1%/.build/*} timeout 900 "$1" train "$3" --algorithm "$4" --steps 2000 "${settings[@]}" --output "$run" \
        >/dev/null 2>"$run.log" || status=$?
    mkdir -p "$run"
    mv "$run.log" "$run/log"
    rm -rf "$run/checkpoints"
    echo "$status" >"$run/status"
}
export -f train settings_of

build() { # a source tree
    echo "== Building $(git -C "$1" describe --always --dirty) in $1 (2 to 4 minutes the first time)" >&2
    swift build --package-path "$1" -c release --product sinew >&2
    echo "$1/.build/release/sinew"
}

train_all() { # sinew, folder of results
    printf '%s\n' "${scenes[@]}" | while read -r scene; do printf "$scene %s\n" "${algorithms[@]}"; done |
        xargs -P 2 -L 1 bash -c 'train "$0" "$1" "$2" "$3"' "$1" "$2"
}

missing=no
for scene in "${scenes[@]}"; do
    for algorithm in "${algorithms[@]}"; do [ -f "$base/$scene.$algorithm/status" ] || missing=yes; done
done
if [ $missing = yes ]; then
    if [ -z "${BASE_SINEW:-}" ]; then
        git worktree add --quiet --detach "$work/tree" "$reference"
        BASE_SINEW=$(build "$work/tree")
    fi
    echo "== Training with $BASE_SINEW"
    train_all "$(realpath -s "$BASE_SINEW")" "$base"
fi
[ -n "${NEW_SINEW:-}" ] || NEW_SINEW=$(build "$PWD")
echo "== Training with $NEW_SINEW"
train_all "$(realpath -s "$NEW_SINEW")" "$work/new"

columns_of_both() { # file, other file: the first one's columns that the other has too, but seconds; a version may add columns
    awk -F, '
        NR == FNR { if (FNR == 1) for (i = 1; i <= NF; i++) if ($i != "seconds") has[$i] = 1; next }
        FNR == 1 { for (i = 1; i <= NF; i++) if ($i in has) kept[++count] = i }
        { row = ""; for (i = 1; i <= count; i++) row = row "," $kept[i]; print row }' "$2" "$1"
}

numbers_of() { # a policy file: its tensors but for the checksum, which lies last; the contract before them may gain keys
    local length
    length=$(od -An -tu8 -N8 "$1" | tr -d ' ')
    tail -c +$((9 + length)) "$1" | head -c -4
}

verdict() { # scene, algorithm
    local old=$base/$1.$2 new=$work/new/$1.$2 different=() file
    if [ "$(cat "$old/status")" != "$(cat "$new/status")" ]; then
        echo "exit $(cat "$old/status") and $(cat "$new/status")"
        return
    fi
    case $(cat "$old/status") in
    0) ;;
    64 | 65) echo refused; return ;;
    *) echo "both exit $(cat "$old/status")"; return ;;
    esac
    for file in last.safetensors best.safetensors; do
        cmp -s <(numbers_of "$old/$file") <(numbers_of "$new/$file") || different+=("${file%.*}")
    done
    for file in evaluations.csv progress.csv; do
        cmp -s <(columns_of_both "$old/$file" "$new/$file") <(columns_of_both "$new/$file" "$old/$file") || different+=("${file%.*}")
    done
    [ ${#different[@]} -eq 0 ] && echo same || (IFS=+; echo "${different[*]}")
}

echo "== The same bits?"
row() { printf '%-26s' "$1"; shift; printf '%-19s' "$@"; echo; }
row scene "${algorithms[@]}"
result=0
for scene in "${scenes[@]}"; do
    verdicts=()
    for algorithm in "${algorithms[@]}"; do
        verdicts+=("$(verdict "$scene" "$algorithm")")
        case ${verdicts[-1]} in same | refused) ;; *) result=1 ;; esac
    done
    row "$scene" "${verdicts[@]}"
done
if [ $result -ne 0 ]; then
    echo "not the same; what the new command said:"
    for scene in "${scenes[@]}"; do
        for algorithm in "${algorithms[@]}"; do
            [ "$(cat "$work/new/$scene.$algorithm/status")" = 0 ] || sed "s/^/  $scene $algorithm: /" "$work/new/$scene.$algorithm/log"
        done
    done
fi
exit $result
