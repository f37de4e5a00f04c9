#!/bin/sh
# Installs Portkey's gateway from npm beside the bench, which then measures it
# too. With the newest of the libraries it asks for it answers every stream with
# 500, so theirs are pinned.
set -eu
cd "$(dirname "$0")"
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
