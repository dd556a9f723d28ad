#!/usr/bin/env bash
# Builds products: build.sh PRODUCT… -- OPTIONS OF "swift build". Shows what a person has to read: progress in one line on
# a terminal, errors, and warnings but for three kinds that say nothing about this build:
# - the static linker names every function that would load glibc's shared libraries at run time, such as getaddrinfo;
#   the programs resolve no host and no user name;
# - it warns of mktemp, which the toolchain's Foundation contains;
# - SwiftPM names files of dependencies that they do not declare.
# Everything is in .build/build.log.
set -euo pipefail
cd "$(dirname "$0")/.."

products=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do
    products+=("$1")
    shift
done
[ $# -eq 0 ] || shift

terminal=0
[ ! -t 1 ] || terminal=1
mkdir -p .build
log=.build/build.log
: >"$log"
for product in "${products[@]}"; do
    echo "building $product (a first build takes some minutes)"
    swift build "$@" --product "$product" 2>&1 | tee -a "$log" | awk -v terminal="$terminal" '
        function clear() { if (is_progress) printf "\r\033[K"; is_progress = 0 }
        is_continuation && /^    / { next }
        { is_continuation = 0 }
        /in statically linked applications requires at runtime the shared libraries/ { next }
        /warning: the use of `mktemp. is dangerous/ { next }
        /warning: .*found [0-9]+ file\(s\) which are unhandled/ { is_continuation = 1; next }
        /^\[[0-9]+\/[0-9]+\] / {
            if (terminal) { printf "\r\033[K%s", substr($0, 1, 78); fflush(); is_progress = 1 }
            next
        }
        /^(Fetching|Fetched|Computing|Computed|Creating|Working copy|Updating|Updated|Building for|Build of product|Planning)/ { next }
        { clear(); print; fflush() }
        END { clear() }
    ' || {
        echo "the build failed; the whole log is in $log" >&2
        exit 1
    }
done
