#!/usr/bin/env bash
# Prints Homebrew's formula for a release: replaces the words between @ in portctl.rb.
# Usage: packaging/fill-formula.sh HOMEPAGE URL SHA256
set -euo pipefail
[ $# -eq 3 ] || { echo "usage: $0 HOMEPAGE URL SHA256" >&2; exit 2; }
sed -e "s|@HOMEPAGE@|$1|" -e "s|@URL@|$2|" -e "s|@SHA256@|$3|" "$(dirname "$0")/portctl.rb"
