#!/usr/bin/env bash
# Builds the tarball twice, with two umasks, and checks that the bytes are the same. Unpacks it and uses the programs.
# Usage: packaging/test-tarball.sh BIN_DIR
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: $0 BIN_DIR" >&2; exit 2; }
scripts=$(cd "$(dirname "$0")/../scripts" && pwd)

fail() { echo "$*" >&2; exit 1; }

work=$(mktemp -d /tmp/portctl-tarball.XXXXXX)
trap '"$work"/portctl-*/bin/portctl stop >/dev/null 2>&1 || true; rm -rf "$work"' EXIT
export PORT_SERVER_HOME=$work/home PORT_SERVER_LISTEN=127.0.0.1:0

"$scripts/package-tarball.sh" "$1" "$work/first" >/dev/null
(umask 077; "$scripts/package-tarball.sh" "$1" "$work/second" >/dev/null)
archive=("$work"/first/*.tar.gz)
cmp "${archive[0]}" "$work"/second/*.tar.gz || fail "the second build differs"
echo "ok the same bytes: $(basename "${archive[0]}")"

tar -xzf "${archive[0]}" -C "$work"
name=$(basename "${archive[0]}" .tar.gz)
port=$("$work/$name/bin/portctl" port web)
[[ $port =~ ^[0-9]+$ ]] || fail "\"portctl port web\" printed \"$port\""
[[ $("$work/$name/bin/list-ports") == *"$port"* ]] || fail "list-ports lacks $port"
for file in LICENSE README.md COPYRIGHT share/man/man1/portctl-run.1 share/bash-completion/completions/get-port \
    share/zsh/site-functions/_portctl share/fish/vendor_completions.d/portctl.fish; do
    [ -s "$work/$name/$file" ] || fail "$file is missing"
done
left=$(find "$work/$name" -name '*.service' -o -name '*.plist')
[ -z "$left" ] || fail "a unit or agent, whose path cannot be known: $left"
# The unit that portctl writes starts the unpacked daemon.
[[ $("$work/$name/bin/portctl" service install --dry-run) == *"/$name/bin/port-server"* ]] ||
    fail "\"portctl service install\" does not name the port-server beside it"
echo "ok unpacked and used: web has $port"
