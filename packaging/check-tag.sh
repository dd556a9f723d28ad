#!/usr/bin/env bash
# Checks that the tag of a release is "v" and the version of the executables.
# Usage: packaging/check-tag.sh TAG
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: $0 TAG" >&2; exit 2; }
version=$(bin/portctl version --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["version"])')
if [ "$1" != "v$version" ]; then
    echo "the tag is $1, but the version of the executables is $version" >&2
    exit 1
fi
