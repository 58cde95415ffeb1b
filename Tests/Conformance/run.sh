#!/usr/bin/env bash
# Plays the cases of the Autobahn test suite against a WebSocket echo server and compares with expected.json.
#
#   Tests/Conformance/run.sh                     starts `wsbridge --echo` ($WSBRIDGE, default .build/debug/wsbridge)
#   Tests/Conformance/run.sh --performance       the cases of 9.* (large and many messages) too
#   Tests/Conformance/run.sh --url ws://HOST:PORT/ [--only 5.]      another server, some cases
#
# The suite is fetched once from PyPI into .build-conformance/ (checksum below); nothing of it is kept in this repository.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
here=$root/Tests/Conformance
cache=${CONFORMANCE_CACHE:-$root/.build-conformance}
suite=autobahntestsuite-25.10.1
checksum=b083d6e15330fc16f3e5f0975cce2b15f21bfa0c6db09547316b1852c6dbd6df
wsbridge=${WSBRIDGE:-$root/.build/debug/wsbridge}

prepare() {
    mkdir -p "$cache"
    if ! cmp -s "$here/requirements.txt" "$cache/installed.txt"; then
        "${PYTHON:-python3}" -m venv "$cache/venv"
        "$cache/venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
        cp "$here/requirements.txt" "$cache/installed.txt"
    fi
    if [ ! -d "$cache/$suite" ]; then
        "$cache/venv/bin/pip" download --quiet --disable-pip-version-check --no-deps --no-binary :all: \
            --dest "$cache" "${suite%-*}==${suite##*-}"
        echo "$checksum  $cache/$suite.tar.gz" | sha256sum --check --quiet
        tar -xzf "$cache/$suite.tar.gz" -C "$cache"
    fi
}

server=
stop_server() {
    [ -z "$server" ] || { kill "$server" 2>/dev/null && wait "$server" || true; }
}
trap stop_server EXIT

# Starts the echo server on a free port and sets `url` from the first line that names one.
start_server() {
    local log=$cache/server.log
    : >"$log"
    # The largest message of 9.* has 16 MiB; the other limits stay as they are.
    "$wsbridge" --echo --port 0 --max-message-size 32MiB --max-frame-size 32MiB 2>"$log" &
    server=$!
    local tries=0
    until url=$(grep -oE 'https?://[^ "\\]+' "$log" | head -n 1) && [ -n "$url" ]; do
        kill -0 "$server" 2>/dev/null || { echo "the server did not start:" >&2; cat "$log" >&2; exit 1; }
        tries=$((tries + 1))
        [ "$tries" -lt 200 ] || { echo "the server printed no URL:" >&2; cat "$log" >&2; exit 1; }
        sleep 0.05
    done
    url=ws${url#http}
}

prepare
case " $* " in
    *" --url "*) set -- "$@" ;;
    *) start_server; set -- --url "$url" "$@" ;;
esac
limit=300
case " $* " in *" --performance "*) limit=900 ;; esac
timeout "$limit" "$cache/venv/bin/python" "$here/fuzzing_client.py" \
    --cases "$cache/$suite/autobahntestsuite/case" --expect "$here/expected.json" --out "$cache/verdicts.json" "$@"
