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

# The peer of the daemon's start.
export PORTCTL_BENCHMARKS=1
scratch=.build/benchmarks
flags=(-c release --static-swift-stdlib -Xswiftc -static-executable --scratch-path $scratch)
swift build "${flags[@]}" --product hello-server
HELLO_SERVER=$(swift build "${flags[@]}" --show-bin-path)/hello-server
export HELLO_SERVER
exec .venv/bin/python scripts/bench/page.py "$@"
