#!/usr/bin/env bash
# Gauges of the code: lines without comments and blanks for each module, functions over 60 lines, files over 300. They inform; they fail nothing.
set -euo pipefail
cd "$(dirname "$0")/.."

sources() { # folder
    find "$1" -name '*.swift' -o -name '*.c' -o -name '*.cpp' -o -name '*.h' -o -name '*.inc' | sort
}

echo "== Lines of code (without comments and blank lines)"
total=0
for module in Sources/*/; do
    lines=$(sources "$module" | xargs awk '
        { line = $0; gsub(/^[ \t]+|[ \t]+$/, "", line) }
        inside { if (line ~ /\*\//) inside = 0; next }
        line ~ /^\/\*/ { if (line !~ /\*\//) inside = 1; next }
        line == "" || line ~ /^\/\// { next }
        { count++ }
        END { print count + 0 }')
    printf '%7d  %s\n' "$lines" "$(basename "$module")"
    total=$((total + lines))
done
printf '%7d  in all\n' "$total"

echo "== Functions over 60 lines"
# The formatter ends a function with a brace below its first word, so the two indentations tell where it ends.
sources Sources | while read -r file; do
    awk -v file="$file" '
        function indent(line) { match(line, /^ */); return RLENGTH }
        FILENAME ~ /\.swift$/ && !start && /^ *([@a-z()]+ )*(func |init[?(<]|subscript)/ { start = FNR; depth = indent($0); head = $0 }
        FILENAME !~ /\.swift$/ && !start && /^[a-zA-Z_].*\(/ && !/;$/ { start = FNR; depth = 0; head = $0 }
        start && FNR > start && indent($0) == depth && /^ *}/ {
            if (FNR - start + 1 > 60) {
                sub(/^ */, "", head)
                printf "%7d  %s:%d  %s\n", FNR - start + 1, file, start, substr(head, 1, 70)
            }
            start = 0
        }
        # A declaration without a body, as protocols have, ends where the next one begins.
        start && FNR > start && indent($0) <= depth && !/^ *[})]/ && !/^ *{/ && !/^#/ && $0 != "" && !/^ *(where|->|throws)/ { start = 0 }
    ' "$file"
done

echo "== Files over 300 lines"
sources Sources | xargs wc -l | awk '$2 != "total" && $1 > 300 { printf "%7d  %s\n", $1, $2 }'
