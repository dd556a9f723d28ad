#!/usr/bin/env bash
# Ratios, each measured side by side in one run on this machine. Prints; asserts nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v hyperfine >/dev/null 2>&1 || scripts/install-packages.sh hyperfine

home=$(mktemp -d /tmp/portctl-bench.XXXXXX)
export PORT_SERVER_HOME=$home PORT_SERVER_LISTEN=127.0.0.1:0
trap 'bin/portctl stop >/dev/null 2>&1 || true; rm -rf "$home"' EXIT
portctl=$PWD/bin/portctl
"$portctl" start

echo "== portctl port web, against curl with the same request (whole processes, daemon running)"
echo '{"app":"bench","instance":"main","service":"web","ensure":true}' >"$home/body.json"
hyperfine -N --warmup 50 --runs 500 --style none --export-json "$home/port.json" \
    -n portctl "$portctl port bench/main/web" \
    -n curl "curl -s --unix-socket $home/port-server.sock -H Content-Type:application/json -d @$home/body.json http://localhost/v1/allocations"
python3 - "$home/port.json" <<'PY'
import json, sys
a, b = (r["median"] * 1000 for r in json.load(open(sys.argv[1]))["results"])
print(f"portctl {a:.2f} ms, curl {b:.2f} ms: ratio {a / b:.2f}")
PY

echo "== get-port app, against curl with the same request (whole processes, daemon running)"
echo "{\"app\":\"app\",\"instance\":\"default\",\"service\":\"default\",\"ensure\":true,\"face\":\"projects\",\"owner_pid\":$$}" \
    >"$home/body.json"
hyperfine -N --warmup 50 --runs 500 --style none --export-json "$home/get.json" \
    -n get-port "$PWD/bin/get-port app --pid $$" \
    -n curl "curl -s --unix-socket $home/port-server.sock -H Content-Type:application/json -d @$home/body.json http://localhost/v1/allocations"
python3 - "$home/get.json" <<'PY'
import json, sys
a, b = (r["median"] * 1000 for r in json.load(open(sys.argv[1]))["results"])
print(f"get-port {a:.2f} ms, curl {b:.2f} ms: ratio {a / b:.2f}")
PY

echo "== portctl who PORT, against lsof and ss (whole processes; 500 processes with 20,000 files on the machine)"
command -v lsof >/dev/null 2>&1 || scripts/install-packages.sh lsof
coproc CROWD { scripts/crowd.py 500 40; }
crowd=$CROWD_PID
read -r port <&"${CROWD[0]}"
hyperfine -N --warmup 3 --runs 50 --style none --export-json "$home/who.json" \
    -n portctl "$portctl who $port" \
    -n lsof "lsof -nP -iTCP:$port -sTCP:LISTEN -t" \
    -n ss "ss -ltnp"
python3 - "$home/who.json" <<'PY'
import json, sys
a, b, c = (r["median"] * 1000 for r in json.load(open(sys.argv[1]))["results"])
print(f"who {a:.2f} ms, lsof {b:.1f} ms: ratio {a / b:.3f}; ss {c:.1f} ms: ratio {a / c:.2f}")
PY
command -v strace >/dev/null 2>&1 || scripts/install-packages.sh strace
strace -f -T -o "$home/strace" -e trace=sendto,recvfrom -p "$(cat "$home/port-server.pid")" &
tracer=$!
until [ -e "$home/strace" ] && grep -q TracerPid:[[:space:]]*"$tracer" "/proc/$(cat "$home/port-server.pid")/status"; do :; done
"$portctl" who "$port" >/dev/null
kill -INT "$tracer"; wait "$tracer" 2>/dev/null || true
python3 - "$home/strace" <<'PY'
import re, sys
# The question to sock_diag and its answers, as the kernel took for them.
times = [float(m[1]) for m in re.finditer(r"nlmsg_.*<([0-9.]+)>", open(sys.argv[1]).read())][:3]
print(f"of it the kernel's query: {sum(times) * 1000:.3f} ms")
PY
exec {CROWD[1]}>&-
wait "$crowd"

echo "== allocating with 100 readers of events, ten of them stalled"
scripts/bench-events.py "$home/port-server.sock" "$(cat "$home/port-server.pid")"

echo "== from an owner's SIGKILL to its port being another's"
python3 - "$home/port-server.sock" <<'PY'
import http.client, json, os, signal, socket, statistics, subprocess, sys, time

connection = http.client.HTTPConnection("localhost")
connection.sock = socket.socket(socket.AF_UNIX)
connection.sock.connect(sys.argv[1])

def send(method, path, body):
    connection.request(method, path, json.dumps(body), {"Content-Type": "application/json"})
    response = connection.getresponse()
    return response.status, json.loads(response.read() or b"null")

def listed(port):
    connection.request("GET", f"/v1/ports/{port}")
    return not json.loads(connection.getresponse().read())["available"]

times = []
for _ in range(100):
    owner = subprocess.Popen(["sleep", "1000"])
    status, held = send("POST", "/v1/allocations", {
        "app": "bench", "instance": "i", "service": "owned", "face": "leases", "owner_pid": owner.pid})
    assert status == 201, held
    start = time.perf_counter()
    owner.send_signal(signal.SIGKILL)
    while listed(held["port"]):
        pass
    times.append((time.perf_counter() - start) * 1000)
    owner.wait()
print(f"median {statistics.median(times):.2f} ms, longest {max(times):.2f} ms of {len(times)}")
PY

echo "== portctl port web with the daemon not running (start included)"
"$portctl" stop >/dev/null
hyperfine -N --warmup 1 --runs 20 --style none --export-json "$home/cold.json" \
    --prepare "sh -c '$portctl stop || true'" "$portctl port bench/main/web"
python3 - "$home/cold.json" <<'PY'
import json, sys
r = json.load(open(sys.argv[1]))["results"][0]
print(f"median {r['median'] * 1000:.0f} ms, longest {r['max'] * 1000:.0f} ms")
PY

echo "== allocating the next port with 20,000 allocations present, against 100; and throughput"
"$portctl" start >/dev/null 2>&1 || true
python3 - "$home/port-server.sock" <<'PY'
import http.client, json, socket, statistics, sys, threading, time

class Client:
    def __init__(self):
        self.connection = http.client.HTTPConnection("localhost")
        self.connection.sock = socket.socket(socket.AF_UNIX)
        self.connection.sock.connect(sys.argv[1])

    def send(self, method, path, body):
        self.connection.request(method, path, json.dumps(body), {"Content-Type": "application/json"})
        response = self.connection.getresponse()
        return response.status, response.read()

client = Client()
made = 0

def allocate(client, name):
    status, body = client.send("POST", "/v1/allocations", {"app": "bench", "instance": "i", "service": name})
    assert status == 201, body

def fill(count):
    global made
    while made < count:
        allocate(client, f"fill{made}")
        made += 1

def median(count=300):
    global made
    times = []
    for _ in range(count):
        start = time.perf_counter()
        allocate(client, f"fill{made}")
        times.append(time.perf_counter() - start)
        made += 1
    return statistics.median(times) * 1e6

def throughput(clients, seconds=3):
    counts = [0] * clients
    end = time.perf_counter() + seconds
    def work(index):
        mine = Client()
        while time.perf_counter() < end:
            allocate(mine, f"load{clients}-{index}-{counts[index]}")
            counts[index] += 1
    threads = [threading.Thread(target=work, args=(i,)) for i in range(clients)]
    [t.start() for t in threads]; [t.join() for t in threads]
    client.send("DELETE", "/v1/allocations", {"app": "bench"})
    return sum(counts) / seconds

fill(100)
median()  # warm
client.send("DELETE", "/v1/allocations", {"app": "bench"})
made = 0
fill(100)
small = median()
fill(20000)
large = median()
print(f"100: {small:.0f} us, 20,000: {large:.0f} us: ratio {large / small:.2f}")
client.send("DELETE", "/v1/allocations", {"app": "bench"})
print(f"allocations per second: {throughput(1):.0f} with 1 client, {throughput(8):.0f} with 8 (Python's threads are the limit)")
PY
