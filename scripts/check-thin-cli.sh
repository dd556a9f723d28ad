#!/usr/bin/env bash
# The command line must start in a millisecond or two: it links no Foundation proper, GRDB, NIO or Hummingbird.
set -euo pipefail
binary=$1
status=0

# Shared libraries (a debug build links the toolchain's dynamically). FoundationEssentials is allowed.
if command -v readelf >/dev/null 2>&1; then
    if readelf -d "$binary" | grep -E 'NEEDED.*\[lib(Foundation|FoundationNetworking|FoundationInternationalization|_FoundationICU|sqlite3)\.so'; then
        echo "portctl links the library above" >&2
        status=1
    fi
fi

# Code of modules, by the module's name at the start of a mangled Swift symbol: length, then name.
symbols=$(nm "$binary")
for module in 10Foundation 4GRDB 7NIOCore 8NIOPosix 11Hummingbird 12PortRegistry 9PortStore 10PortServer; do
    if grep -m 1 -E " [TtDdRr] _?\\\$s$module" <<<"$symbols"; then
        echo "portctl contains code of ${module#[0-9]*[0-9]}" >&2
        status=1
    fi
done
# The check itself must be able to see something.
grep -q -E ' [Tt] _?\$s12PortCommands' <<<"$symbols" || { echo "no symbols in $binary" >&2; status=1; }
[ $status -eq 0 ] && echo "portctl is thin"
exit $status
