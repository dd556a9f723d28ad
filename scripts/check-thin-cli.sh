#!/usr/bin/env bash
# The command line must start in a millisecond or two: it links neither Foundation proper nor GRDB, NIO or Hummingbird.
# Usage: scripts/check-thin-cli.sh EXECUTABLE, a portctl with its symbols
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: $0 EXECUTABLE" >&2; exit 2; }
binary=$1
status=0

# Shared libraries (a debug build links the toolchain's dynamically). FoundationEssentials is allowed.
libraries='Foundation|FoundationNetworking|FoundationInternationalization|_FoundationICU|sqlite3'
if command -v readelf >/dev/null 2>&1; then
    if readelf -d "$binary" | grep -E "NEEDED.*\[lib($libraries)\.so"; then
        echo "portctl links the library above" >&2
        status=1
    fi
fi

# Code of modules, by the module's name at the start of a mangled Swift symbol: length, then name.
symbols=$(nm "$binary")
for module in 10Foundation 4GRDB 7NIOCore 8NIOPosix 11Hummingbird 12PortRegistry 9PortStore 8PortHost 8PortHTTP; do
    if grep -m 1 -E " [TtDdRr] _?\\\$s$module" <<<"$symbols"; then
        echo "portctl contains code of ${module#"${module%%[A-Z]*}"}" >&2
        status=1
    fi
done
# Without symbols the check above would find nothing.
grep -q -E ' [Tt] _?\$s12PortCommands' <<<"$symbols" || { echo "$binary has no symbols of PortCommands" >&2; status=1; }
if [ $status -eq 0 ]; then echo "ok thin command line: no Foundation, GRDB, NIO or Hummingbird in portctl"; fi
exit $status
