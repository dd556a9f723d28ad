"""Promise 6, inspecting ports harms no server: servers start and stop while their ports are checked all the time.

A process that reads /proc/PID/fd, as the daemon and "ss -p" do to name a process, keeps a socket that is being closed
open for some microseconds. So every server alternates between three ports instead of binding a port again directly
after closing it: that would fail about once in half a million starts. Kernels before 6.8, where the daemon has to bind
for a moment, are not tested here.
"""

import contextlib
import multiprocessing
import os
import select
import socket
import time

import pytest

SERVERS = 8
STARTS = 20_000
CHECKS = 10_000
TIMEOUT = 120  # seconds; the test takes about thirty
ADDRESSES = [("127.0.0.1", socket.AF_INET), ("0.0.0.0", socket.AF_INET), ("::1", socket.AF_INET6)]
processes = multiprocessing.get_context("fork")


def start_server(address, family, port, reuse):
    """Starts a server in the usual way. OSError: it cannot start."""
    server = socket.socket(family)
    try:
        if reuse:
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind((address, port))
        server.listen(16)
    except OSError:
        server.close()
        raise
    server.setblocking(False)
    return server


def has_connection(server):
    try:
        server.accept()[0].close()
    except BlockingIOError:
        return False
    return True


class Server:
    """A process that starts and stops servers on its three ports until the end."""

    def __init__(self, ports, reuse, check):
        self.ports = ports
        self.reuse = reuse
        self.check = check  # called while every tenth server listens
        self.starts, self.refused, self.connections = (processes.Value("q", 0, lock=False) for _ in range(3))

    def run(self, over):
        while not over.is_set():
            turn, n = divmod(self.starts.value, len(self.ports))
            port = self.ports[n]
            address, family = ADDRESSES[turn % len(ADDRESSES)]
            self.starts.value += 1
            try:
                server = start_server(address, family, port, self.reuse)
            except OSError as error:  # this must not happen
                print(f"{address}:{port}, reuse={self.reuse}: {error}", flush=True)
                self.refused.value += 1
                continue
            with server:
                if self.starts.value % 10 == 0:
                    self.check(port)
                self.connections.value += has_connection(server)


class Checker:
    """A process with one client of the daemon, connected on first use."""

    def __init__(self, daemon, ports, check=None):
        self.daemon = daemon
        self.ports = ports
        self.check = check
        self.client = None
        self.checks = processes.Value("q", 0, lock=False)

    def run(self, over):
        while not over.is_set():
            for port in self.ports:
                self.check(self, port)

    def send(self, *request):
        self.client = self.client or self.daemon.client()
        self.checks.value += 1
        return self.client.send(*request)

    def read(self, port):
        for path in (f"/v1/ports/{port}", f"/v1/listeners?port={port}", "/v1/allocations?wide=true"):
            assert self.send("GET", path)[0] == 200

    def ensure(self, port):
        """Ensures a service: a port on which the project's own server listens stays its port."""
        body = dict(granted(port), ensure=True, strict=True)
        status, answer = self.send("POST", "/v1/allocations", body)
        assert status in (200, 201) and answer["port"] == port, answer

    def want(self, port):
        """Requests a port for another app, and releases it if it is granted."""
        for wish in ("port", "preferred"):
            status, answer = self.send("POST", "/v1/allocations", dict(names(port, app="other"), **{wish: port}))
            assert status == 201 or (status == 409 and wish == "port"), answer
            if status == 201:
                assert self.send("DELETE", f"/v1/allocations/{answer['id']}")[0] == 200

    def check_by_command(self, port):
        self.checks.value += 1
        outcome = self.daemon.portctl("check", "--port", str(port))
        assert outcome.returncode in (0, 1) and outcome.stdout, outcome.stderr

    def see_listener(self, port):
        status, answer = self.send("GET", f"/v1/ports/{port}")
        assert status == 200 and answer["in_use"], answer


class HarmfulChecker(Checker):
    """Checks ports in ways that the daemon must not use."""

    def bind(self, port):
        self.checks.value += 1
        with socket.socket() as probe, contextlib.suppress(OSError):  # the server had bound it already
            probe.bind(("127.0.0.1", port))

    def connect(self, port):
        self.checks.value += 1
        with socket.socket() as probe:
            probe.connect_ex(("127.0.0.1", port))


def names(port, app="shop"):
    return {"app": app, "instance": "main", "service": f"s{port}"}


def granted(port):
    """Returns the names of a service whose project directory is this process's, in which the servers run."""
    return dict(names(port), project={"root": os.getcwd(), "folder": os.getcwd()})


def run_until(enough, daemon, *workers):
    """Runs the workers in processes until `enough` is true. Also reads events, which makes the daemon read the socket
    table more often."""
    over = processes.Event()
    started = [processes.Process(target=worker.run, args=(over,), daemon=True) for worker in workers]
    for process in started:
        process.start()
    deadline = time.monotonic() + TIMEOUT
    with daemon.connect() as events:
        events.sendall(b"GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        while not enough():
            assert time.monotonic() < deadline, [vars(worker) for worker in workers]
            assert all(process.is_alive() for process in started)
            if select.select([events], [], [], 0.05)[0]:
                assert events.recv(1 << 20), "the stream of events has ended"
    over.set()
    for process in started:
        process.join(TIMEOUT)
        assert process.exitcode == 0


def make_servers(daemon, ports):
    """Returns the servers, every other one without SO_REUSEADDR."""
    shares = [ports[n::SERVERS] for n in range(SERVERS)]
    return [Server(share, n % 2 == 0, Checker(daemon, share).see_listener) for n, share in enumerate(shares)]


def total(workers, what):
    return sum(getattr(worker, what).value for worker in workers)


@pytest.fixture
def ports(daemon):
    """Ports of which half are allocated to this directory's project; the others are free."""
    daemon.start()
    client = daemon.client()
    body = {"app": "shop", "instance": "main", "count": 3 * SERVERS, "contiguous": True}
    status, group = client.send("POST", "/v1/groups", body)
    assert status == 201
    ports = [allocation["port"] for allocation in group["allocations"]]
    assert client.send("DELETE", f"/v1/groups/{group['id']}")[0] == 200
    for port in ports[: len(ports) // 2]:
        assert client.send("POST", "/v1/allocations", dict(granted(port), port=port))[0] == 201
    client.close()
    return ports


def test_twenty_thousand_servers_start_while_their_ports_are_checked(daemon, ports, figure):
    servers = make_servers(daemon, ports)
    checkers = [
        Checker(daemon, ports, Checker.read),
        Checker(daemon, ports[: len(ports) // 2], Checker.ensure),
        Checker(daemon, ports, Checker.want),
        Checker(daemon, ports, Checker.check_by_command),
    ]
    run_until(
        lambda: total(servers, "starts") >= STARTS and total(checkers, "checks") >= CHECKS, daemon, *servers, *checkers
    )
    starts, refused, connections = (total(servers, what) for what in ("starts", "refused", "connections"))
    plain = total(servers[1::2], "starts")
    figure(
        f"{starts:,} server starts, {plain:,} of them without SO_REUSEADDR, beside {total(checkers, 'checks'):,} checks"
        f" of their ports: {refused} refused, {connections} connections seen",
        f"{starts:,} starts, {refused} refused, {connections} connections",
    )
    assert (refused, connections) == (0, 0)
    assert min(server.starts.value for server in servers) > STARTS // 100


@pytest.mark.parametrize("harm", [HarmfulChecker.bind, HarmfulChecker.connect])
def test_checker_that_binds_or_connects_is_detected(daemon, ports, figure, harm):
    servers = make_servers(daemon, ports)
    checker = HarmfulChecker(daemon, ports, harm)
    what = {HarmfulChecker.bind: "refused", HarmfulChecker.connect: "connections"}[harm]
    run_until(lambda: total(servers, what) >= 10, daemon, *servers, checker)
    figure(
        f"the control, a checker that would {harm.__name__}: {total(servers, what):,} of {total(servers, 'starts'):,} "
        f"starts show it",
        f"{harm.__name__}: {total(servers, what):,} of {total(servers, 'starts'):,} starts",
    )
