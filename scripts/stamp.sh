#!/usr/bin/env bash
# Prints, for a shell, what a build says of itself. The same clean commit keeps its date, so that building it again does
# not link everything anew.
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
