"""Daemons in homes of their own, and the figures that the tests measured."""

import contextlib
import http.client
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time

import pytest
from disk import Disk

BINARIES = pathlib.Path(os.environ["PORTCTL_BIN"]).resolve()
FIGURES = os.environ.get("SOAK_FIGURES")
HAS_PASSED = pytest.StashKey[bool]()


class Daemon:
    """A daemon that is started and killed again and again, on one home."""

    def __init__(self, home=None, **settings):
        self.home = home or tempfile.mkdtemp(prefix="pct-", dir="/tmp")
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("PORT")}
        self.environment.update(
            PORT_SERVER_HOME=self.home, PORTCTL_AUTOSTART="0", PATH=f"{BINARIES}:{os.environ['PATH']}", **settings
        )
        self.socket_path = os.path.join(self.home, "port-server.sock")
        self.process = None

    def start(self, *, through=(), listen="127.0.0.1:0"):
        """Returns once it answers. `through`: a command that starts it, such as strace with its options."""
        reading, writing = os.pipe()
        self.process = subprocess.Popen(
            [*through, BINARIES / "port-server", "--listen", listen],
            env=dict(self.environment, PORT_SERVER_READY_FD=str(writing)),
            pass_fds=[writing],
        )
        os.close(writing)
        with os.fdopen(reading) as pipe:
            # Not to its end: a command that it is started through may keep it open.
            told = pipe.readline()
        assert told == "ready\n", f"it said {told!r} and ended with {self.process.poll()}"
        return self

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(timeout=20) == 0

    def remove(self):
        if self.process and self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.home, ignore_errors=True)

    def connect(self, timeout=20):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(timeout)
        connection.connect(self.socket_path)
        return connection

    def client(self, timeout=20):
        return Client(self.connect(timeout))

    @property
    def tcp(self):
        """The host and port of the first TCP listener."""
        address = self.client().send("GET", "/v1/status")[1]["listeners"][0]["address"]
        host, _, port = address.rpartition(":")
        return host, int(port)

    def portctl(self, *arguments, name="portctl", **options):
        return subprocess.run(
            [BINARIES / name, *arguments], env=self.environment, capture_output=True, text=True, timeout=60, **options
        )


class Client:
    """One connection that is kept."""

    def __init__(self, connection):
        self.connection = http.client.HTTPConnection("localhost")
        self.connection.sock = connection

    def send(self, method, path, body=None, headers=None):
        """Returns the status and the parsed body (None without one). An error of the connection is the caller's."""
        headers = dict(headers or {})
        if body is not None:
            body = json.dumps(body)
            headers["Content-Type"] = "application/json"
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        answer = response.read()
        return response.status, json.loads(answer) if answer else None

    def close(self):
        self.connection.close()


@pytest.fixture
def daemon():
    daemon = Daemon()
    yield daemon
    daemon.remove()


@pytest.fixture
def disk():
    disk = Disk(32)
    yield disk
    disk.remove()


@pytest.fixture
def on_disk(disk):
    """A daemon whose home is on a filesystem of its own."""
    daemon = Daemon(home=str(disk.folder / "home"))
    yield daemon
    daemon.remove()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.when == "call":
        item.stash[HAS_PASSED] = report.passed
    return report


@pytest.fixture
def figure(request):
    """Keeps what a test measured, for docs/promises.md: once it has passed, and only then."""
    kept = []

    def keep(text):
        print(text)
        kept.append(text)

    yield keep
    if FIGURES and request.node.stash.get(HAS_PASSED, False):
        with open(FIGURES, "a") as file:
            name = request.node.nodeid.split("::")[-1]
            for text in kept:
                file.write(json.dumps({"test": name, "figure": text, "at": time.strftime("%Y-%m-%d")}) + "\n")


@pytest.fixture
def seed():
    """Of what a test does at random: another one each time, unless SOAK_SEED says which. Shown when the test fails. The
    same one asks for the same again, but what comes before what is up to the machine."""
    seed = int(os.environ.get("SOAK_SEED") or random.randrange(1 << 32))
    print(f"seed {seed}")
    return seed


def check_integrity(daemon):
    """SQLite's own check of the daemon's database."""
    with contextlib.closing(sqlite3.connect(os.path.join(daemon.home, "ports.db"), timeout=20)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def memory_of(pid):
    """Resident memory in KB."""
    with open(f"/proc/{pid}/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS:"))


def sockets_of(pid):
    """How many sockets a process has open. What else it has open, such as connections of its database, may stay."""
    targets = []
    for number in os.listdir(f"/proc/{pid}/fd"):
        with contextlib.suppress(FileNotFoundError):  # closed meanwhile
            targets.append(os.readlink(f"/proc/{pid}/fd/{number}"))
    return sum(target.startswith("socket:") for target in targets)


def wait_until(condition, what, seconds=60):
    """Asks again and again, and returns the first answer that is true."""
    deadline = time.monotonic() + seconds
    while not (answer := condition()):
        assert time.monotonic() < deadline, f"not in {seconds} seconds: {what}"
    return answer
