#!/usr/bin/env bash
# Redis, line by line: commands as text, one message a line of the answer.
#
#   examples/services/redis.sh [PORT]      Ctrl-C ends all of it
#
# Open the page that it prints and type PING, INCR visits, GET visits. A client that speaks RESP itself leaves out
# --framing lines. Needed: redis-server.
. "$(dirname "$0")/services.sh"

start_redis
serve --port "$port" --unix redis.sock --framing lines
