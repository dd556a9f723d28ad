#!/usr/bin/env bash
# Everything that is checked: format, build, every test, the thin command line, the release build and its main job.
# What this system cannot have is left out, in a line that begins with "skipped:".
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s\n' "$*"; }
skipped() { echo "skipped: $*"; }

# Asked by running them: Ubuntu's chromium is there without the snap that it starts, too.
browser_works() {
    { chromium --version || chromium-browser --version; } >/dev/null 2>&1 && chromedriver --version >/dev/null 2>&1
}

# What the tests use beside the toolchain; on Debian it is installed when it is missing.
need_packages() {
    local missing=()
    while [ $# -gt 0 ]; do
        command -v "$1" >/dev/null 2>&1 || missing+=("$2")
        shift 2
    done
    if ! python3 -c 'import ensurepip' >/dev/null 2>&1; then missing+=(python3-venv); fi
    [ ${#missing[@]} -eq 0 ] || scripts/install-packages.sh "${missing[@]}"
}
utf8=en_US.UTF-8
if [ "$(uname -s)" = Linux ]; then
    utf8=C.UTF-8
    need_packages git git curl curl python3 python3 strace strace ip iproute2 unshare util-linux nm binutils \
        systemd-analyze systemd
    # The names are Debian's; Ubuntu has the browser only as a snap, which no script can rely on.
    if ! browser_works && (. /etc/os-release && [ "$ID" = debian ]); then
        need_packages chromium chromium chromedriver chromium-driver
    fi
fi

step "format"
swift format lint --strict --recursive Sources Tests Benchmarks Package.swift

# The formatter leaves comments as they are.
if git ls-files 'Sources/*.swift' | LC_ALL=$utf8 xargs grep -nE '^.{121}' >&2; then
    echo "the lines above have more than 120 columns" >&2
    exit 1
fi

step "promises"
python3 scripts/promises.py

step "build"
swift build --build-tests

step "tests"
swift test --skip-build --disable-xctest

step "thin command line"
scripts/check-thin-cli.sh "$(swift build --show-bin-path)/portctl"

step "HTTP contract"
if ! [ -x .venv/bin/python ]; then python3 -m venv .venv; fi
.venv/bin/pip install --quiet --disable-pip-version-check \
    -r Tests/ContractTests/requirements.txt -r Tests/BrowserTests/requirements.txt
PYTHONDONTWRITEBYTECODE=1 PORTCTL_BIN="$(swift build --show-bin-path)" \
    .venv/bin/python -m pytest -q -p no:cacheprovider Tests/ContractTests

step "run under a terminal"
if [ -d /proc/self ]; then
    PYTHONDONTWRITEBYTECODE=1 PORTCTL_BIN="$(swift build --show-bin-path)" \
        .venv/bin/python -m pytest -q -p no:cacheprovider Tests/RunTests
else
    skipped "what a command under \"portctl run\" inherits: the tests read it from /proc, which only Linux has"
fi

step "dashboard in a browser"
if browser_works; then
    PYTHONDONTWRITEBYTECODE=1 PORTCTL_BIN="$(swift build --show-bin-path)" \
        .venv/bin/python -m pytest -q -p no:cacheprovider Tests/BrowserTests
else
    skipped "the dashboard in a browser: chromium and chromedriver are not installed"
fi

step "make run, twice, in a home of its own"
home=$(mktemp -d /tmp/portctl-run.XXXXXX)
trap 'PORT_SERVER_HOME=$home bin/portctl stop >/dev/null 2>&1 || true; rm -rf "$home"' EXIT
export PORT_SERVER_HOME=$home PORT_SERVER_LISTEN=127.0.0.1:0
make --no-print-directory run
first=$(bin/portctl port web)
make --no-print-directory run
[ "$first" = "$(bin/portctl port web)" ] || { echo "web's port changed" >&2; exit 1; }

step "packages"
make --no-print-directory test-packages

step "examples"
scripts/check-examples.sh bin

step "all is well"
