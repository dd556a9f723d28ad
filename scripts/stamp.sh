#!/usr/bin/env bash
# Prints a shell command that exports the commit and the build date. The date of a clean commit stays the same, so that
# building it again does not link everything again.
set -euo pipefail
cd "$(dirname "$0")/.."

commit=$(git describe --always --dirty --exclude '*' 2>/dev/null || echo unknown)
date=$(date -u +%Y-%m-%dT%H:%M:%SZ)
last=.build/last-stamp
case $commit in
    unknown | *-dirty) ;;
    *)
        if [ "$(head -n 1 "$last" 2>/dev/null)" = "$commit" ]; then date=$(tail -n 1 "$last"); fi
        mkdir -p .build
        printf '%s\n%s\n' "$commit" "$date" >"$last"
        ;;
esac
echo "export PORTCTL_COMMIT=$commit PORTCTL_BUILD_DATE=$date"
