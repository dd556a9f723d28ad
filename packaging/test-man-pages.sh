#!/usr/bin/env bash
# Writes the man pages, and checks that mandoc and groff find no fault and that each has a name and a summary. A tool
# that cannot be installed is skipped.
# Usage: packaging/test-man-pages.sh BIN_DIR
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: $0 BIN_DIR" >&2; exit 2; }
scripts=$(dirname "$0")/../scripts

has() { command -v "$1" >/dev/null 2>&1; }

missing=()
for tool in mandoc groff; do has $tool || missing+=("$tool"); done
if [ ${#missing[@]} -gt 0 ] && has apt-get; then "$scripts/install-packages.sh" "${missing[@]}"; fi
for tool in mandoc groff; do
    has $tool || echo "skipped: man pages in $tool: it is not installed"
done

work=$(mktemp -d /tmp/portctl-man.XXXXXX)
trap 'rm -rf "$work"' EXIT
"$scripts/make-man-pages.py" "$1" "$work"

! has mandoc || mandoc -T lint -W all "$work"/*.1
for page in "$work"/*.1; do
    name=$(basename "$page" .1)
    if has groff; then
        warnings=$(groff -man -Tutf8 -ww -z "$page" 2>&1)
        [ -z "$warnings" ] || { echo "$warnings" >&2; exit 1; }
    fi
    has mandoc || continue
    # Not a pipe into "grep -q": it ends with the first match, and the writer fails because of that.
    text=$(mandoc -T utf8 "$page" | sed $'s/.\b//g')
    grep -qE "^ +$name (-|–|—) [[:alnum:]]" <<<"$text" ||
        { echo "$name has no name and summary" >&2; exit 1; }
done
# Every subcommand has a page.
for sub in $("$1/portctl" --help | sed -n '/^SUBCOMMANDS:/,$s/^  \([a-z]\{1,\}\) .*/\1/p'); do
    [ -e "$work/portctl-$sub.1" ] || { echo "portctl $sub has no page" >&2; exit 1; }
done
echo "ok man pages"
