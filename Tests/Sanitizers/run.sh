#!/usr/bin/env bash
# Builds the server and the tests with the thread and the address sanitizer, and runs what they can find something in.
#
#   Tests/Sanitizers/run.sh [thread] [address]      both by default, at the same time
#
# Optimized, since a debug build with a sanitizer takes a second to start, and every end-to-end test starts a server;
# the debug build's own checks are for the other tests. Any report is a failure: the harness of the end-to-end tests
# looks for reports of every server it started.
set -euo pipefail
cd "$(dirname "$0")/../.."

python=${PYTHON:-.venv/bin/python}
build_seconds_max=900
test_seconds_max=600

# Where threads meet; the simulated tests have one thread.
units_thread='ReactorTests|ProcessesTests|DialingTests'
end_to_end_thread='framing closing backpressure hardening'
# Where memory is managed by hand, and all that moves bytes or ends sessions.
units_address='BuffersTests|ReactorTests|ProcessesTests|HTTPConnectionTests|BridgeTests'
end_to_end_address='framing closing backpressure hardening handshake terminal'

check() {
    local kind=$1 scratch=.build-$1
    local units=units_$kind files=end_to_end_$kind reports=$scratch/reports log=$scratch/build.log
    local flags=(--configuration release --sanitize="$kind" --scratch-path "$scratch" -Xswiftc -enable-testing)
    rm -rf "$reports" && mkdir -p "$reports"

    # The linker complains about some hundred symbols of the sanitizer.
    if ! timeout "$build_seconds_max" swift build "${flags[@]}" --build-tests >"$log" 2>&1; then
        grep -v 'Cannot export local symbol' "$log"
        return 1
    fi

    # No search for leaks here: a test lets go of its loop with the streams that hold it.
    local options=log_path=$PWD/$reports/units failed=0
    TSAN_OPTIONS=$options ASAN_OPTIONS=$options:detect_leaks=0 SWIFT_BACKTRACE=enable=no \
        timeout "$test_seconds_max" swift test "${flags[@]}" --skip-build --filter "${!units}" >"$scratch/units.log" 2>&1 ||
        failed=1
    grep -E '✘|error:|Fatal|Test run with' "$scratch/units.log" | sed "s/^/$kind: /" || tail -n 40 "$scratch/units.log"
    no_reports "$reports" || failed=1
    [ "$failed" = 0 ] || return 1

    local paths=()
    for file in ${!files}; do paths+=("Tests/EndToEnd/test_$file.py"); done
    WSBRIDGE=$scratch/release/wsbridge timeout "$test_seconds_max" \
        "$python" -m pytest --color=no -q "${paths[@]}" 2>&1 | sed "s/^/$kind: /"
}

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
        *) echo "usage: ${0##*/} [thread] [address]" >&2; exit 2 ;;
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
