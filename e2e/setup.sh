#!/bin/sh
# Installs what the end-to-end tests need and is not there: Node.js and Python's
# venv from Debian's packages, the official SDKs from their registries by name.
set -eu
cd "$(dirname "$0")"

install() {
	echo "e2e: installing $*" >&2
	if [ "$(id -u)" = 0 ]; then sudo=; else sudo=sudo; fi
	$sudo apt-get update -qq
	DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

command -v node >/dev/null && command -v npm >/dev/null || install nodejs npm
[ -x /usr/sbin/rsyslogd ] || install rsyslog rsyslog-openssl
python3 -c 'import venv, ensurepip' 2>/dev/null || install python3 python3-venv

# The dependency lists are stamped, so that a second run is quick.
stamp() { cat "$@" | cksum | tr ' ' '-'; }

want=$(stamp ts/package-lock.json)
if [ "$(cat ts/node_modules/.stamp 2>/dev/null || true)" != "$want" ]; then
	npm ci --prefix ts --no-audit --no-fund --loglevel=error
	echo "$want" >ts/node_modules/.stamp
fi
want=$(stamp python/requirements.txt)
if [ "$(cat python/.venv/.stamp 2>/dev/null || true)" != "$want" ]; then
	python3 -m venv python/.venv
	python/.venv/bin/pip install --quiet --disable-pip-version-check -r python/requirements.txt
	echo "$want" >python/.venv/.stamp
fi

# Claude Code is large, so it comes only when asked for, into a cache of its own.
if [ -n "${CHAPERONE_CLIENTS:-}" ]; then
	want=$(stamp code/package-lock.json)
	if [ "$(cat "$CHAPERONE_CLIENTS/.stamp" 2>/dev/null || true)" != "$want" ]; then
		mkdir -p "$CHAPERONE_CLIENTS"
		cp code/package.json code/package-lock.json "$CHAPERONE_CLIENTS"
		# Its installer only links the program of this platform, which is a package.
		npm ci --prefix "$CHAPERONE_CLIENTS" --ignore-scripts --no-audit --no-fund --loglevel=error
		echo "$want" >"$CHAPERONE_CLIENTS/.stamp"
	fi
fi
