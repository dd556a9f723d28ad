#!/usr/bin/env bash
# Fills Homebrew's formula as a release does, and checks its lines, its scripts and its syntax.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

fail() { echo "$*" >&2; exit 1; }

address=https://example.org/portctl
checksum=$(printf '%064d' 0)
formula=$("$here/fill-formula.sh" "$address" "$address/portctl-0.1.0.tar.gz" "$checksum")
for line in "homepage \"$address\"" "url \"$address/portctl-0.1.0.tar.gz\"" "sha256 \"$checksum\""; do
    grep -qxF "  $line" <<<"$formula" || fail "the formula has no line $line"
done
# The scripts that it calls exist.
for script in $(grep -oE 'scripts/[a-z-]+\.[a-z]+' <<<"$formula"); do
    [ -x "$here/../$script" ] || fail "the formula calls $script, which does not exist"
done

if ! command -v ruby >/dev/null 2>&1; then
    echo "skipped: the formula's syntax: ruby is not installed"
    exit
fi
answer=$(ruby -wc <<<"$formula" 2>&1) || fail "the formula: $answer"
[ "$answer" = "Syntax OK" ] || fail "the formula: $answer"
echo "ok formula: $answer"
