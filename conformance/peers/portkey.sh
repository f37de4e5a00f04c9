#!/bin/sh
# Measures Portkey's gateway (npm) with chaperone conform. The pinned packages
# beside it are needed: with those it asks for, every stream ends in a 500.
# Further arguments go to chaperone conform.
set -eu
cd "$(dirname "$0")"
work=${PEERS:-/tmp/chaperone-peers}/portkey
chaperone=${CHAPERONE_BIN:-$(pwd)/../../bin/chaperone}

if [ ! -d "$work/node_modules" ]; then
	mkdir -p "$work"
	npm install --prefix "$work" --ignore-scripts --no-audit --no-fund --loglevel=error \
		@portkey-ai/gateway@1.15.2 @hono/node-server@1.13.5 @hono/node-ws@1.2.0 hono@4.9.7
fi
cd "$work"
node node_modules/@portkey-ai/gateway/build/start-server.js --port=8787 --headless >gateway.log 2>&1 &
gateway=$!
trap 'kill $gateway' EXIT
until curl -sf -o /dev/null http://127.0.0.1:8787/; do
	kill -0 $gateway && sleep 1
done
"$chaperone" conform --target http://127.0.0.1:8787 --upstream-listen 127.0.0.1:9100 \
	--header 'x-portkey-provider: anthropic' --header 'x-portkey-custom-host: http://127.0.0.1:9100/v1' \
	--header 'Authorization: Bearer sk-made-up' "$@"
