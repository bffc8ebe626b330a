#!/usr/bin/env bash
# Every relative link and picture of the documentation must lead to a file of the repository. Takes a folder; default: this one.
set -euo pipefail
cd "${1:-$(dirname "$0")/..}"

# file:line:target of each link outside of code and formulas
links() {
    git ls-files -z --cached --others --exclude-standard -- '*.md' | sort -zu | xargs -0 awk '
        FNR == 1 { fenced = 0; formula = 0 }
        /^[ \t]*```/ { fenced = !fenced; next }
        /^[ \t]*\$\$/ { formula = !formula; next }
        fenced || formula { next }
        {
            gsub(/`[^`]*`/, "")
            while (match($0, /\]\([^)]*\)/)) {
                print FILENAME ":" FNR ":" substr($0, RSTART + 2, RLENGTH - 3)
                $0 = substr($0, RSTART + RLENGTH)
            }
        }'
}

status=0 count=0
while IFS=: read -r file line target; do
    target=${target%% *} # a title may follow
    case $target in
    http://* | https://* | mailto:* | '#'*) continue ;;
    esac
    count=$((count + 1))
    path=${target%%#*}
    if [[ $path == /* || ! -e "$(dirname "$file")/$path" ]]; then
        echo "$file:$line: the link leads nowhere: $target" >&2
        status=1
    fi
done < <(links)
[ "$count" -gt 0 ] || { echo "no links found: is this the repository?" >&2; exit 1; }
echo "$count links lead to files"
exit $status
