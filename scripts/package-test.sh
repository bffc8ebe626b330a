#!/usr/bin/env bash
# Tries package and tarball (make deb dist) in two fresh Debian 12 roots without Swift, ODE and libxml2: as a user, in an empty folder,
# train, replay, export, compile the exported C; completions; what is left after removal; lintian. Needs root for chroot.
#
#   scripts/package-test.sh [STEPS]     default the scene's own number of steps; DEBIAN_MIRROR is another mirror
set -euo pipefail
cd "$(dirname "$0")/.."
steps=${1:-}
scripts/dependencies.sh lintian

package=$(ls -t .build/package/sinew_*.deb | head -1)
tarball=$(ls -t .build/package/sinew-*.tar.xz | head -1)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. scripts/debian_root.sh

# The job of a user who has only this command.
try_command() { # ROOT
    cat >"$1/home/user/main.c" <<'END'
#include "pendulum-c/policy.h"
#include <stdio.h>
int main(void) {
    pendulum_state state;
    float largest = -1;
    pendulum_init(&state, 0.1 * PENDULUM_CONTROL_PERIOD);
    int agrees = pendulum_self_test(&state, &largest);
    printf("self-test %s, largest difference %g\n", agrees ? "passed" : "failed", largest);
    return !agrees;
}
END
    inside "$1" su user -c "set -e; mkdir ~/empty; cd ~/empty
        command -v sinew; sinew --version
        sinew train pendulum ${steps:+--steps $steps}
        sinew replay runs/pendulum-sac-0 --episodes 20
        sinew export runs/pendulum-sac-0 --format c --prefix pendulum --output pendulum-c
        gcc -std=c99 -Wall -Wextra -Werror -O2 -I. ../main.c pendulum-c/policy.c -lm -o policy
        ./policy"
}

echo "== The package: installing"
make_root "$work/deb" gcc libc6-dev zsh fish
cp "$package" "$work/deb/tmp/sinew.deb"
install_packages "$work/deb" /tmp/sinew.deb
inside "$work/deb" sh -c 'ldd /usr/bin/sinew | grep -iE "swift|foundation|not found"' && { echo "it needs more than Debian has" >&2; exit 1; }
echo "== The package: a user's job"
try_command "$work/deb"

echo "== The package: completions and manual"
expect() { # WORD SHELL
    local shown
    shown=$(cat)
    grep -qw -- "$1" <<<"$shown" || { printf '%s is not offered by %s, which shows:\n%s\n' "$1" "$2" "$shown" >&2; exit 1; }
}
complete_bash='cd ~/empty; . /usr/share/bash-completion/completions/sinew; COMP_WORDS=(sinew "$1" "$2"); COMP_CWORD=2; COMP_LINE="sinew $1 $2"; COMP_POINT=${#COMP_LINE}; _sinew sinew "$2" "$1"; printf "%s\n" "${COMPREPLY[@]}"'
as_user() { inside "$work/deb" su user -c "$(printf '%q ' "$@")"; }
as_user bash -c "$complete_bash" bash train pend | expect pendulum bash
as_user bash -c "$complete_bash" bash replay runs/ | expect runs/pendulum-sac-0 bash
export -f inside
pressed() { scripts/press_tab.py "$1" bash -c 'inside "$@"' _ "$work/deb" su user --session-command="cd ~/empty; exec $2"; }
pressed 'sinew train pend>' 'fish -i' | expect pendulum fish
pressed 'sinew export runs/>' 'fish -i' | expect runs/pendulum-sac-0 fish
pressed 'autoload -U compinit; compinit -u -D|sinew train pend>' 'zsh -f -i' | expect pendulum zsh
pressed 'autoload -U compinit; compinit -u -D|sinew export runs/>' 'zsh -f -i' | expect runs/pendulum-sac-0 zsh
[ -s "$work/deb/usr/share/man/man1/sinew.1.gz" ]

echo "== The package: removing"
inside "$work/deb" apt-get purge -y -qq sinew >/dev/null 2>&1
left=$(find "$work/deb/usr" "$work/deb/etc" "$work/deb/var/lib/dpkg/info" -iname '*sinew*')
[ -z "$left" ] || { echo "left behind: $left" >&2; exit 1; }

echo "== The tarball"
make_root "$work/tar" gcc libc6-dev
tar -C "$work/tar/opt" --no-same-owner -xf "$tarball"
ln -s "/opt/$(basename "$tarball" .tar.xz)/bin/sinew" "$work/tar/usr/bin/sinew"
inside "$work/tar" sh -c 'ldd "$(readlink -f /usr/bin/sinew)" | grep -iE "swift|libfoundation|not found"' && { echo "it needs more than Debian has" >&2; exit 1; }
try_command "$work/tar"

echo "== Both trained the same policy"
cmp "$work"/{deb,tar}/home/user/empty/runs/pendulum-sac-0/best.safetensors

echo "== lintian"
lintian --fail-on error "$package"

echo "== Sizes"
echo "package:  $(stat -c %s "$package") bytes, $(dpkg-deb -f "$package" Installed-Size) KiB installed; needs $(dpkg-deb -f "$package" Depends)"
echo "tarball:  $(stat -c %s "$tarball") bytes, $(du -sb "$work"/tar/opt/sinew-* | cut -f1) unpacked"
echo "command:  $(stat -c %s .build/package/sinew) bytes, stripped"
