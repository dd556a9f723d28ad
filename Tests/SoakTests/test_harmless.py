"""Promise 6, looking harms nobody: servers start and stop while their very ports are asked about all the time.

Whoever reads /proc/PID/fd, as the daemon and "ss -p" do to name a process, keeps a socket that is closed in this very
moment open for some microseconds more. So every server has three ports to go round, instead of binding a port again at
once after closing it: that would fail about once in half a million starts. What happens on kernels before 6.8, where
the daemon has to bind for a moment, is not tested here.
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
QUESTIONS = 10_000
PATIENCE = 120  # seconds; it takes some thirty
ADDRESSES = [("127.0.0.1", socket.AF_INET), ("0.0.0.0", socket.AF_INET), ("::1", socket.AF_INET6)]
processes = multiprocessing.get_context("fork")


def start_server(address, family, port, reuse):
    """A server as others write them. OSError when it cannot start."""
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
    """Starts and stops on its three ports until the end, in a process of its own."""

    def __init__(self, ports, reuse, look):
        self.ports = ports
        self.reuse = reuse
        self.look = look  # asks while every tenth listens
        self.starts, self.refused, self.connections = (processes.Value("q", 0, lock=False) for _ in range(3))

    def run(self, over):
        while not over.is_set():
            turn, n = divmod(self.starts.value, len(self.ports))
            port = self.ports[n]
            address, family = ADDRESSES[turn % len(ADDRESSES)]
            self.starts.value += 1
            try:
                server = start_server(address, family, port, self.reuse)
            except OSError as error:  # what must not be
                print(f"{address}:{port}, reuse={self.reuse}: {error}", flush=True)
                self.refused.value += 1
                continue
            with server:
                if self.starts.value % 10 == 0:
                    self.look(port)
                self.connections.value += has_connection(server)


class Asker:
    """One client of the daemon, in a process of its own, which makes the connection."""

    def __init__(self, daemon, ports, question=None):
        self.daemon = daemon
        self.ports = ports
        self.question = question
        self.client = None
        self.asked = processes.Value("q", 0, lock=False)

    def run(self, over):
        while not over.is_set():
            for port in self.ports:
                self.question(self, port)

    def send(self, *request):
        self.client = self.client or self.daemon.client()
        self.asked.value += 1
        return self.client.send(*request)

    def read(self, port):
        for path in (f"/v1/ports/{port}", f"/v1/listeners?port={port}", "/v1/allocations?wide=true"):
            assert self.send("GET", path)[0] == 200

    def ensure(self, port):
        """A port on which the project's own server listens stays its own."""
        body = dict(granted(port), ensure=True, strict=True)
        status, answer = self.send("POST", "/v1/allocations", body)
        assert status in (200, 201) and answer["port"] == port, answer

    def want(self, port):
        """As somebody else, who gives back what is given."""
        for wish in ("port", "preferred"):
            status, answer = self.send("POST", "/v1/allocations", dict(names(port, app="other"), **{wish: port}))
            assert status == 201 or (status == 409 and wish == "port"), answer
            if status == 201:
                assert self.send("DELETE", f"/v1/allocations/{answer['id']}")[0] == 200

    def check(self, port):
        self.asked.value += 1
        outcome = self.daemon.portctl("check", "--port", str(port))
        assert outcome.returncode in (0, 1) and outcome.stdout, outcome.stderr

    def look(self, port):
        status, answer = self.send("GET", f"/v1/ports/{port}")
        assert status == 200 and answer["in_use"], answer


class Stranger(Asker):
    """Does what the daemon must not do."""

    def bind(self, port):
        self.asked.value += 1
        with socket.socket() as probe, contextlib.suppress(OSError):  # the server was faster
            probe.bind(("127.0.0.1", port))

    def connect(self, port):
        self.asked.value += 1
        with socket.socket() as probe:
            probe.connect_ex(("127.0.0.1", port))


def names(port, app="shop"):
    return {"app": app, "instance": "main", "service": f"s{port}"}


def granted(port):
    """The servers run in this process's folder, so they are no strangers."""
    return dict(names(port), project={"root": os.getcwd(), "folder": os.getcwd()})


def run_until(enough, daemon, *workers):
    """Runs the workers in processes until `enough` is true, and reads events meanwhile, which makes the daemon look
    at sockets more often."""
    over = processes.Event()
    started = [processes.Process(target=worker.run, args=(over,), daemon=True) for worker in workers]
    for process in started:
        process.start()
    deadline = time.monotonic() + PATIENCE
    with daemon.connect() as events:
        events.sendall(b"GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        while not enough():
            assert time.monotonic() < deadline, [vars(worker) for worker in workers]
            assert all(process.is_alive() for process in started)
            if select.select([events], [], [], 0.05)[0]:
                assert events.recv(1 << 20), "the stream of events has ended"
    over.set()
    for process in started:
        process.join(PATIENCE)
        assert process.exitcode == 0


def make_servers(daemon, ports):
    """Every other one without SO_REUSEADDR."""
    shares = [ports[n::SERVERS] for n in range(SERVERS)]
    return [Server(share, n % 2 == 0, Asker(daemon, share).look) for n, share in enumerate(shares)]


def total(workers, what):
    return sum(getattr(worker, what).value for worker in workers)


@pytest.fixture
def ports(daemon):
    """Half of them granted to this folder, the others free."""
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


def test_twenty_thousand_servers_start_beside_a_checker(daemon, ports, figure):
    servers = make_servers(daemon, ports)
    askers = [
        Asker(daemon, ports, Asker.read),
        Asker(daemon, ports[: len(ports) // 2], Asker.ensure),
        Asker(daemon, ports, Asker.want),
        Asker(daemon, ports, Asker.check),
    ]
    run_until(
        lambda: total(servers, "starts") >= STARTS and total(askers, "asked") >= QUESTIONS, daemon, *servers, *askers
    )
    starts, refused, connections = (total(servers, what) for what in ("starts", "refused", "connections"))
    plain = total(servers[1::2], "starts")
    figure(
        f"{starts:,} server starts, {plain:,} of them without SO_REUSEADDR, beside {total(askers, 'asked'):,} questions"
        f" about their ports: {refused} refused, {connections} connections seen"
    )
    assert (refused, connections) == (0, 0)
    assert min(server.starts.value for server in servers) > STARTS // 100


@pytest.mark.parametrize("harm", [Stranger.bind, Stranger.connect])
def test_a_checker_that_binds_or_connects_would_be_found_out(daemon, ports, figure, harm):
    servers = make_servers(daemon, ports)
    stranger = Stranger(daemon, ports, harm)
    what = {Stranger.bind: "refused", Stranger.connect: "connections"}[harm]
    run_until(lambda: total(servers, what) >= 10, daemon, *servers, stranger)
    figure(
        f"the control, a checker that would {harm.__name__}: {total(servers, what):,} of {total(servers, 'starts'):,} "
        f"starts show it"
    )
