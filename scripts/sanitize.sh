#!/usr/bin/env bash
# The Swift tests under ThreadSanitizer or AddressSanitizer: sanitize.sh thread|address [options of "swift test"]. The first
# finding ends the test process with a failure.
set -euo pipefail
cd "$(dirname "$0")/.."

sanitizer=$1
shift
scratch=.build/$sanitizer-sanitizer
swift build --build-tests --sanitize="$sanitizer" --scratch-path "$scratch"
# Leaks are not looked for: what Swift keeps for good, and in pointers with bits of its own, seems to be one.
export TSAN_OPTIONS="halt_on_error=1" ASAN_OPTIONS="detect_leaks=0"
if [ "$sanitizer" = thread ] && [ "$(uname -s)" = Linux ]; then
    "$(dirname "$(readlink -f "$(command -v swiftc)")")/clang" -shared -fPIC -O1 \
        -o "$scratch/mutex.so" Tests/Sanitizers/mutex.c
    export LD_PRELOAD=$PWD/$scratch/mutex.so
fi
exec swift test --skip-build --disable-xctest --sanitize="$sanitizer" --scratch-path "$scratch" "$@"
