#!/usr/bin/env bash
# Tries the wheel (make wheel) in a fresh Debian 12 root without Swift, ODE and libxml2: as a user, pip installs it, the tests of environments,
# vectors and MuJoCo run, and every snippet of docs/python.md. Needs root for chroot.
set -euo pipefail
cd "$(dirname "$0")/.."
wheel=$(ls -t dist/sinew-*.whl | head -1)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. scripts/debian_root.sh

echo "== The wheel, and what it needs beside it"
# Outside, where pip may have certificates and mirrors of its own.
platforms=()
for version in 2_17 2_27 2_28 2_31 2_34 2_35; do platforms+=(--platform "manylinux_${version}_x86_64"); done
python3 -m pip download --quiet --disable-pip-version-check --only-binary=:all: --python-version 3.11 "${platforms[@]}" --dest "$work/wheels" \
    numpy gymnasium==1.4.0 mujoco==4.0.0 pytest==9.2.0

make_root "$work/root" python3-venv
cp "$wheel" "$work/wheels/"
cp -r "$work/wheels" Python/tests scripts/check_python_page.py docs/python.md "$work/root/home/user/"
as_user() { inside "$work/root" su user -c "$*"; }

echo "== Installing it"
as_user 'cd && python3 -m venv v && v/bin/pip install --quiet --disable-pip-version-check --no-index --find-links wheels sinew mujoco pytest'
inside "$work/root" sh -c 'ldconfig -p | grep -iE "libode|libswift|libxml2"' && { echo "the root has what the wheel must bring" >&2; exit 1; }
as_user 'cd && v/bin/python -c "import sinew; print(sinew.__version__, *sinew.scenes())"'

echo "== Tests that need no command beside it"
as_user 'cd && v/bin/python -m pytest -q -p no:cacheprovider tests/test_environment.py tests/test_vector.py tests/test_mujoco.py -m "not command"'

echo "== Snippets of docs/python.md"
as_user 'cd && v/bin/python check_python_page.py python.md'
echo "wheel: $(stat -c %s "$wheel") bytes, $(du -sb "$work"/root/home/user/v/lib/python3*/site-packages/sinew* | awk '{ sum += $1 } END { print sum }') installed"
