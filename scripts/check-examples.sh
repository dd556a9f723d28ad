#!/usr/bin/env bash
# Runs every example with its real runtime: starts it under "portctl run", reaches it over HTTP on the port that "portctl
# lookup" prints, kills it, and checks that its port is free again. An example without its runtime is skipped. The Swift
# program that embeds the registry is run as it was built.
# Usage: scripts/check-examples.sh BIN_DIR [EMBEDDED-SWIFT]
# BIN_DIR has portctl, get-port and port-server; EMBEDDED-SWIFT is the executable that "make test-examples" builds.
set -euo pipefail
[ $# -eq 1 ] || [ $# -eq 2 ] || { echo "usage: $0 BIN_DIR [EMBEDDED-SWIFT]" >&2; exit 2; }
bin=$(cd "$1" && pwd)
embedded=${2:+$(cd "$(dirname "$2")" && pwd)/$(basename "$2")}
cd "$(dirname "$0")/.."
checkout=$PWD

for program in portctl get-port port-server; do
    [ -x "$bin/$program" ] || { echo "$bin has no $program" >&2; exit 1; }
done
command -v curl >/dev/null 2>&1 || { echo "curl is not installed" >&2; exit 1; }

work=$(mktemp -d /tmp/portctl-ex.XXXXXX)
log=$work/log
pid= # of the running example; also its process group

finish() {
    "$bin/portctl" stop >/dev/null 2>&1 || true
    # The whole group: a portctl that forked instead of executing the command would leave the server behind.
    if [ -n "$pid" ]; then { kill -KILL -- "-$pid" && wait "$pid"; } 2>/dev/null || true; fi
    rm -rf "$work"
}
trap finish EXIT

# The caller's registry is not used, and nothing is written into the checkout.
unset PORT FRONTEND_PORT BACKEND_PORT "${!PORTCTL_@}" "${!PORT_SERVER_@}"
export PATH=$bin:$PATH PORT_SERVER_HOME=$work/home PORT_SERVER_LISTEN=127.0.0.1:0
mkdir -m 700 "$PORT_SERVER_HOME"
cp -R examples "$work/examples"

ok() { echo "ok example $1"; }
skipped() { echo "skipped: example $1: $2"; }

# fail MESSAGE: prints the message and the output of the example or of its preparation, and ends the script.
fail() {
    echo "$1" >&2
    if [ -s "$log" ]; then sed 's/^/    /' "$log" >&2; fi
    exit 1
}

# works COMMAND…: whether the command runs. macOS has a java and a python3 that only say how to install one.
works() { "$@" >/dev/null 2>&1; }

# within SECONDS COMMAND…: repeats the command until it succeeds; fails after that time.
within() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$deadline" ] || return 1
        sleep 0.1
    done
}

# reached SERVICE: sets the port and the answer of the service. Also succeeds when the process has ended, which the caller
# checks: there is nothing more to wait for.
port='' answer=''
reached() {
    port=$(portctl lookup "$1" 2>/dev/null) &&
        answer=$(curl -fsS --noproxy '*' --max-time 5 "http://127.0.0.1:$port/" 2>/dev/null) && return 0
    ! kill -0 "$pid" 2>/dev/null
}

free() { portctl check --port "$1" >/dev/null 2>&1; }

# program PID: the name of the process's program, without its directory.
program() {
    local name
    if [ -r "/proc/$1/comm" ]; then name=$(<"/proc/$1/comm"); else name=$(ps -o comm= -p "$1"); fi
    echo "${name##*/}"
}

# check EXAMPLE SERVICE TEXT COMMAND ARGS…: runs the command in the working directory, which is the example's.
check() {
    local example=$1 service=$2 text=$3
    shift 3
    port='' answer=''
    set -m # a process group of its own
    portctl run "$service" -- "$@" </dev/null >"$log" 2>&1 &
    pid=$!
    set +m

    within 60 reached "$service" || fail "$example: not reached in 60 seconds (port ${port:-unknown})"
    kill -0 "$pid" 2>/dev/null || fail "$example: ended before it was reached (port ${port:-unknown})"
    [[ $port =~ ^[0-9]+$ ]] || fail "$example: \"portctl lookup $service\" printed \"$port\", not a port"
    [[ $answer == *"$text"* ]] || fail "$example: answered \"$answer\", without \"$text\""
    [ "$(program "$pid")" != portctl ] || fail "$example: process $pid is portctl, not the server"
    ! free "$port" || fail "$example: portctl reports port $port as free while the example runs"

    kill -KILL "$pid"
    wait "$pid" 2>/dev/null || true
    within 5 free "$port" || fail "$example: port $port is not free 5 seconds after the example was killed"
    pid=
    ok "$example"
}

# Prints the host ports of compose.yaml with the variables substituted, one ADDRESS:PORT:CONTAINER-PORT per line. Fails
# as compose does when a variable is missing.
substituted_ports() {
    python3 - compose.yaml <<'PY'
import os, re, sys

def value(variable):
    name, message = variable.groups()
    return os.environ.get(name) or sys.exit(f"{name}: {message}")

with open(sys.argv[1], encoding="utf-8") as file:
    for port in re.findall(r'^ +- "(.+:\d+)"$', file.read(), re.MULTILINE):
        print(re.sub(r"\$\{(\w+):\?([^}]*)\}", value, port))
PY
}

# The same from compose itself, which needs no engine for it.
compose_ports() {
    docker compose -f compose.yaml config --format json | python3 -c '
import json, sys
services = json.load(sys.stdin)["services"]
for port in (port for name in ("frontend", "backend") for port in services[name]["ports"]):
    print("{host_ip}:{published}:{target}".format(**port))
'
}

check_compose() {
    local frontend backend exports ports expected source
    : >"$log"
    exports=$(./ports.sh 2>"$log") || fail "docker-compose: ports.sh failed"
    frontend=$(get-port shop-frontend 2>"$log") || fail "docker-compose: \"get-port shop-frontend\" failed"
    backend=$(get-port shop-backend 2>"$log") || fail "docker-compose: \"get-port shop-backend\" failed"
    [[ $frontend =~ ^[0-9]+$ && $backend =~ ^[0-9]+$ && $frontend != "$backend" ]] ||
        fail "docker-compose: get-port printed \"$frontend\" and \"$backend\", not two ports"
    expected="export FRONTEND_PORT=$frontend"$'\n'"export BACKEND_PORT=$backend"
    [ "$exports" = "$expected" ] || fail "docker-compose: ports.sh printed \"$exports\", not \"$expected\""

    expected="127.0.0.1:$frontend:3000"$'\n'"127.0.0.1:$backend:8080"
    local sources=(substituted_ports)
    if works docker compose version; then sources+=(compose_ports); fi
    for source in "${sources[@]}"; do
        if "$source" >"$log" 2>&1; then fail "docker-compose: $source succeeds without the variables"; fi
        ports=$(eval "$exports"; "$source" 2>"$log") || fail "docker-compose: $source failed"
        [ "$ports" = "$expected" ] || fail "docker-compose: $source gave \"$ports\", not \"$expected\""
    done
    ok docker-compose
}

check_embedded_swift() {
    local package=examples/embedded-swift registry=$work/embedded/registry.db output ports
    mkdir -m 700 "$work/embedded"
    # Users build the example from its own manifest.
    swift package --package-path "$package" --scratch-path "$work/scratch" dump-package >"$log" 2>&1 ||
        fail "embedded-swift: its Package.swift cannot be read"
    grep -q '"PortManager"' "$log" || fail "embedded-swift: its Package.swift does not depend on PortManager"
    output=$("$embedded" "$registry" 2>"$log") || fail "embedded-swift: it failed"
    echo "$output" >"$log"
    ports=$(sed -nE 's/^(acquired|allocated) ([0-9]+).*/\2/p' "$log")
    [ "$(sort -u <<<"$ports" | wc -l)" -eq 4 ] || fail "embedded-swift: it did not get four different ports"
    [[ $ports =~ ^30[0-9][0-9]$'\n' ]] || fail "embedded-swift: it did not acquire a port of 3000-3099"
    set -- $ports
    [ "$(grep '^listed' "$log")" = "$(printf 'listed %s reserved\n' "miyabi/default/backend $4" \
        "miyabi/default/frontend $3" "shop/main/api $2" "unnamed/default/port $1")" ] ||
        fail "embedded-swift: it did not list its ports"
    [ "$(tail -n 3 "$log")" = "released $1"$'\n'"released $2"$'\n'"0 allocations left" ] ||
        fail "embedded-swift: it did not release its ports"
    [ -f "$registry" ] || fail "embedded-swift: it did not use the registry that was named"
    ok embedded-swift
}

cd "$work/examples/node-http"
if works node --version; then
    check node-http web "Hello from Node.js" node server.mjs
else
    skipped node-http "node is not installed"
fi

cd "$work/examples/python-http-server"
if works python3 --version; then
    check python-http-server docs "Hello from Python" python3 -m http.server '{port}' --bind 127.0.0.1
else
    skipped python-http-server "python3 is not installed"
fi

cd "$work/examples/flask"
if ! works python3 --version; then
    skipped flask "python3 is not installed"
elif ! works python3 -c 'import ensurepip, venv'; then
    skipped flask "python3 cannot make virtual environments (Debian: python3-venv)"
else
    # --clear: a .venv of the checkout may have been copied, and its paths lead back to the checkout.
    { python3 -m venv --clear .venv &&
        .venv/bin/pip install -r requirements.txt -q --disable-pip-version-check; } >"$log" 2>&1 ||
        fail "flask: its packages could not be installed"
    check flask web "Hello from Flask" .venv/bin/flask --app app run --port '{port}'
fi

cd "$work/examples/java-http"
if ! works java -version; then
    skipped java-http "java is not installed"
elif ! works java --describe-module jdk.compiler; then
    skipped java-http "java has no compiler (a JDK is needed, 11 or newer)"
else
    check java-http api "Hello from Java" java Server.java
fi

cd "$work/examples/rust-std"
if works rustc --version; then
    rustc --edition 2021 -O main.rs -o server >"$log" 2>&1 || fail "rust-std: main.rs does not compile"
    check rust-std api "Hello from Rust" ./server
else
    skipped rust-std "rustc is not installed"
fi

cd "$work/examples/docker-compose"
if works python3 --version; then
    check_compose
else
    skipped docker-compose "python3, which reads compose.yaml here, is not installed"
fi

cd "$checkout"
if [ -n "$embedded" ]; then
    check_embedded_swift
else
    skipped embedded-swift "its executable is not given (make test-examples builds it)"
fi
