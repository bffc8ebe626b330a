#!/usr/bin/env bash
# Conducts every study at its default size and writes its figures into docs/algorithms, then puts them into the pages.
# A claim that does not hold is no reason to stop: the page says so.
set -euo pipefail
cd "$(dirname "$0")/.."
sinew=${SINEW:-.build/release/sinew}
folder=docs/algorithms/figures
for name in $("$sinew" study --json | sed -n 's/.*"name" : "\(.*\)",*/\1/p'); do
    status=0
    "$sinew" study "$name" --output "$folder" --force || status=$?
    [ $status -le 1 ] || exit $status
done
# The rows behind the pictures are kept out of the repository.
rm -f "$folder"/*.csv
scripts/study_pages.sh
