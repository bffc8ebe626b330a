#!/usr/bin/env bash
# Installs the Debian packages that Sinew builds and tests with, where they are missing; says what it does.
# On macOS it names the Homebrew packages and checks for them.
set -euo pipefail

# What is named on the command line is needed beside.
packages=(libode-dev libeigen3-dev libxml2-dev libyaml-dev libqhull-dev cmake make g++ pkg-config python3-venv "$@")

if [ "$(uname)" = Darwin ]; then
    for formula in ode eigen libxml2 libyaml qhull cmake pkg-config; do
        brew list "$formula" >/dev/null 2>&1 || {
            echo "missing: brew install $formula" >&2
            exit 69
        }
    done
    exit 0
fi

missing=()
for package in "${packages[@]}"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

root=()
[ "$(id -u)" -eq 0 ] || root=(sudo)
echo "== Installing Debian packages: ${missing[*]} (about a minute)"
"${root[@]}" apt-get update -qq
"${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
