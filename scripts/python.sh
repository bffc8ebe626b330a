#!/usr/bin/env bash
# The Python environment that tests of exported files use, made once in .venv from pinned requirements.
set -euo pipefail
cd "$(dirname "$0")/.."
stamp=.venv/requirements.sha256
wanted=$(sha256sum scripts/requirements.txt 2>/dev/null || shasum -a 256 scripts/requirements.txt)
[ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && exit 0
echo "== Making the Python environment of the export tests (half a minute)"
python3 -m venv .venv
.venv/bin/pip install --quiet --disable-pip-version-check -r scripts/requirements.txt
echo "$wanted" >"$stamp"
