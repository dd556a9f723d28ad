#!/usr/bin/env bash
# Installs Debian packages. Elsewhere it fails and names them.
# Usage: scripts/install-packages.sh PACKAGE…
set -euo pipefail
if ! command -v apt-get >/dev/null 2>&1; then
    echo "Missing: $*. Install them with your package manager (the names are Debian's)." >&2
    exit 1
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi
echo "Installing: $*"
"${as_root[@]}" apt-get update -q
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q "$@"
