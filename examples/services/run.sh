#!/usr/bin/env bash
# Three services of Debian behind one port, by path: a desktop (VNC), MQTT, Redis.
#
#   examples/services/run.sh [PORT]      Ctrl-C ends all of it
#
# Needed: mosquitto, redis-server, tigervnc-standalone-server. They listen on unix sockets in a folder of their own, so
# nothing but wsbridge can be reached from elsewhere. Try it with
#   /redis    the built-in console: type PING
#   /mqtt     any MQTT client for browsers
#   /vnc      noVNC: vnc_lite.html?host=127.0.0.1&port=PORT&path=vnc, served from an origin that is listed below
set -euo pipefail

port=${1:-8080}
wsbridge=${WSBRIDGE:-wsbridge}
PATH=$PATH:/usr/sbin
folder=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; wait; rm -rf "$folder"' EXIT
trap 'exit 0' INT TERM
cd "$folder"

cat >mosquitto.conf <<END
listener 0 $folder/mqtt.sock
allow_anonymous true
user $(id -un)
END
cat >wsbridge.toml <<END
listen = "127.0.0.1:$port"

[defaults]
origin = ["same", "http://127.0.0.1:8000", "http://localhost:8000"]

[[route]]
path = "/vnc"
unix = "vnc.sock"

[[route]]
path = "/mqtt"
unix = "mqtt.sock"
subprotocol = "mqtt"

[[route]]
path = "/redis"
unix = "redis.sock"
framing = "lines"
END

mosquitto -c mosquitto.conf >/dev/null 2>&1 &
redis-server --port 0 --unixsocket "$folder/redis.sock" --save '' --dir "$folder" >/dev/null &
Xtigervnc -displayfd 1 -rfbport -1 -rfbunixpath "$folder/vnc.sock" -SecurityTypes None -geometry 800x600 \
    -desktop example >/dev/null 2>&1 &
"$wsbridge" --config wsbridge.toml &
wait $!
