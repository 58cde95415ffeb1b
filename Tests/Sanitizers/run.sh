#!/usr/bin/env bash
# Builds the server and the tests with the thread and the address sanitizer, and runs what they can find something in.
#
#   Tests/Sanitizers/run.sh [--short] [thread] [address]      both by default, at the same time
#
# --short leaves out what rarely meets a thread or a byte that the rest does not: it is the part of `make test`.
# Optimized, since a debug build with a sanitizer takes a second to start, and every end-to-end test starts a server;
# the debug build's own checks are for the other tests. Any report is a failure: the harness of the end-to-end tests
# looks for reports of every server it started. The C code of the address build traps on undefined behaviour.
set -euo pipefail
cd "$(dirname "$0")/../.."

python=${PYTHON:-.venv/bin/python}
build_seconds_max=1800
test_seconds_max=900
end_to_end_seconds_max=1800
one_test_seconds_max=240

# Where threads meet; the simulated tests have one thread. `SystemCallsTests` has the canaries.
units_thread='SystemCallsTests ReactorTests ProcessesTests DialingTests ServerTests'
# Where memory is managed by hand or by C, and all that moves bytes or ends sessions.
units_address="SystemCallsTests ReactorTests ProcessesTests BuffersTests HTTPConnectionTests BridgeTests TLSEngineTests
    TransportTests ProxyProtocolTests ConfigurationFileTests"
end_to_end_thread='' end_to_end_address=''  # all
canaries_thread=3 canaries_address=4

if [ "${1:-}" = --short ]; then
    shift
    units_address='SystemCallsTests ReactorTests ProcessesTests BuffersTests'
    end_to_end_thread='closing hardening metrics reload tls'
    end_to_end_address='configuration framing proxy_protocol reload terminal tls'
fi

check() {
    local kind=$1 scratch=.build-$1
    local units=units_$kind files=end_to_end_$kind canaries=canaries_$kind log=$scratch/build.log
    local flags=(--configuration release --sanitize="$kind" --scratch-path "$scratch" -Xswiftc -enable-testing)
    if [ "$kind" = address ]; then flags+=(-Xcc -fsanitize=undefined -Xcc -fsanitize-trap=undefined); fi
    mkdir -p "$scratch"

    # The linker complains about some hundred symbols of the sanitizer.
    export WSBRIDGE_TESTS
    WSBRIDGE_TESTS=$(echo ${!units})
    if ! timeout "$build_seconds_max" swift build "${flags[@]}" --build-tests >"$log" 2>&1; then
        grep -v 'Cannot export local symbol' "$log"
        return 1
    fi
    say "$kind" 'is built'

    # What it must find; else its silence would mean nothing.
    local options=exitcode=66:detect_leaks=0
    WSBRIDGE_CANARIES=$kind TSAN_OPTIONS=$options ASAN_OPTIONS=$options SWIFT_BACKTRACE=enable=no \
        timeout "$test_seconds_max" swift test "${flags[@]}" --skip-build --filter SanitizerCanaryTests \
        >"$scratch/canaries.log" 2>&1 || true
    if [ "$(grep -cE '✔ Test [a-zA-Z]+\(\) passed' "$scratch/canaries.log")" != "${!canaries}" ]; then
        cat "$scratch/canaries.log"
        return 1
    fi

    # No search for leaks here: a test lets go of its loop with the streams that hold it.
    local reports=$PWD/$scratch/reports failed=0
    rm -rf "$reports" && mkdir "$reports"
    options=log_path=$reports/units
    TSAN_OPTIONS=$options ASAN_OPTIONS=$options:detect_leaks=0 SWIFT_BACKTRACE=enable=no \
        timeout "$test_seconds_max" swift test "${flags[@]}" --skip-build >"$scratch/units.log" 2>&1 ||
        failed=1
    grep -E '✘|error:|Fatal|Test run with' "$scratch/units.log" | sed "s/^/$kind: /" || tail -n 40 "$scratch/units.log"
    no_reports "$reports" || failed=1
    [ "$failed" = 0 ] || return 1
    say "$kind" 'units are done'

    local paths=()
    for file in ${!files}; do paths+=("Tests/EndToEnd/test_$file.py"); done
    WSBRIDGE=$scratch/release/wsbridge WSBRIDGE_SANITIZER=$kind timeout "$end_to_end_seconds_max" \
        "$python" -m pytest --color=no -q -p no:cacheprovider -o timeout="$one_test_seconds_max" \
        "${paths[@]:-Tests/EndToEnd}" 2>&1 | sed "s/^/$kind: /"
    say "$kind" 'end to end is done'
}

say() { echo "$1: $2 after $SECONDS s"; }

# Fails when there are any: a program that a test started may have left one and ended well.
no_reports() {
    local found=("$1"/*)
    [ -e "${found[0]}" ] || return 0
    cat "${found[@]}"
    return 1
}

kinds=("$@")
[ ${#kinds[@]} -gt 0 ] || kinds=(thread address)
for kind in "${kinds[@]}"; do
    case $kind in
        thread | address) ;;
        *) echo "usage: ${0##*/} [--short] [thread] [address]" >&2; exit 2 ;;
    esac
done

jobs=()
for kind in "${kinds[@]}"; do
    check "$kind" &
    jobs+=($!)
done
failed=0
for job in "${jobs[@]}"; do wait "$job" || failed=1; done
exit "$failed"
