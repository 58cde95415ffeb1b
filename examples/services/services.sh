# Sourced by the other scripts here: services of Debian on unix sockets in a folder that goes when the script ends, so
# that nothing but wsbridge can reach them from elsewhere.
set -euo pipefail

port=${1:-8080}
wsbridge=${WSBRIDGE:-wsbridge}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
PATH=$PATH:/usr/sbin
folder=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; wait; rm -rf "$folder"' EXIT
trap 'exit 0' INT TERM
cd "$folder"

# serve OPTION...: wsbridge in the foreground, and yet the traps above run at once.
serve() { "$wsbridge" "$@" & wait $!; }

# mosquitto, at mqtt.sock
start_mqtt() {
    cat >mosquitto.conf <<-END
	listener 0 $folder/mqtt.sock
	allow_anonymous true
	user $(id -un)
	END
    mosquitto -c mosquitto.conf >/dev/null 2>&1 &
}

# redis-server, at redis.sock
start_redis() {
    redis-server --port 0 --unixsocket "$folder/redis.sock" --save '' --dir "$folder" >/dev/null &
}

# tigervnc-standalone-server: an X server without a password, at vnc.sock
start_vnc() {
    Xtigervnc -displayfd 1 -rfbport -1 -rfbunixpath "$folder/vnc.sock" -SecurityTypes None -geometry 800x600 \
        -desktop example >/dev/null 2>&1 &
}

# postgresql: a fresh cluster that lets everybody in as postgres, at postgresql/.s.PGSQL.5432
start_postgresql() {
    local programs as_postgres=()
    programs=$(find /usr/lib/postgresql -maxdepth 2 -name bin | sort -V | tail -n 1)
    mkdir postgresql
    if [ "$(id -u)" -eq 0 ]; then
        # It refuses to run as root.
        as_postgres=(setpriv --reuid=postgres --regid=postgres --clear-groups)
        chown postgres postgresql
        chmod 711 "$folder"
    fi
    "${as_postgres[@]}" "$programs/initdb" --pgdata=postgresql/data --username=postgres --auth=trust --no-sync \
        --no-instructions >/dev/null
    "${as_postgres[@]}" "$programs/postgres" -D postgresql/data -k "$folder/postgresql" -c listen_addresses= \
        -c fsync=off >postgresql.log 2>&1 &
}

# noVNC's files on a port of their own: 8000, or a free one if the first argument of the script is 0.
start_novnc() {
    page=8000
    [ "$port" -ne 0 ] || page=0
    python3 -u -m http.server --bind 127.0.0.1 --directory /usr/share/novnc "$page" >novnc.log 2>&1 &
    until page=$(grep -o -m 1 'port [0-9]*' novnc.log); do sleep 0.1; done
    page=${page#port }
}
