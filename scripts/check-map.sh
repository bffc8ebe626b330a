#!/usr/bin/env bash
# Is ARCHITECTURE.md true? Every file and folder that it names is there, every module is in it, and every module begins with
# <Module>.swift, which tells its story.
set -euo pipefail
cd "$(dirname "$0")/.."
map=ARCHITECTURE.md
status=0
fail() { echo "$map: $1" >&2; status=1; }

there() { # a path or pattern, as the map has it: from the root, from Sources, from a module's folder, or the name of a file there
    local name=${1%/}
    local ending # Swift files go by the names of their types
    for ending in "" .swift; do
        { compgen -G "$name$ending" || compgen -G "Sources/$name$ending" || compgen -G "Sources/*/$name$ending" ||
            compgen -G "Sources/*/*/$name$ending"; } >/dev/null && return
    done
    return 1
}

# What stands between backticks and looks like a path, what links lead to, and folders in the drawing.
while read -r path; do
    there "$path" || fail "there is no $path"
done < <({
    grep -oE '`[A-Za-z0-9_.*/-]+`' "$map" | tr -d '`' | grep -E '/|\.(swift|md|sh|py|yaml|urdf|c|h|cpp|json)$' || true
    grep -oE '\]\([^)#:]+' "$map" | cut -c3- || true
    awk '/^```/ { inside = !inside; next } inside' "$map" | grep -oE '[A-Z][A-Za-z0-9]+/[A-Za-z0-9_.*/-]*' || true
} | sed 's/[.,]$//' | grep -vE '^(runs|\.build)/' | sort -u)

for module in $(ls Sources); do
    grep -qw "$module" "$map" || fail "the module $module is missing"
    ls "Sources/$module"/*.swift >/dev/null 2>&1 || continue
    story="Sources/$module/$module.swift"
    if [ ! -f "$story" ]; then
        fail "$story, with the story of the module, is missing"
    elif [ "$(sed -n '2,20p' "$story" | grep -cE '^// ')" -lt 2 ]; then
        fail "$story does not begin with the story of the module, in a few lines of comment"
    fi
done

# In the drawing a line begins with a module, a folder of the project, or nothing.
while read -r name; do
    [ -d "Sources/$name" ] || compgen -G "$name" >/dev/null || fail "there is no module $name"
done < <(awk '/^```/ { inside = !inside; next } inside && /^[A-Z]/ { print $1 }' "$map")
exit $status
