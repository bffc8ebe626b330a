#!/usr/bin/env bash
# Packs the Python package: one wheel for every Python 3, with Sinew's library, the Swift runtime, ODE, scenes and robots inside.
#
#   scripts/wheel.sh            dist/sinew-VERSION-py3-none-manylinux_*.whl
#
# A library that is built so already may be named behind.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/dependencies.sh python3-venv

built=${1:-.build/static-library/release/libSinewC.so}
if [ $# -lt 1 ]; then
    echo "== Building the library with the Swift runtime inside (release, in a folder of its own; 4 to 10 minutes the first time)"
    swift build -c release --product SinewC --static-swift-stdlib -Xswiftc -static-stdlib --scratch-path .build/static-library
fi
tools=.venv-wheel
[ -x "$tools/bin/auditwheel" ] || {
    python3 -m venv "$tools"
    "$tools/bin/pip" install --quiet --disable-pip-version-check -r Python/build-requirements.txt
}

tree=.build/wheel-tree
rm -rf "$tree"
mkdir -p "$tree" dist
cp -r Python/pyproject.toml Python/setup.py Python/README.md Python/sinew "$tree/"
find "$tree" -name __pycache__ -prune -exec rm -rf {} +
strip --strip-unneeded -o "$tree/sinew/libSinewC.so" "$built"
PATH=$PWD/$tools/bin:$PATH patchelf --remove-rpath "$tree/sinew/libSinewC.so"
mkdir "$tree/sinew/share"
cp -r Scenes Robots "$tree/sinew/share/"
cp LICENSE "$tree/"

# The commit's time, so that the same commit packs to the same bytes.
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}
"$tools/bin/pip" wheel --quiet --no-deps --no-build-isolation --wheel-dir .build/wheel "$tree"
rm -f dist/sinew-*.whl
PATH=$PWD/$tools/bin:$PATH "$tools/bin/auditwheel" repair --zip-compression-level 9 --wheel-dir dist .build/wheel/sinew-*.whl
rm -f .build/wheel/sinew-*.whl
"$tools/bin/auditwheel" show dist/sinew-*.whl
ls -l dist/sinew-*.whl
