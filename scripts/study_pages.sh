#!/usr/bin/env bash
# Puts what the studies found into the pages of docs/algorithms: between <!-- study: NAME --> and <!-- end --> the picture and the
# claims of docs/algorithms/figures/NAME.svg and .txt, where they are. `make studies` writes those files.
set -euo pipefail
cd "$(dirname "$0")/../docs/algorithms"

for page in *.md; do
    awk '
        function found(name,    file, line, text) {
            file = "figures/" name ".txt"
            while ((getline line < file) > 0) text = text line "\n"
            close(file)
            if (text == "") return
            printf "\n![What the study %s measured](figures/%s.svg)\n\n`sinew study %s`:\n\n```\n%s```\n\n", name, name, name, text
        }
        /^<!-- end -->/ { inside = 0 }
        !inside { print }
        /^<!-- study: / { inside = 1; found($3) }' "$page" >"$page.new"
    cmp -s "$page" "$page.new" && rm "$page.new" || mv "$page.new" "$page"
done
