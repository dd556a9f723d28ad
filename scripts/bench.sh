#!/usr/bin/env bash
# Measures portctl beside what a user would use instead, in one run on this machine. Prints the page and writes it to
# docs/performance.md, the raw data to .build/bench.
# Usage: scripts/bench.sh [ROW…]: the rows to measure; without arguments all.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
for name in hyperfine lsof strace curl valgrind; do command -v "$name" >/dev/null 2>&1 || missing+=("$name"); done
command -v ss >/dev/null 2>&1 || missing+=(iproute2)
python3 -c 'import ensurepip' >/dev/null 2>&1 || missing+=(python3-venv)
# A peer that cannot be installed is left out, which its row says.
[ ${#missing[@]} -eq 0 ] || scripts/install-packages.sh "${missing[@]}" || true
[ -x .venv/bin/python ] || python3 -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check portpicker==1.6.0 \
    -r Tests/BrowserTests/requirements.txt || true

# The micro-benchmarks, against their thresholds, the peer of the row "start", and the program of the row "events".
export PORTCTL_BENCHMARKS=1
scratch=.build/benchmarks
mkdir -p $scratch
status=0
if [ $# -eq 0 ]; then
    check=(swift package --scratch-path $scratch benchmark thresholds check --target PortBenchmarks)
    log=$scratch/thresholds.log
    # A result that is much better than its threshold is an error as well, but not here.
    "${check[@]}" --path Benchmarks/Thresholds --no-progress >$log 2>&1 ||
        grep -q benchmarkThresholdImprovement $log || status=1
    if [ $status = 0 ]; then echo "micro-benchmarks: within their thresholds"; else cat $log; fi
fi
[ $# -eq 0 ] || [[ " $* " = *" start "* || " $* " = *" events "* ]] || exec .venv/bin/python scripts/bench/page.py "$@"
# With the flags of "make build".
flags=(-c release --static-swift-stdlib -Xswiftc -static-executable)
for product in hello-server change-subscribers; do
    log=$scratch/$product.log
    swift build "${flags[@]}" --product $product >$log 2>&1 || {
        cat $log
        exit 1
    }
done
HELLO_SERVER=$(swift build "${flags[@]}" --show-bin-path)/hello-server
CHANGE_SUBSCRIBERS=$(swift build "${flags[@]}" --show-bin-path)/change-subscribers
export HELLO_SERVER CHANGE_SUBSCRIBERS
.venv/bin/python scripts/bench/page.py "$@" || status=1
exit $status
