"""Promise 19: tens of thousands of malformed requests cause no 500 and no crash, and memory does not grow.

One fuzzer generates requests from the daemon's own OpenAPI document, without /v1/events, which never ends; another one
sends bytes that deviate more and more from HTTP. Both may kill processes and release ports at will, because nothing
else runs in their namespaces.
"""

import collections
import json
import re
import select
import socket
import subprocess
import sys
import time

import pytest
from conftest import Daemon, memory_of, sockets_of, wait_until
from malformed import VALID, changed_request, valid_request

TIMEOUT = 30
SEED = 20250208
# Schemathesis' other checks do not apply: conditions that the document cannot express, such as a running process, are
# 400 as well.
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
    "response_schema_conformance,unsupported_method,allow_header_conformance"
)
# 503 is documented for a full pool. Any other undocumented status is a failure.
SETTINGS = '[checks.not_a_server_error]\nexpected-statuses = ["2xx", "3xx", "4xx", 503]\n'
SECONDS = 110
WORKERS = 2

REQUESTS = 20_000
IN_FLIGHT = 100
STATUS = re.compile(rb"HTTP/1\.1 (\d\d\d) [A-Za-z -]+\r\n")
# The codes of the answers; empty without a body, or without a code in it.
UNAVAILABLE = re.compile(rb'HTTP/1\.1 503 [A-Za-z -]+\r\n(?:[^\r\n]+\r\n)*\r\n(?:\{[^{}]*"code":"(\w+)")?')
# The codes for a full pool and for too many streams of events. Any other 503 is a failure of the daemon.
USED_UP = {b"pool_full", b"too_many_readers"}


@pytest.fixture
def narrow_daemon():
    """A daemon with small pools, which are soon full, so that listings stay short."""
    pools = {f"PORT_SERVER_POOLS_{name}": "3000-3009" for name in ("REGISTRY", "LEASES", "PROJECTS", "MANAGER")}
    daemon = Daemon(**pools).start()
    yield daemon
    daemon.remove()


class Exchange:
    """One connection with bytes to send, until the daemon closes it."""

    def __init__(self, daemon, number, data, shuts_down):
        self.number = number
        self.data = self.left = data
        self.shuts_down = shuts_down
        self.answer = b""
        self.is_over = False
        self.deadline = time.monotonic() + TIMEOUT  # the daemon needs five
        self.connection = daemon.connect()
        self.connection.setblocking(False)
        self.send()

    def send(self):
        try:
            self.left = self.left[self.connection.send(self.left):] if self.left else b""
            if not self.left and self.shuts_down:
                self.connection.shutdown(socket.SHUT_WR)
                self.shuts_down = False
        except BlockingIOError:
            pass  # the socket's buffer is full
        except (BrokenPipeError, ConnectionResetError):
            self.left = b""  # refused before everything was sent; the answer can be read

    def receive(self):
        try:
            more = self.connection.recv(1 << 20)
        except ConnectionResetError:  # closed before the daemon had read everything
            more = b""
        self.answer += more
        if not more:
            self.is_over = True
            self.connection.close()

    def statuses(self):
        return [int(status) for status in STATUS.findall(self.answer)]

    def reasons(self):
        """Returns the codes of the answers that are 503."""
        return UNAVAILABLE.findall(self.answer)


def exchange_all(daemon, numbers, make):
    """Yields each exchange when it has ended; IN_FLIGHT run at the same time."""
    poll = select.poll()
    open_exchanges = {}
    numbers = iter(numbers)
    while True:
        while len(open_exchanges) < IN_FLIGHT and (number := next(numbers, None)) is not None:
            exchange = Exchange(daemon, number, *make(number))
            open_exchanges[exchange.connection.fileno()] = exchange
            poll.register(exchange.connection, select.POLLIN | (select.POLLOUT if exchange.left else 0))
        if not open_exchanges:
            return
        for descriptor, event in poll.poll(1000):
            exchange = open_exchanges[descriptor]
            if event & select.POLLOUT:
                exchange.send()
                if not exchange.left:
                    poll.modify(descriptor, select.POLLIN)
            if event & ~select.POLLOUT:
                exchange.receive()
            if exchange.is_over:
                poll.unregister(descriptor)
                del open_exchanges[descriptor]
                yield exchange
        late = [exchange for exchange in open_exchanges.values() if exchange.deadline < time.monotonic()]
        assert not late, (SEED, [(exchange.number, exchange.statuses(), exchange.data[:2000]) for exchange in late])


def warm_up(daemon):
    """Returns the memory that the daemon uses after a thousand requests, in KB."""
    for exchange in exchange_all(daemon, range(-1000, 0), lambda number: (changed_request(SEED, number)[0], True)):
        assert exchange.is_over
    return memory_of(daemon.process.pid)


def test_twenty_thousand_malformed_requests_are_refused_or_disconnected(narrow_daemon, figure):
    daemon, pid = narrow_daemon, narrow_daemon.process.pid
    idle = sockets_of(pid)
    for exchange in exchange_all(daemon, range(len(VALID)), lambda n: (valid_request(*VALID[n]), True)):
        [status] = exchange.statuses()
        assert status < 300, (exchange.data, exchange.answer)
    before = warm_up(daemon)
    seen, unavailable = collections.Counter(), collections.Counter()
    for exchange in exchange_all(daemon, range(REQUESTS), lambda number: changed_request(SEED, number)):
        statuses = exchange.statuses()
        assert bool(statuses) == bool(exchange.answer), (SEED, exchange.number, exchange.data, exchange.answer)
        wrong = [status for status in statuses if status >= 500 and status != 503]
        assert not wrong, (SEED, exchange.number, exchange.data, exchange.answer[:2000])
        reasons = exchange.reasons()
        assert len(reasons) == statuses.count(503) and USED_UP.issuperset(reasons), (
            SEED, exchange.number, exchange.data, exchange.answer[:2000]
        )
        unavailable.update(reasons)
        seen.update(f"{status // 100}xx" for status in statuses)
        seen["closed without an answer"] += not statuses
    assert daemon.process.poll() is None, "the daemon died"
    wait_until(lambda: sockets_of(pid) == idle, "that every connection is closed")
    after = memory_of(pid)
    counts = ", ".join(f"{count:,} {what}" for what, count in sorted(seen.items()))
    codes = ", ".join(code.decode() for code in sorted(unavailable))
    figure(f"{REQUESTS:,} malformed requests on the socket, seed {SEED}: {counts}; every 5xx is {codes}; memory "
           f"{before // 1024} MB before, {after // 1024} MB after", f"{REQUESTS:,} requests, every 5xx is {codes}")
    assert unavailable[b"pool_full"] > 0, "the pool was never full"
    assert after <= before * 1.2 + 10 * 1024
    client = daemon.client()
    assert client.send("GET", "/healthz") == (200, {"status": "ok"})
    assert client.send("GET", "/v1/status")[1]["pid"] == pid


def start_schemathesis(daemon, directory, seed):
    directory.mkdir()
    (directory / "settings.toml").write_text(SETTINGS)
    address = "http://{}:{}".format(*daemon.tcp)
    return subprocess.Popen(
        [sys.executable, "-m", "schemathesis.cli", "--config-file", "settings.toml", "--no-color", "run",
         f"{address}/openapi.json", "--url", address, "--exclude-path", "/v1/events", "--checks", CHECKS,
         "--max-examples", "1000", "--max-time", str(SECONDS), "--seed", str(seed), "--continue-on-failure",
         "--generation-database", "none", "--suppress-health-check", "all", "--warnings", "off",
         "--request-timeout", "20", "--report", "json", "--report-json-path", "report.json"],
        cwd=directory, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )


def test_every_answer_to_a_generated_request_is_documented(narrow_daemon, tmp_path, figure):
    daemon, pid = narrow_daemon, narrow_daemon.process.pid
    idle = sockets_of(pid)
    before = warm_up(daemon)
    runs = [start_schemathesis(daemon, tmp_path / str(n), SEED + n) for n in range(WORKERS)]
    outputs = [run.communicate(timeout=SECONDS + TIMEOUT)[0] for run in runs]
    for run, output in zip(runs, outputs):
        assert run.returncode == 0, output
    reports = [json.loads((tmp_path / str(n) / "report.json").read_text()) for n in range(WORKERS)]
    cases = sum(report["test_cases"]["generated"] for report in reports)
    operations = reports[0]["operations"]
    assert all(report["operations"]["tested"] == operations["selected"] > 40 for report in reports)
    assert daemon.process.poll() is None, "the daemon died"
    wait_until(lambda: sockets_of(pid) == idle, "that every connection is closed")
    after = memory_of(pid)
    figure(f"{cases:,} requests over the document's {operations['tested']} operations: every answer as documented; "
           f"memory {before // 1024} MB before, {after // 1024} MB after", f"{cases:,} requests, all as documented")
    assert after <= before * 1.2 + 10 * 1024
    assert cases > 1000
    assert daemon.client().send("GET", "/healthz") == (200, {"status": "ok"})
