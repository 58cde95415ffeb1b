#!/usr/bin/env bash
# Counts the instructions of the engines: Benchmarks/instructions.sh [FILTER]
#
# User-space instructions of one operation, by callgrind: of two runs with different counts the difference, so that the
# start of the process and what the first operations set up fall out. It hardly changes from run to run, whatever else
# the machine does: compare these numbers before and after a change. ENGINES names another binary than the one that it
# builds.
set -euo pipefail
[ -z "${ENGINES:-}" ] || ENGINES=$(realpath -e "$ENGINES")
cd "$(dirname "$0")"

few=20 many=220

if [ $# -gt 1 ] || [[ "${1:-}" == -* ]]; then
    echo "usage: ${0##*/} [FILTER]" >&2
    exit 2
fi
if ! command -v valgrind >/dev/null; then
    echo "${0##*/}: valgrind is missing; it is in the Debian package valgrind" >&2
    exit 2
fi
if [ -z "${ENGINES:-}" ]; then
    swift build --configuration release --static-swift-stdlib >&2
    ENGINES=$(swift build --configuration release --show-bin-path)/engines
fi
names=$("$ENGINES" --list --filter "${1:-}")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Without its debug information, which this valgrind may be too old to read.
strip -o "$work/engines" "$ENGINES"

# count NAME OPERATIONS: what callgrind counted. Dictionaries are seeded alike in every run.
count() {
    local log=$work/${1//\//.}.$2
    SWIFT_DETERMINISTIC_HASHING=1 timeout 300 valgrind --tool=callgrind --callgrind-out-file=/dev/null \
        "$work/engines" --filter "$1" --count "$2" 2>"$log" || { cat "$log" >&2; return 1; }
    sed -n 's/.*Collected : //p' "$log"
}

printf '| %-42s | %12s |\n' benchmark instructions
printf '|%s|%s:|\n' "$(printf -- '-%.0s' {1..44})" "$(printf -- '-%.0s' {1..13})"
while read -r name; do
    # Both at once: two cores are what most machines have at least.
    count "$name" "$few" >"$work/few" &
    other=$!
    count "$name" "$many" >"$work/many" || { wait "$other"; exit 1; }
    wait "$other"
    printf '| %-42s | %12d |\n' "$name" $((($(cat "$work/many") - $(cat "$work/few")) / (many - few)))
done <<<"$names"
