#!/bin/sh
# Installs what the Go tests start and what is not there: PostgreSQL, from
# Debian's packages. The tests start servers of their own and stop them.
set -eu
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 && exit 0
command -v postgres >/dev/null && exit 0
if ! command -v apt-get >/dev/null; then
	echo "needs: PostgreSQL is not installed; its tests are skipped" >&2
	exit 0
fi
echo "needs: installing postgresql" >&2
if [ "$(id -u)" = 0 ]; then sudo=; else sudo=sudo; fi
$sudo apt-get update -qq
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends postgresql >/dev/null
