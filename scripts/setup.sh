#!/usr/bin/env bash
# Installs what a build needs and is missing: SQLite's development files. Fails without a Swift toolchain.
set -euo pipefail

if ! command -v swift >/dev/null 2>&1; then
    cat >&2 <<'TEXT'
There is no Swift toolchain on the PATH. portctl needs Swift 6.2 or newer:
  Linux:  https://www.swift.org/install/linux   (swiftly installs and updates toolchains)
  macOS:  Xcode 26, or https://www.swift.org/install/macos
Then run the same command again.
TEXT
    exit 1
fi

# SQLite's header and library. On macOS they are part of the SDK.
if [ "$(uname -s)" = Linux ] && ! [ -e /usr/include/sqlite3.h ]; then
    "$(dirname "$0")/install-packages.sh" libsqlite3-dev
fi
