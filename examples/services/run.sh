#!/usr/bin/env bash
# A desktop (VNC), MQTT, Redis and PostgreSQL behind one port with TLS, by path: services.toml.
#
#   examples/services/run.sh [PORT]      Ctrl-C ends all of it
#
# PORT is that of https and wss, 8443 by default; 8080 leads there. Try it with
#   /redis        the built-in console at https://127.0.0.1:8443/redis: type PING
#   /mqtt         any MQTT client for browsers
#   /vnc          noVNC, which python3 -m http.server --directory /usr/share/novnc serves on port 8000, once the browser
#                 trusts the certificate: vnc_lite.html?host=127.0.0.1&port=8443&path=vnc&encrypt=1
#   /postgresql   drivers that speak over a WebSocket
# Needed: mosquitto, redis-server, tigervnc-standalone-server, postgresql.
. "$(dirname "$0")/services.sh"

start_mqtt
start_redis
start_vnc
start_postgresql
cp "$here/services.toml" .
if [ $# -gt 0 ]; then
    # Another port, and then whichever is free for the redirect.
    sed -i "s/127\.0\.0\.1:8443/127.0.0.1:$port/; s/127\.0\.0\.1:8080/127.0.0.1:0/" services.toml
fi
serve --config services.toml
