#!/bin/sh
# Plays chunk-invariance (PyPI), other people's test of streaming filters, on a
# Chaperone of its own.
set -eu
cd "$(dirname "$0")"
work=${PEERS:-/tmp/chaperone-peers}/chunk-invariance
chaperone=${CHAPERONE_BIN:-$(pwd)/../../bin/chaperone}

if [ ! -d "$work/venv" ]; then
	mkdir -p "$work"
	python3 -m venv "$work/venv"
	"$work/venv/bin/pip" install --quiet --disable-pip-version-check chunk-invariance==0.2.0
fi
rm -rf "$work/house"
mkdir -p "$work/house"
printf made-up >"$work/house/door.key"
chmod 600 "$work/house/door.key"
cat >"$work/house/chaperone.yaml" <<'YAML'
data: data
doors:
  - name: scripted
    kind: compatible
    url: http://127.0.0.1:9100
    insecure_http: true
    key_file: door.key
default_door: scripted
YAML
"$chaperone" up --config "$work/house/chaperone.yaml" --listen 127.0.0.1:0 --json >"$work/house/ready" 2>"$work/house/log" &
gateway=$!
trap 'kill $gateway' EXIT
until [ -s "$work/house/ready" ]; do
	kill -0 $gateway && sleep 1
done
field() { python3 -c 'import json, sys; print(json.loads(open(sys.argv[1]).readline())[sys.argv[2]])' "$work/house/ready" "$1"; }
"$work/venv/bin/python" chunk_invariance_run.py "$(field url)" "$(field api_key)"
