#!/usr/bin/env bash
# Runs the Swift tests under ThreadSanitizer or AddressSanitizer. The first finding ends the test process.
# Usage: scripts/sanitize.sh thread|address [OPTION OF "swift test"…]
set -euo pipefail
cd "$(dirname "$0")/.."

sanitizer=$1
shift
scratch=.build/$sanitizer-sanitizer
swift build --build-tests --sanitize="$sanitizer" --scratch-path "$scratch"
# Without leak detection, which would report objects that Swift never frees, and pointers in which it stores bits.
export TSAN_OPTIONS="halt_on_error=1" ASAN_OPTIONS="detect_leaks=0"
if [ "$sanitizer" = thread ] && [ "$(uname -s)" = Linux ]; then
    "$(dirname "$(readlink -f "$(command -v swiftc)")")/clang" -shared -fPIC -O1 \
        -o "$scratch/mutex.so" Tests/Sanitizers/mutex.c
    export LD_PRELOAD=$PWD/$scratch/mutex.so
fi
exec swift test --skip-build --disable-xctest --sanitize="$sanitizer" --scratch-path "$scratch" "$@"
