"""Measures portctl beside its peers, in turns and in one run, and writes a page of ratios.

Usage: page.py [ROW...]. Fails, and names the rows, if a row failed or is below its floor.
"""

import contextlib
import json
import os
import pathlib
import platform
import re
import resource
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

import load

ROOT = pathlib.Path(__file__).parents[2]
BIN = ROOT / "bin"
RAW = ROOT / ".build" / "bench"
PAGE = ROOT / "docs" / "performance.md"
ROWS = {}


class Skipped(Exception):
    """A peer is not installed."""


def row(what, against, floor):
    """Registers a measurement. It returns its figures as text, and whether they reach the floor."""
    def register(measure):
        ROWS[measure.__name__.replace("_", "-")] = (what, against, floor, measure)
        return measure
    return register


def at_home(home):
    """Returns an environment with the given home and without the user's settings."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PORT")}
    return environment | {"PORT_SERVER_HOME": home, "PORT_SERVER_LISTEN": "127.0.0.1:0"}


@contextlib.contextmanager
def daemon():
    """Starts a daemon with its own home. Yields its environment, its socket and its pid."""
    home = tempfile.mkdtemp(prefix="portctl-bench-", dir="/tmp")
    environment = at_home(home)
    try:
        subprocess.run([BIN / "portctl", "start"], env=environment, check=True, capture_output=True)
        path = f"{home}/port-server.sock"
        yield environment, path, load.Client(path).get("/v1/status")["pid"]
    finally:
        subprocess.run([BIN / "portctl", "stop"], env=environment, capture_output=True)
        shutil.rmtree(home)


def keep(name, data):
    RAW.mkdir(parents=True, exist_ok=True)
    (RAW / f"{name}.json").write_text(json.dumps(data))


def hyperfine(name, commands, environment, runs, *options):
    """The medians of whole processes in milliseconds, by the commands' names, of ten turns; the raw times are kept."""
    for command in ["hyperfine"], *commands.values():
        if not shutil.which(command[0]):
            raise Skipped(f"{command[0]} is not here")
    times = {label: [] for label in commands}
    with tempfile.NamedTemporaryFile(suffix=".json") as raw:
        words = ["hyperfine", "-N", "--style", "none", "--export-json", raw.name, "--runs", str(runs // 10), *options]
        for label, command in commands.items():
            words += ["-n", label, " ".join(map(str, command))]
        for _ in range(10):
            # Its warnings are about outliers, which do not affect medians.
            subprocess.run(words, env=environment, check=True, capture_output=True)
            for result in json.loads(pathlib.Path(raw.name).read_text())["results"]:
                times[result["command"]] += result["times"]
    keep(name, times)
    return {label: statistics.median(values) * 1000 for label, values in times.items()}


def in_turns(runs, **measures):
    """Runs the measures in turns, so that other load affects all alike. Returns their medians and all figures."""
    figures = {name: [] for name in measures}
    for _ in range(runs):
        for name, measure in measures.items():
            figures[name].append(measure())
    return {name: statistics.median(values) for name, values in figures.items()}, figures


# The rows, in the order of the page.


def request_file(environment, **fields):
    path = f"{environment['PORT_SERVER_HOME']}/body.json"
    pathlib.Path(path).write_text(json.dumps(fields, separators=(",", ":")))
    return path


def curl(path, body):
    return ["curl", "-s", "--unix-socket", path, "-H", "Content-Type:application/json", "-d", f"@{body}",
            "http://localhost/v1/allocations"]


@row("`get-port app`, whole process", "`curl --unix-socket`, same request", "0.7 of its time")
def get_port():
    with daemon() as (environment, path, _):
        body = request_file(environment, app="app", instance="default", service="default", ensure=True,
                            face="projects", owner_pid=os.getpid())
        times = hyperfine("get-port", {"get-port": [BIN / "get-port", "app", "--pid", os.getpid()],
                                       "curl": curl(path, body)}, environment, 500, "--warmup", "10")
    ratio = times["get-port"] / times["curl"]
    return f"{ratio:.2f} ({times['get-port']:.2f} ms, {times['curl']:.2f} ms)", ratio <= 0.7


@row("`portctl port web`, whole process", "`curl --unix-socket`, same request", "—")
def port():
    with daemon() as (environment, path, _):
        body = request_file(environment, app="bench", instance="main", service="web", ensure=True)
        times = hyperfine("port", {"port": [BIN / "portctl", "port", "bench/main/web"], "curl": curl(path, body)},
                          environment, 500, "--warmup", "10")
    ratio = times["port"] / times["curl"]
    return f"{ratio:.2f} ({times['port']:.2f} ms, {times['curl']:.2f} ms)", True


@row("`portctl port`, `lookup`, `who`, `run -- true`, whole processes", "`get-port app`; `curl --unix-socket`", "—")
def commands():
    with daemon() as (environment, path, _):
        body = request_file(environment, app="bench", instance="main", service="web", ensure=True)
        portctl = str(BIN / "portctl")
        subprocess.run([portctl, "port", "bench/main/web"], env=environment, check=True, capture_output=True)
        times = hyperfine("commands", {
            "get-port": [BIN / "get-port", "app", "--pid", os.getpid()],
            "port": [portctl, "port", "bench/main/web"], "lookup": [portctl, "lookup", "bench/main/web"],
            "who": [portctl, "who", "3000"], "run": [portctl, "run", "bench/main/run", "--", "true"],
            "curl": curl(path, body),
        }, environment, 200, "--warmup", "3", "--ignore-failure")
    names = ("port", "lookup", "who", "run")
    return "; ".join(", ".join(f"{times[name] / times[peer]:.2f}" for name in names)
                     for peer in ("get-port", "curl")), True


def instructions(environment, *command):
    """The instructions of one process, in millions, as callgrind counts them."""
    if not shutil.which("valgrind"):
        raise Skipped("valgrind is not here")
    output = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command],
                            env=environment, capture_output=True, text=True).stderr
    return int(re.search(r"Collected : (\d+)", output)[1]) / 1e6


@row("instructions of `portctl port`, `lookup`, `who`, `run`", "`get-port app`", "1.3 times")
def parsing():
    with daemon() as (environment, _, _):
        portctl = BIN / "portctl"
        measured = {
            "get-port": instructions(environment, BIN / "get-port", "app"),
            "port": instructions(environment, portctl, "port", "bench/main/web"),
            "lookup": instructions(environment, portctl, "lookup", "bench/main/web"),
            "who": instructions(environment, portctl, "who", "3000"),
            # A command that is missing: a program that `run` became would not be counted with it.
            "run": instructions(environment, portctl, "run", "bench/main/run", "--", "/missing"),
        }
    keep("parsing", measured)
    ratios = {name: count / measured["get-port"] for name, count in measured.items() if name != "get-port"}
    return (", ".join(f"{ratio:.2f}" for ratio in ratios.values()) + f" ({measured['get-port']:.1f} million)",
            all(ratio <= 1.3 for ratio in ratios.values()))


@row("`portctl who PORT`, 500 processes with 20,000 files", "`lsof -nP -iTCP:PORT -sTCP:LISTEN -t`; `ss -ltnp`",
     "0.1; 0.3")
def who():
    with daemon() as (environment, path, _):
        crowd = subprocess.Popen([sys.executable, ROOT / "scripts/bench/crowd.py", "500", "40"], text=True,
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        port = crowd.stdout.readline().strip()
        try:
            times = hyperfine("who", {"who": [BIN / "portctl", "who", port],
                                      "lsof": ["lsof", "-nP", f"-iTCP:{port}", "-sTCP:LISTEN", "-t"],
                                      "ss": ["ss", "-ltnp"]}, environment, 50, "--warmup", "1")
        finally:
            crowd.stdin.close()
            crowd.wait()
    lsof, ss = times["who"] / times["lsof"], times["who"] / times["ss"]
    return (f"{lsof:.3f}; {ss:.2f} ({times['who']:.2f} ms; {times['lsof']:.0f} ms, {times['ss']:.0f} ms)",
            lsof <= 0.1 and ss <= 0.3)


LISTENER = """
import socket, sys
address, port = sys.argv[1], int(sys.argv[2])
family = socket.AF_INET6 if ":" in address else socket.AF_INET
server = socket.create_server((address, port), family=family) if len(sys.argv) > 3 else None
for line in sys.stdin:
    server = socket.create_server((address, port), family=family)
    import time
    print(time.monotonic(), flush=True)
"""


@row("`portctl verify web`, whole process", "`curl --unix-socket`, same question", "0.8 of its time")
def verify():
    with daemon() as (environment, path, _), tempfile.TemporaryDirectory() as directory:
        port = subprocess.run([BIN / "portctl", "port", "web"], env=environment, cwd=directory, check=True,
                              capture_output=True, text=True).stdout.strip()
        server = subprocess.Popen([sys.executable, "-c", LISTENER, "127.0.0.1", port], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, text=True, cwd=directory)
        try:
            print(file=server.stdin, flush=True)
            server.stdout.readline()
            app = pathlib.Path(directory).name
            question = f"http://localhost/v1/services/web/verdict?app={app}&instance=main"
            times = hyperfine("verify", {
                "verify": [BIN / "portctl", "verify", f"{app}/main/web"],
                "curl": ["curl", "-s", "-o", "/dev/null", "--unix-socket", path, question],
            }, environment, 100, "--warmup", "5")
        finally:
            server.kill()
            server.wait()
    ratio = times["verify"] / times["curl"]
    return f"{ratio:.2f} ({times['verify']:.2f} ms, {times['curl']:.2f} ms)", ratio <= 0.8


@row("`portctl wait web` after its server's `listen`, on ::1, 127.0.0.1 and 127.0.0.9", "—", "median under 100 ms")
def wait():
    found = {}
    with daemon() as (environment, path, _), tempfile.TemporaryDirectory() as directory:
        port = subprocess.run([BIN / "portctl", "port", "web"], env=environment, cwd=directory, check=True,
                              capture_output=True, text=True).stdout.strip()
        for address in "::1", "127.0.0.1", "127.0.0.9":
            found[address] = []
            for _ in range(50):
                server = subprocess.Popen([sys.executable, "-c", LISTENER, address, port], stdin=subprocess.PIPE,
                                          stdout=subprocess.PIPE, text=True, cwd=directory)
                waiting = subprocess.Popen([BIN / "portctl", "wait", "web"], env=environment, cwd=directory,
                                           stdout=subprocess.PIPE)
                # It waits in the daemon by then, at any phase of the daemon's interval.
                time.sleep(0.1 + len(found[address]) / 1000)
                print(file=server.stdin, flush=True)
                began = float(server.stdout.readline())
                assert waiting.stdout.readline() and waiting.wait() == 0
                found[address].append((time.monotonic() - began) * 1000)
                server.kill()
                server.wait()
    keep("wait", found)
    medians = {address: statistics.median(times) for address, times in found.items()}
    longest = max(max(times) for times in found.values())
    return (", ".join(f"{median:.0f} ms" for median in medians.values()) + f"; longest {longest:.0f} ms of 150",
            max(medians.values()) < 100)


@row("`portctl list --wide`, 2,000 processes and 100 services that listen", "`lsof -nP -iTCP -sTCP:LISTEN`; `ss -ltnp`",
     "—")
def wide():
    with daemon() as (environment, path, _), tempfile.TemporaryDirectory() as directory:
        sleepers = [subprocess.Popen(["sleep", "600"]) for _ in range(1900)]
        servers = []
        try:
            client = load.Client(path)
            for number in range(100):
                body = {"app": "bench", "instance": "main", "service": f"s{number}",
                        "project": {"root": directory, "folder": directory}}
                port = client.post("/v1/allocations", body)["port"]
                servers.append(subprocess.Popen([sys.executable, "-c", LISTENER, "127.0.0.1", str(port), "now"],
                                                stdin=subprocess.PIPE, cwd=directory))
            while sum(item["state"] == "active" for item in client.get("/v1/allocations?wide=true")) < 100:
                time.sleep(0.1)
            times = hyperfine("wide", {
                "list": [BIN / "portctl", "list", "--wide", "--all"],
                "lsof": ["lsof", "-nP", "-iTCP", "-sTCP:LISTEN"], "ss": ["ss", "-ltnp"],
            }, environment, 20, "--warmup", "2")
        finally:
            for process in servers + sleepers:
                process.kill()
            for process in servers + sleepers:
                process.wait()
    return (f"{times['list'] / times['lsof']:.2f}; {times['list'] / times['ss']:.2f} ({times['list']:.1f} ms; "
            f"{times['lsof']:.0f} ms, {times['ss']:.0f} ms)", True)


def throughput(name, clients, floor, load_daemon=load.allocate_here):
    """Compares the answers per second with portserver's. The daemon syncs each allocation; portserver never does."""
    portserver = ROOT / ".venv/bin/portserver.py"
    if not portserver.exists():
        raise Skipped("portpicker is not here")
    # portserver has 10,000 ports here.
    count = 8000 // clients

    def ours():
        with daemon() as (_, path, _):
            return load.rate(load_daemon, path, clients, count)

    def theirs():
        address = f"@portctl-bench-{os.getpid()}"
        server = subprocess.Popen([sys.executable, portserver, "--portserver_address", address,
                                   "--portserver_static_pool", "15000-24999"], stderr=subprocess.DEVNULL)
        try:
            load.wait_for(address)
            return load.rate(load.allocate_there, address, clients, count)
        finally:
            server.terminate()
            server.wait()

    medians, raw = in_turns(9, ours=ours, theirs=theirs)
    keep(name, raw)
    ratio = medians["ours"] / medians["theirs"]
    return f"{ratio:.2f} ({medians['ours']:,.0f}/s, {medians['theirs']:,.0f}/s)", ratio >= floor


@row("allocations per second, 8 clients on the socket, durable", "`portserver.py` of portpicker, in memory", "2 times")
def eight_clients():
    return throughput("eight-clients", 8, 2)


@row("the same, one client", "portserver", "0.8 times")
def one_client():
    return throughput("one-client", 1, 0.8)


@row("answers per second that need neither a socket snapshot nor a commit (`/healthz`), 8 clients",
     "portserver's allocations", "—")
def bare_answers():
    return throughput("bare-answers", 8, 0, load.check_health_here)


@row("allocating with 30,000 allocations present", "with 100", "1.2 times the time")
def crowded():
    with contextlib.ExitStack() as stack:
        paths = {name: stack.enter_context(daemon())[1] for name in ("few", "many")}
        clients = {name: load.Client(path) for name, path in paths.items()}
        for name, count in (("few", 100), ("many", 30000)):
            load.fill(clients[name], count)
        medians, raw = in_turns(1500, **{name: lambda client=client: load.allocate_and_release(client)
                                         for name, client in clients.items()})
    keep("crowded", raw)
    ratio = medians["many"] / medians["few"]
    return f"{ratio:.2f} ({medians['many'] * 1e6:.0f} µs, {medians['few'] * 1e6:.0f} µs)", ratio <= 1.2


@row("daemon start to first answer", "a bare Hummingbird hello", "2 times the time")
def start():
    hello = os.environ.get("HELLO_SERVER")
    if not hello:
        raise Skipped("the hello server was not built")

    def ours():
        home = tempfile.mkdtemp(prefix="portctl-bench-", dir="/tmp")
        try:
            return load.time_to_answer([BIN / "port-server"], f"{home}/port-server.sock", "/healthz", at_home(home))
        finally:
            shutil.rmtree(home)

    def theirs():
        with tempfile.TemporaryDirectory(prefix="portctl-bench-", dir="/tmp") as directory:
            return load.time_to_answer([hello, f"{directory}/s"], f"{directory}/s", "/", dict(os.environ))

    medians, raw = in_turns(40, ours=ours, theirs=theirs)
    keep("start", raw)
    ratio = medians["ours"] / medians["theirs"]
    return f"{ratio:.2f} ({medians['ours'] * 1e3:.1f} ms, {medians['theirs'] * 1e3:.1f} ms)", ratio <= 2


@row("resident memory with 10,000 allocations", "at the start", "1.5 times; under 60 MB")
def memory():
    figures = []
    for _ in range(3):
        with daemon() as (_, path, pid):
            client = load.Client(path)
            client.get("/v1/allocations")
            before = load.memory(pid)
            load.fill(client, 10000)
            figures.append((load.memory(pid) / before, load.memory(pid), before))
    keep("memory", figures)
    ratio, after, before = statistics.median(figures)
    return f"{ratio:.2f} ({after:.1f} MB, {before:.1f} MB)", ratio <= 1.5 and after < 60


@row("idle for 60 s, 1,000 allocations, conflict detection on", "—", "under 0.1% of a core")
def idle():
    with contextlib.ExitStack() as stack:
        # At the same time, so that it takes one minute.
        pids = []
        for _ in range(3):
            _, path, pid = stack.enter_context(daemon())
            load.fill(load.Client(path), 1000)
            pids.append(pid)
        # By then the checkpoint is written and the last connection closed.
        time.sleep(7)
        before = [load.cpu_time(pid) for pid in pids]
        time.sleep(60)
        shares = [(load.cpu_time(pid) - begin) / 60 * 100 for pid, begin in zip(pids, before)]
    keep("idle", {"percent": shares})
    share = statistics.median(shares)
    return f"{share:.3f}% (of three: {min(shares):.3f} to {max(shares):.3f}%)", share < 0.1


@row("an owner's SIGKILL to its port being free", "—", "median under 20 ms")
def owner():
    """Reads the database, because a request would make the daemon check for exits."""
    with daemon() as (environment, path, _):
        database = sqlite3.connect(f"file:{environment['PORT_SERVER_HOME']}/ports.db?mode=ro", uri=True)
        client, times = load.Client(path), []
        for _ in range(200):
            process = subprocess.Popen(["sleep", "1000"])
            held = client.post("/v1/allocations", {"app": "bench", "instance": "i", "service": "owned",
                                                   "face": "leases", "owner_pid": process.pid})
            begin = time.perf_counter()
            process.send_signal(signal.SIGKILL)
            while database.execute("SELECT 1 FROM allocation WHERE id = ?", (held["id"],)).fetchone():
                pass
            times.append((time.perf_counter() - begin) * 1000)
            process.wait()
        database.close()
    keep("owner", times)
    median = statistics.median(times)
    return f"{median:.2f} ms, longest {max(times):.1f} ms of {len(times)}", median < 20


@row("2,000 `get-port` processes started at once", "—", "none fails, none repeats")
def crowd_of_get_ports():
    with daemon() as (environment, _, _):
        gate, opener = os.pipe()
        waiting = [subprocess.Popen(["sh", "-c", 'read go; exec "$@"', "sh", BIN / "get-port", f"p{number}", "--pid",
                                     str(os.getpid())], env=environment, stdin=gate, stdout=subprocess.PIPE,
                                    stderr=subprocess.PIPE, text=True)
                   for number in range(2000)]
        os.close(gate)
        begin = time.perf_counter()
        # They all continue when the pipe ends.
        os.close(opener)
        results = [(process.communicate(), process.returncode) for process in waiting]
        took = time.perf_counter() - begin
    ports = [output.strip() for (output, _), code in results if code == 0]
    keep("crowd-of-get-ports", {"seconds": took, "ports": ports, "errors": [e for (_, e), code in results if code]})
    text = f"{len(results) - len(ports)} failed, {len(ports) - len(set(ports))} repeated; {len(ports) / took:.0f}/s"
    return text, len(set(ports)) == 2000


@row("5,000 allocations beside 100 readers of events, ten of them stalled; beside 100 stalled subscribers in the process",
     "without them", "1.3 times the time, both")
def events():
    program = os.environ.get("CHANGE_SUBSCRIBERS")
    if not program:
        raise Skipped("the program change-subscribers was not built")
    with tempfile.TemporaryDirectory(prefix="portctl-bench-") as directory:
        inside = json.loads(subprocess.run([program, directory], check=True, capture_output=True, text=True).stdout)
    with daemon() as (_, path, pid):
        program = [sys.executable, ROOT / "scripts/bench/events.py", path, str(pid)]
        result = json.loads(subprocess.run(program, check=True, capture_output=True, text=True).stdout)
    keep("events", {"http": result, "process": inside})
    ratios, memories = result["ratios"], result["memories"]
    ratio, inner = statistics.median(ratios), statistics.median(inside["ratios"])
    return (f"{ratio:.2f} ({min(ratios):.2f} to {max(ratios):.2f}), none lost, memory {memories[0]:.0f} MB after the "
            f"first of {len(memories)} turns, {memories[-1]:.0f} MB after all; in the process {inner:.2f} "
            f"({min(inside['ratios']):.2f} to {max(inside['ratios']):.2f}), {inside['lost'][0]:.0f} lost",
            ratio <= 1.3 and inner <= 1.3 and inside["lost"] == [0])


@row("`portctl port web` with no daemon running, its start included", "—", "—")
def cold():
    with daemon() as (environment, _, _):
        times = hyperfine("cold", {"cold": [BIN / "portctl", "port", "bench/main/web"]}, environment, 30,
                          "--prepare", f"sh -c '{BIN}/portctl stop || true'")
    return f"{times['cold']:.1f} ms", True


@row("the dashboard: a shell's change to its row in a browser; first paint with 2,000 allocations", "—",
     "median of 50 under 200 ms; under 1 s")
def dashboard():
    if not shutil.which("chromedriver"):
        raise Skipped("chromium and chromedriver are not here")
    output = subprocess.run([sys.executable, ROOT / "scripts/bench/dashboard.py", BIN], check=True, capture_output=True,
                            text=True).stdout
    figures = json.loads(output.splitlines()[-1])
    keep("dashboard", figures)
    latency, paint = statistics.median(figures["latencies"]), statistics.median(figures["paints"])
    frames = "; ".join(f"{name}: longest task {figures[name][0]:.0f} ms, between frames {figures[name][1]:.0f} ms"
                       for name in ("filtering", "scrolling"))
    return f"{latency:.0f} ms; {paint:.0f} ms ({frames})", latency < 200 and paint < 1000


def machine():
    with open("/proc/cpuinfo") as file:
        model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), "unknown")
    version = subprocess.run([BIN / "portctl", "version"], capture_output=True, text=True).stdout.split("\n")[0]
    kernel = platform.release().split("-")[0]
    return f"{time.strftime('%Y-%m-%d')}, {version}, Linux {kernel}, {os.cpu_count()} × {model}"


HEAD = """# Performance

`make bench` measures every row again and writes the table. Each row measures portctl beside what one would use instead,
in turns, in one run on one machine. Ratios are of medians and are what to compare; the figures in brackets (portctl
first) are those of this machine. Less is better for times, more for rates. The raw data is in `.build/bench`.
`make bench ROWS=idle` measures one row.

"""


def main(chosen):
    if unknown := set(chosen) - set(ROWS):
        sys.exit(f"no such row: {', '.join(unknown)}; there are {', '.join(ROWS)}")
    # For the pipes of thousands of processes.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    lines = ["| what | against | at least | measured |", "|---|---|---|---|"]
    missed = []
    for name in chosen or ROWS:
        what, against, floor, measure = ROWS[name]
        try:
            figures, is_kept = measure()
        except Skipped as reason:
            figures, is_kept = f"skipped: {reason}", True
        except Exception as error:  # the other rows are measured all the same
            figures, is_kept = f"failed: {' '.join(str(error).split())}", False
        if not is_kept:
            missed.append(name)
        lines.append(f"| {what} | {against} | {floor} | {figures}{'' if is_kept else ' **missed**'} |")
        print(lines[-1], flush=True)
    if not chosen:
        notes = PAGE.read_text().partition("\n## ")[2] if PAGE.exists() else ""
        PAGE.write_text(HEAD + f"{machine()}.\n\n" + "\n".join(lines) + "\n" + (f"\n## {notes}" if notes else ""))
    if missed:
        sys.exit(f"below the floor, or failed: {', '.join(missed)}")


main(sys.argv[1:])
