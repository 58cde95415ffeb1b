#!/usr/bin/env bash
# Builds the Debian package, and the package of its debug symbols, into a folder.
#
#   packaging/build-deb.sh [FOLDER]        default: .build/deb; WSBRIDGE_DEB_VERSION sets another version
#
# Everything that is fetched is fetched before; dpkg-buildpackage runs in a staged tree, and without a network where that
# can be had (root).
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$(mkdir -p "${1:-.build/deb}" && cd "${1:-.build/deb}" && pwd)
stage=$folder/stage/wsbridge
swift=${SWIFT:-swift}

"$swift" package resolve
# What was compiled before stays: another build in the same folder compiles what has changed.
mkdir -p "$stage/.build"
find "$folder/stage" -mindepth 1 -maxdepth 1 ! -name wsbridge -exec rm -rf {} +
find "$stage" -mindepth 1 -maxdepth 1 ! -name .build -exec rm -rf {} +
rm -rf "$stage/.build/checkouts" "$stage/.build/repositories"
# What is under version control, as it is in the working tree.
git ls-files -z --cached --others --exclude-standard >"$folder/files"
tar --create --null --files-from="$folder/files" --ignore-failed-read 2>/dev/null | tar --extract --directory="$stage"
cp -r packaging/debian "$stage/debian"
cp Package.resolved "$stage/"
cp -a .build/checkouts .build/repositories .build/workspace-state.json "$stage/.build/"
if [ -n "${WSBRIDGE_DEB_VERSION:-}" ]; then
    sed -i "1s/(.*)/($WSBRIDGE_DEB_VERSION)/" "$stage/debian/changelog"
fi

offline=()
if unshare --net true 2>/dev/null; then offline=(unshare --net); fi
log=$folder/build.log
if ! (cd "$stage" && "${offline[@]}" dpkg-buildpackage --build=binary --unsigned-changes) >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    exit 1
fi
find "$folder" -maxdepth 1 -name 'wsbridge*' -delete
mv "$folder"/stage/wsbridge*.{deb,changes,buildinfo} "$folder/"
ls -l "$folder"/*.deb
