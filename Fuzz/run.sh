#!/usr/bin/env bash
# Fuzzes every engine for a while: Fuzz/run.sh [seconds for each, 10 by default] [name ...]
#
# First the inputs that once failed, then the corpus and what grows from it. A new finding is kept in FailCases and
# makes this fail; commit it with the repair. What a run learns goes to .build and not into the repository.
set -euo pipefail
cd "$(dirname "$0")"

seconds=${1:-10}
shift || true
if [ $# -gt 0 ]; then names=("$@"); else names=(RequestHead ResponseHead Bodies StaticFiles TunnelFrames ProxyHeader Frames UTF8 Records RecordEncoder ShellWords ConfigurationFile TokenMap); fi

# The symbolizer can hang on a crash.
export ASAN_OPTIONS=symbolize=0:detect_leaks=0 SWIFT_BACKTRACE=enable=no

mkdir -p .build
if ! swift build --configuration release >.build/build.log 2>&1; then
    cat .build/build.log
    exit 1
fi
bin=$(swift build --configuration release --show-bin-path)

# Prints one paragraph, whatever its neighbours do.
check() {
    local name=$1 fuzzer=$bin/Fuzz$1 learnt=.build/learnt/$1 log=.build/$1.log verdict
    mkdir -p "$learnt" "FailCases/$name" "Corpus/$name"
    local old=(FailCases/"$name"/*)
    if [ -e "${old[0]}" ] && ! "$fuzzer" "${old[@]}" >"$log" 2>&1; then
        verdict='an old failure is back'
    elif ! "$fuzzer" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -artifact_prefix="FailCases/$name/" \
        "$learnt" "Corpus/$name" >"$log" 2>&1; then
        verdict="a new finding in Fuzz/FailCases/$name"
    else
        echo "$name: $(grep -o 'Done [0-9]* runs' "$log" | tail -1)"
        return 0
    fi
    printf '%s: %s\n%s\n' "$name" "$verdict" "$(tail -n 30 "$log" | cut -c1-2000)"
    return 1
}

# One for each core.
cores=$(nproc) running=0 failed=0
for name in "${names[@]}"; do
    if [ "$running" -ge "$cores" ]; then
        wait -n || failed=1
        running=$((running - 1))
    fi
    check "$name" &
    running=$((running + 1))
done
while [ "$running" -gt 0 ]; do
    wait -n || failed=1
    running=$((running - 1))
done
exit "$failed"
