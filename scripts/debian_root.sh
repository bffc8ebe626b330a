#!/usr/bin/env bash
# Fresh Debian 12 roots without Swift, ODE and libxml2, for scripts that try what is shipped; sourced by them, who have made $work. Needs
# root for chroot; DEBIAN_MIRROR is another mirror.

[ "$(id -u)" -eq 0 ] || { echo "roots are entered by chroot: run it as root" >&2; exit 77; }
scripts/dependencies.sh debootstrap
base=$PWD/.build/package/bookworm.tar
mkdir -p "$(dirname "$base")"
if [ ! -s "$base" ]; then
    echo "== Making a minimal Debian 12 (a minute or two)"
    debootstrap --variant=minbase bookworm "$work/base" "${DEBIAN_MIRROR:-http://deb.debian.org/debian}" >"$work/debootstrap.log" ||
        { tail "$work/debootstrap.log" >&2; exit 74; }
    tar -C "$work/base" -cf "$base" .
    rm -rf "$work/base"
fi

# Runs a command in the root; what it mounts goes with it. Not in a space of processes of its own: shells want their terminal's.
inside() { # ROOT COMMAND...
    local root=$1
    shift
    unshare --mount sh -c 'mount -t proc proc "$0/proc" && exec chroot "$0" env -i HOME=/home/user TERM=dumb LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive "$@"' "$root" "$@"
}

install_packages() { # ROOT PACKAGES...
    local root=$1
    shift
    inside "$root" apt-get install -y -qq --no-install-recommends "$@" >"$root/apt.log" 2>&1 || { cat "$root/apt.log" >&2; exit 74; }
}

make_root() { # ROOT PACKAGES...
    local root=$1
    shift
    mkdir "$root"
    tar -C "$root" -xf "$base"
    cp /etc/resolv.conf "$root/etc/resolv.conf"
    inside "$root" useradd --create-home user
    inside "$root" apt-get update -qq
    install_packages "$root" "$@"
    ! inside "$root" sh -c 'command -v swift || ls -d /usr/lib/swift /opt/swift 2>/dev/null'
}
