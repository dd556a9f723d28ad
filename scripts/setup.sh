#!/usr/bin/env bash
# What a build needs, installed when it is missing. Says what it does; does nothing when all is there.
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

# SQLite's header and library. macOS has them in its SDK.
if [ "$(uname -s)" = Linux ] && ! [ -e /usr/include/sqlite3.h ]; then
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "SQLite's development files are missing: install them with your package manager (sqlite-devel)." >&2
        exit 1
    fi
    as_root=()
    if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi
    echo "Installing libsqlite3-dev (SQLite's development files)."
    "${as_root[@]}" apt-get update -q
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q libsqlite3-dev
fi
