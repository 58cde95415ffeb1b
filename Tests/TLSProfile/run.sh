#!/usr/bin/env bash
# What testssl.sh (Debian) finds at a port of ours, once with an ECDSA and once with an RSA certificate. Everything from
# LOW up that accepted.txt does not explain is a failure. Takes about five minutes.
#
#   Tests/TLSProfile/run.sh [PROGRAM]
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
wsbridge=${1:-$root/.build/debug/wsbridge}
accepted=$root/Tests/TLSProfile/accepted.txt
folder=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; wait; rm -rf "$folder"' EXIT
cd "$folder"

openssl req -x509 -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -keyout ca.key -out ca.pem -days 90 \
    -subj '/CN=Test authority' -addext keyUsage=critical,keyCertSign 2>/dev/null
cat >extensions <<END
subjectAltName = DNS:localhost
extendedKeyUsage = serverAuth
basicConstraints = CA:FALSE
END

# issue NAME OPTION...: a certificate with a key of this kind
issue() {
    local name=$1
    shift
    openssl req -new -noenc -keyout "$name.key" -out "$name.csr" -subj /CN=localhost "$@" 2>/dev/null
    openssl x509 -req -in "$name.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days 90 -extfile extensions \
        -out "$name.pem" 2>/dev/null
    chmod 600 "$name.key"
}
issue ecdsa -newkey ec -pkeyopt ec_paramgen_curve:P-256
issue rsa -newkey rsa:2048

failures=0
for kind in ecdsa rsa; do
    "$wsbridge" --port 0 --tls-cert "$kind.pem" --tls-key "$kind.key" --echo --log-format json 2>"$kind.log" &
    until port=$(grep -o -m 1 'https://127.0.0.1:[0-9]*' "$kind.log"); do
        kill -0 $! || { cat "$kind.log" >&2; exit 1; }
        sleep 0.1
    done
    port=${port##*:}
    timeout 900 testssl --quiet --color 0 --warnings off --ip one --add-ca ca.pem --severity LOW \
        --jsonfile "$kind.json" "localhost:$port" >"$kind.txt" 2>&1 </dev/null || true
    grep -q 'Done' "$kind.txt" || { tail -n 40 "$kind.txt" >&2; exit 1; }
    kill $!
    wait $! || true
    echo "== $kind: $(grep -c 'not vulnerable (OK)' "$kind.txt") checks for known attacks are \"not vulnerable\""
    python3 - "$kind.json" "$accepted" <<'END' || failures=$((failures + 1))
import json, sys
accepted = dict(line.split(": ", 1) for line in open(sys.argv[2]) if not line.startswith("#") and ": " in line)
unexplained = []
for finding in json.load(open(sys.argv[1])):
    name = finding["id"]
    print(f'{finding["severity"]:8} {name}: {finding["finding"]}' + (" (accepted)" if name in accepted else ""))
    if name not in accepted:
        unexplained.append(name)
sys.exit(f"not accepted: {', '.join(unexplained)}" if unexplained else 0)
END
done
exit "$failures"
