#!/usr/bin/env bash
# Runs the tests that need root, namespaces or minutes in new network, pid and mount namespaces, so that no test can
# reach or signal a process outside. Prints what each measured, and records it in docs/promises.json and promises.md.
# Usage: scripts/soak.sh [ARGUMENT…]: files of tests and options, for pytest. The default is Tests/SoakTests.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ "$(uname -s)" != Linux ]; then
    echo "the soak tests need the namespaces of Linux" >&2
    exit 1
fi
missing=()
need() { command -v "$1" >/dev/null 2>&1 || missing+=("$2"); }
need strace strace; need unshare util-linux; need ip iproute2; need mkfs.ext4 e2fsprogs; need setpriv util-linux
python3 -c 'import ensurepip' >/dev/null 2>&1 || missing+=(python3-venv)
[ ${#missing[@]} -eq 0 ] || scripts/install-packages.sh "${missing[@]}"
[ -x .venv/bin/python ] || python3 -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check -r Tests/SoakTests/requirements.txt
swift build --product registry-embedder
[ $# -gt 0 ] || scripts/other-programs.sh

mkdir -p .build/soak
export SOAK_FIGURES=$PWD/.build/soak/figures.jsonl PYTHONDONTWRITEBYTECODE=1 PORTCTL_BIN=$PWD/bin
PORTCTL_EMBEDDER=$(swift build --show-bin-path)/registry-embedder
export PORTCTL_EMBEDDER
: >"$SOAK_FIGURES"
namespaces=(--net --pid --mount --fork --kill-child --mount-proc)
# Without root, as root of a user namespace with only this user. Tests that need more are skipped, with the reason.
[ "$(id -u)" = 0 ] || namespaces+=(--user --map-root-user)
status=0
# The default HTTP port is in the range from which the kernel chooses the ports of clients. The shell stays process 1:
# the children of that have lost their parents, as far as anybody can tell.
inside='ip link set lo up && echo 51234 >/proc/sys/net/ipv4/ip_local_reserved_ports && "$@"; exit $?'
unshare "${namespaces[@]}" sh -c "$inside" sh \
    .venv/bin/python -m pytest -q -rs -p no:cacheprovider -p no:randomly "${@:-Tests/SoakTests}" || status=$?
# The scenarios of the verdict, with twenty times the moves of listeners.
[ $# -gt 0 ] || PORTCTL_MOVES=10000 unshare "${namespaces[@]}" sh -c "$inside" sh \
    .venv/bin/python -m pytest -q -rs -p no:cacheprovider Tests/VerdictTests || status=$?
# A million mutated requests, read by the proxy's scanner and by llhttp.
[ $# -gt 0 ] || PORTCTL_MUTATIONS=1000000 swift test --disable-xctest --filter DifferentialTests || status=$?
cut -c1-300 "$SOAK_FIGURES"
scripts/promises.py "$SOAK_FIGURES"
exit $status
