#!/usr/bin/env bash
# Writes packaging/code.order anew: the functions that serving runs, then those that run while the server starts. The
# linker puts them side by side in this order (Package.swift), so that both touch few pages of the program.
#
#   packaging/code-order.sh        needs valgrind and python3; takes some minutes, most of them for a build of its own
#
# A stale list does no harm: names that are gone are skipped, functions that are missing lie where they did before.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Valgrind refuses the clone that starts programs, and does not read Swift's debug information.
swift build -c release --product wsbridge --static-swift-stdlib --scratch-path .build-order -Xcc -DCLX_FOR_VALGRIND \
    -Xlinker -Map="$work/map" -Xlinker --no-demangle
objcopy --strip-debug .build-order/release/wsbridge "$work/wsbridge"

python3 packaging/code_order.py "$work/wsbridge" "$work/map" "$work" >"$work/code.order"
cp "$work/code.order" packaging/code.order
# SwiftPM does not see that the list has changed; without the program it links anew.
rm -f .build/release/wsbridge
wc -l packaging/code.order
