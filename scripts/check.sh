#!/usr/bin/env bash
# Checks this checkout. Prints what was passed, failed and skipped as the last line.
# Usage: scripts/check.sh [check|debug|http|release|all]
#   check    format, source checks, promises, debug build, Swift unit tests, contract tests
#   debug    format, source checks, promises, debug build, all Swift tests, thin command line
#   http     contract, transparency, verdict and browser tests, with the debug build of the executables
#   release  the release build ("make run" twice), the packages, the examples
#   all      debug, http and release; the default
# A step that this system cannot run is left out and reported in a line that begins with "skipped:".
set -euo pipefail
cd "$(dirname "$0")/.."

part=${1:-all}
case $part in
    check | debug | http | release | all) ;;
    *) echo "usage: $0 [check|debug|http|release|all]" >&2; exit 2 ;;
esac

step() { printf '\n== %s\n' "$*"; }
ok() { echo "ok $*"; }
skipped() { echo "skipped: $*"; }

# Runs the programs: Ubuntu has a chromium that only says how to install the browser.
browser_works() {
    { chromium --version || chromium-browser --version; } >/dev/null 2>&1 && chromedriver --version >/dev/null 2>&1
}

# need_packages COMMAND PACKAGE …: installs the Debian packages of the commands that are missing, and python3-venv.
need_packages() {
    local missing=()
    while [ $# -gt 0 ]; do
        command -v "$1" >/dev/null 2>&1 || missing+=("$2")
        shift 2
    done
    if ! python3 -c 'import ensurepip' >/dev/null 2>&1; then missing+=(python3-venv); fi
    [ ${#missing[@]} -eq 0 ] || scripts/install-packages.sh "${missing[@]}"
}

# The tools that the steps use beside the toolchain. Elsewhere than on Linux they are part of the system or not needed.
install_tools() {
    [ "$(uname -s)" = Linux ] || return 0
    need_packages git git curl curl python3 python3
    case $part in
        check | debug | all)
            need_packages strace strace ip iproute2 unshare util-linux nm binutils systemd-analyze systemd ;;
    esac
    case $part in
        http | all)
            need_packages tmux tmux make make setpriv util-linux unshare util-linux
            # The names are Debian's. Ubuntu has the browser only as a snap, which does not run in a container.
            if ! browser_works && (. /etc/os-release && [ "$ID" = debian ]); then
                need_packages chromium chromium chromedriver chromium-driver
            fi ;;
    esac
}

check_sources() {
    step "format"
    swift format lint --strict --recursive Sources Tests Benchmarks Package.swift
    ok "format"

    step "source checks"
    python3 scripts/check-source.py
    ok "source checks"

    step "OpenAPI document"
    need_python ContractTests
    .venv/bin/python scripts/openapi.py --check
    ok "OpenAPI document"

    step "promises"
    python3 scripts/promises.py
    ok "promises"
}

build_tests() {
    step "build"
    # Also fails if a target imports a module that it does not declare as a dependency.
    swift build --build-tests --explicit-target-dependency-import-check error
    are_executables_built=yes
}

# The executables that the Python tests start; "swift build --build-tests" builds them, too.
build_executables() {
    if [ -n "${are_executables_built:-}" ]; then return; fi
    step "build"
    for product in port-server portctl registry-embedder; do swift build --product $product; done
    are_executables_built=yes
}

# run_swift_tests [OPTION…]: options of "swift test" that select tests.
run_swift_tests() {
    step "Swift tests${*:+ ($*)}"
    swift test --skip-build --disable-xctest "$@"
}

check_thin_cli() {
    step "thin command line"
    scripts/check-thin-cli.sh "$(swift build --show-bin-path)/portctl"
}

# need_python DIRECTORY…: a virtual environment with what these directories of tests need.
need_python() {
    local directory arguments=()
    [ -x .venv/bin/python ] || python3 -m venv .venv
    for directory in "$@"; do arguments+=(-r "Tests/$directory/requirements.txt"); done
    .venv/bin/python -m pip install --quiet --disable-pip-version-check "${arguments[@]}"
}

# run_python_tests DIRECTORY: in a random order, another one each time.
run_python_tests() {
    local seed=$RANDOM
    echo "in a random order (--randomly-seed=$seed)"
    # scripts/tally.py reads the closing line, which colours and further options would change.
    PYTEST_ADDOPTS='' PYTHONDONTWRITEBYTECODE=1 PORTCTL_BIN="$(swift build --show-bin-path)" \
        .venv/bin/python -m pytest -q -rs --color=no -p no:cacheprovider --randomly-seed="$seed" "Tests/$1"
}

run_contract_tests() {
    step "HTTP contract"
    need_python ContractTests
    run_python_tests ContractTests
}

run_transparency_tests() {
    step "transparency of \"portctl run\""
    if [ -d /proc/self ]; then
        need_python TransparencyTests
        run_python_tests TransparencyTests
    else
        skipped "what a command under \"portctl run\" inherits: the tests read it from /proc, which only Linux has"
    fi
}

run_verdict_tests() {
    step "verdicts on real processes"
    if [ -d /proc/self ]; then
        need_python VerdictTests
        scripts/other-programs.sh
        run_python_tests VerdictTests
    else
        skipped "verdicts on real processes: the scenarios are made of Linux processes"
    fi
}

run_browser_tests() {
    step "dashboard in a browser"
    if browser_works; then
        need_python BrowserTests
        run_python_tests BrowserTests
    else
        skipped "the dashboard in a browser: chromium and chromedriver are not installed"
    fi
}

# In a subshell: the settings and the trap are for this step only.
run_twice() (
    step "make run, twice, in a home of its own"
    home=$(mktemp -d /tmp/portctl-run.XXXXXX)
    trap 'PORT_SERVER_HOME=$home bin/portctl stop >/dev/null 2>&1 || true; rm -rf "$home"' EXIT
    export PORT_SERVER_HOME=$home PORT_SERVER_LISTEN=127.0.0.1:0
    make --no-print-directory run
    first=$(bin/portctl port web)
    make --no-print-directory run
    [ "$first" = "$(bin/portctl port web)" ] || { echo "web's port changed" >&2; exit 1; }
    ok "make run, twice: web has port $first"
)

# The executables in bin are those of the step before: "-o build" keeps make from building them again.
check_packages() {
    step "packages"
    make --no-print-directory -o build test-packages
}

check_examples() {
    step "examples"
    make --no-print-directory -o build test-examples
}

run_part() {
    # Once more: a command before it in a pipeline may have turned it off.
    set -e
    install_tools
    case $part in
        check)
            check_sources
            build_tests
            run_swift_tests --skip '^IntegrationTests\.'
            run_contract_tests ;;
        debug | all)
            check_sources
            build_tests
            run_swift_tests
            check_thin_cli ;;
    esac
    case $part in
        http | all)
            build_executables
            run_contract_tests
            run_transparency_tests
            run_verdict_tests
            run_browser_tests ;;
    esac
    case $part in
        release | all)
            run_twice
            check_packages
            check_examples ;;
    esac
}

mkdir -p .build
log=.build/check-$part.log
set +e
run_part 2>&1 | tee "$log"
status=${PIPESTATUS[0]}
scripts/tally.py "$log" "$status"
exit "$status"
