#!/usr/bin/env bash
# Counts from 1 to COUNT (10), one number each PAUSE (1) seconds, then ends: the client sees close code 1000.
#
# Run:        wsbridge --cmd examples/count/count.sh
#             wsbridge --cmd 'examples/count/count.sh 100 0.1'
# Buffering:  bash's own echo and printf write each line at once. Programs in a pipeline do not: give them
#             `stdbuf -oL`, `grep --line-buffered`, `sed -u`, `awk '{ ...; fflush() }'`.
set -euo pipefail

count=${1:-10}
pause=${2:-1}
for ((number = 1; number <= count; number++)); do
    echo "$number"
    if ((number < count)); then sleep "$pause"; fi
done
