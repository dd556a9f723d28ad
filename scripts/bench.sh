#!/usr/bin/env bash
# Every number beside what a user would pick instead, measured side by side in one run on this machine: prints one page, and
# writes it to docs/performance.md, the raw data to .build/bench. Arguments: the rows to measure, all without.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
for name in hyperfine lsof strace curl; do command -v "$name" >/dev/null 2>&1 || missing+=("$name"); done
command -v ss >/dev/null 2>&1 || missing+=(iproute2)
python3 -c 'import ensurepip' >/dev/null 2>&1 || missing+=(python3-venv)
# A peer that cannot be had is left out, and said.
[ ${#missing[@]} -eq 0 ] || scripts/install-packages.sh "${missing[@]}" || true
[ -x .venv/bin/python ] || python3 -m venv .venv
.venv/bin/pip install --quiet --disable-pip-version-check portpicker==1.6.0 -r Tests/BrowserTests/requirements.txt || true

# The small parts, against their thresholds; and the peer of the daemon's start.
export PORTCTL_BENCHMARKS=1
scratch=.build/benchmarks
mkdir -p $scratch
status=0
if [ $# -eq 0 ]; then
    check=(swift package --scratch-path $scratch benchmark thresholds check --target PortBenchmarks)
    log=$scratch/thresholds.log
    # What is much better than its threshold ends it with an error, too.
    "${check[@]}" --path Benchmarks/Thresholds --no-progress >$log 2>&1 ||
        grep -q benchmarkThresholdImprovement $log || status=1
    if [ $status = 0 ]; then echo "micro-benchmarks: within their thresholds"; else cat $log; fi
fi
[ $# -eq 0 ] || [[ " $* " = *" start "* ]] || exec .venv/bin/python scripts/bench/page.py "$@"
# As "make build" builds the daemon, and beside it.
flags=(-c release --static-swift-stdlib -Xswiftc -static-executable)
log=$scratch/hello-server.log
swift build "${flags[@]}" --product hello-server >$log 2>&1 || {
    cat $log
    exit 1
}
HELLO_SERVER=$(swift build "${flags[@]}" --show-bin-path)/hello-server
export HELLO_SERVER
.venv/bin/python scripts/bench/page.py "$@" || status=1
exit $status
