#!/usr/bin/env bash
# A desktop in the browser: noVNC in front of a VNC server.
#
#   examples/services/vnc.sh [PORT]      Ctrl-C ends all of it
#
# Then open the page that it prints. Needed: tigervnc-standalone-server, novnc, python3.
. "$(dirname "$0")/services.sh"

start_vnc
start_novnc
echo "open http://127.0.0.1:$page/vnc_lite.html?host=127.0.0.1&port=$port&path="
# The page comes from another origin than the WebSocket.
serve --port "$port" --unix vnc.sock --origin "same,http://127.0.0.1:$page,http://localhost:$page"
