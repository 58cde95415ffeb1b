#!/usr/bin/env bash
# Builds the Debian package twice, as an older and a newer version, and puts it through what a machine does with it: lintian,
# a Debian made with debootstrap, piuparts, and a booted container of systemd-nspawn. Needs root, and a network for
# debootstrap and piuparts. Everything is below .build/package.
#
#   Tests/Package/run.sh [--keep] [pytest arguments]        --keep: the packages that are there are not built again
set -euo pipefail
cd "$(dirname "$0")/../.."

if [ "$(id -u)" -ne 0 ]; then
    echo "${0##*/}: root makes trees and boots them; run it as root" >&2
    exit 1
fi
keep=
if [ "${1:-}" = --keep ]; then keep=yes; shift; fi
work=$PWD/.build/package
mkdir -p "$work"
if [ -z "$keep" ] || [ ! -d "$work/newer" ]; then
    for which in older newer; do
        version=0.1.0
        if [ $which = newer ]; then version=0.1.0+newer; fi
        WSBRIDGE_DEB_VERSION=$version packaging/build-deb.sh .build/deb
        rm -rf "${work:?}/$which"
        mkdir "$work/$which"
        cp .build/deb/wsbridge*.{deb,changes,buildinfo} "$work/$which/"
    done
fi
if [ ! -e "$work/bookworm/.made" ]; then
    rm -rf "$work/bookworm"
    debootstrap --variant=minbase --include=systemd,systemd-sysv,dbus,libssl3,libstdc++6,ca-certificates \
        bookworm "$work/bookworm" >"$work/debootstrap.log" 2>&1 || { tail -n 20 "$work/debootstrap.log" >&2; exit 1; }
    touch "$work/bookworm/.made"
fi
# Clients of the tests look whether the server has a sanitizer.
dpkg-deb --fsys-tarfile "$work"/newer/wsbridge_*.deb | tar --extract --to-stdout ./usr/bin/wsbridge >"$work/wsbridge"
chmod +x "$work/wsbridge"
export WSBRIDGE=$work/wsbridge
exec .venv/bin/python -m pytest -c Tests/Package/pytest.ini --color=no -q -p no:cacheprovider Tests/Package "$@"
