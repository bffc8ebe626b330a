#!/usr/bin/env bash
# Packs the command for machines without Swift: the Swift runtime is linked into it.
#
#   scripts/package.sh deb      .build/package/sinew_VERSION_ARCHITECTURE.deb, for the Debian that it is built on
#   scripts/package.sh dist     .build/package/sinew-VERSION-linux-MACHINE.tar.xz, with the libraries that it needs
#
# A command that is built so already may be named behind.
set -euo pipefail
cd "$(dirname "$0")/.."
kind=$1
scripts/dependencies.sh dpkg-dev patchelf xz-utils

out=$PWD/.build/package
built=${2:-.build/static/release/sinew}
if [ $# -lt 2 ]; then
    echo "== Building with the Swift runtime inside (release, in a folder of its own; 4 to 10 minutes the first time)"
    swift build -c release --product sinew --static-swift-stdlib --scratch-path .build/static
fi
mkdir -p "$out"
binary=$out/sinew
strip --strip-unneeded -o "$binary" "$built"
patchelf --remove-rpath "$binary"

version=$("$binary" --version)
# The commit's time, so that the same commit packs to the same bytes.
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}
umask 022
root=$out/$kind
rm -rf "$root"

pack_deb() {
    local doc=$root/usr/share/doc/sinew architecture depends
    architecture=$(dpkg --print-architecture)
    scripts/stage.sh "$binary" "$root/usr" zsh/vendor-completions
    gzip -9n "$root/usr/share/man/man1/sinew.1"
    gzip -9nc CHANGELOG.md >"$doc/changelog.gz"
    printf 'sinew (%s-1) unstable; urgency=medium\n\n  * See changelog.gz.\n\n -- The Sinew authors <sinew@localhost>  %s\n' \
        "$version" "$(date -uRd "@$SOURCE_DATE_EPOCH")" | gzip -9nc >"$doc/changelog.Debian.gz"
    cp scripts/package/copyright "$doc/copyright"
    install -D -m 644 scripts/package/lintian-overrides "$root/usr/share/lintian/overrides/sinew"

    # dpkg-shlibdeps wants a source package around it.
    mkdir -p "$out/shlibdeps/debian"
    printf 'Source: sinew\n\nPackage: sinew\nArchitecture: any\n' >"$out/shlibdeps/debian/control"
    depends=$(cd "$out/shlibdeps" && dpkg-shlibdeps -O "$root/usr/bin/sinew" | sed -n 's/^shlibs:Depends=//p')

    mkdir "$root/DEBIAN"
    sed -e "s/@VERSION@/$version-1/" -e "s/@ARCHITECTURE@/$architecture/" -e "s/@DEPENDS@/$depends/" \
        -e "s/@SIZE@/$(du -sk --apparent-size --exclude=DEBIAN "$root" | cut -f1)/" scripts/package/control >"$root/DEBIAN/control"
    (cd "$root" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum) >"$root/DEBIAN/md5sums"
    dpkg-deb --root-owner-group --build "$root" "$out/sinew_${version}-1_$architecture.deb"
}

# The libraries that not every Debian has, with their licences; glibc and libstdc++ stay the system's.
bundle_libraries() { # TREE
    local library package
    install -d "$1/lib/sinew" "$1/share/doc/sinew/licences"
    while read -r library; do
        install -m 644 "$library" "$1/lib/sinew/"
        patchelf --set-rpath '$ORIGIN' "$1/lib/sinew/$(basename "$library")"
        package=$(dpkg-query -S "*/$(basename "$(readlink -f "$library")")" | head -1 | cut -d: -f1)
        cp "/usr/share/doc/$package/copyright" "$1/share/doc/sinew/licences/$package"
    done < <(ldd "$binary" | awk '$3 ~ "^/" && $1 !~ /^(libc|libm|libpthread|libdl|librt|libgcc_s|libstdc\+\+)\.so/ { print $3 }')
}

pack_dist() {
    local name=sinew-$version-linux-$(uname -m)
    local tree=$root/$name
    scripts/stage.sh "$binary" "$tree"
    bundle_libraries "$tree"
    patchelf --set-rpath '$ORIGIN/../lib/sinew' "$tree/bin/sinew"
    cp LICENSE scripts/package/copyright "$tree/share/doc/sinew/"
    cp scripts/package/INSTALL "$tree/"
    tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -C "$root" -cJf "$out/$name.tar.xz" "$name"
}

"pack_$kind"
ls -l "$out"/sinew*.{deb,tar.xz} 2>/dev/null || true
