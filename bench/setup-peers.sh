#!/usr/bin/env bash
# Installs the Python peers of the benches and of test/golden, versions pinned, into the user's cache folder.
set -euo pipefail
folder=${SEMSPACE_PEERS_FOLDER:-$HOME/.cache/semspace/peers/venv}
[ -x "$folder/bin/python" ] || python3 -m venv "$folder"
"$folder/bin/pip" install -q -r "$(dirname "$0")/peers/requirements.txt"
echo "$folder/bin/python"
