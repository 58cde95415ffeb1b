#!/usr/bin/env bash
# PostgreSQL over WebSocket, on its unix socket.
#
#   examples/services/postgresql.sh [PORT]      Ctrl-C ends all of it
#
# For drivers that speak PostgreSQL's protocol over a WebSocket. psql gets there by a relay:
#   python3 examples/services/relay.py 5432 ws://127.0.0.1:8080/ &
#   psql -h 127.0.0.1 -U postgres
# Whoever reaches it is in: a real one asks for passwords. Needed: postgresql.
. "$(dirname "$0")/services.sh"

start_postgresql
serve --port "$port" --unix postgresql/.s.PGSQL.5432
