"""Daemons with their own homes, and the figures that the tests measure."""

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
# The length of a short figure: it shares a cell of docs/promises.md with a date.
MAXIMUM_SHORT = 60


class Daemon:
    """A daemon that can be started and killed repeatedly on one home."""

    def __init__(self, home=None, **settings):
        self.home = home or tempfile.mkdtemp(prefix="pct-", dir="/tmp")
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("PORT")}
        self.environment.update(
            PORT_SERVER_HOME=self.home, PORTCTL_AUTOSTART="0", PATH=f"{BINARIES}:{os.environ['PATH']}", **settings
        )
        self.socket_path = os.path.join(self.home, "port-server.sock")
        self.process = None

    def start(self, *, through=(), listen="127.0.0.1:0"):
        """Returns once the daemon is ready. `through` is a command that starts it, such as strace with its options."""
        reading, writing = os.pipe()
        self.process = subprocess.Popen(
            [*through, BINARIES / "port-server", "--listen", listen],
            env=dict(self.environment, PORT_SERVER_READY_FD=str(writing)),
            pass_fds=[writing],
        )
        os.close(writing)
        with os.fdopen(reading) as pipe:
            # Not to the end of the pipe: the command that it is started through may keep it open.
            line = pipe.readline()
        assert line == "ready\n", f"the daemon wrote {line!r} and ended with {self.process.poll()}"
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
        """The host and port of the first HTTP address."""
        address = self.client().send("GET", "/v1/status")[1]["listeners"][0]["address"]
        host, _, port = address.rpartition(":")
        return host, int(port)

    def portctl(self, *arguments, name="portctl", **options):
        return subprocess.run(
            [BINARIES / name, *arguments], env=self.environment, capture_output=True, text=True, timeout=60, **options
        )


class Client:
    """A client with one persistent connection."""

    def __init__(self, connection):
        self.connection = http.client.HTTPConnection("localhost")
        self.connection.sock = connection

    def send(self, method, path, body=None, headers=None):
        """Returns the status and the parsed body, or None without one. Raises the errors of the connection."""
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
def disk(request):
    """`request.param` is the size of its blocks in bytes: 4096, as on most disks, unless the test says otherwise."""
    disk = Disk(32, getattr(request, "param", 4096))
    yield disk
    disk.remove()


@pytest.fixture
def on_disk(disk):
    """A daemon whose home is on a separate filesystem."""
    daemon = Daemon(home=str(disk.directory / "home"))
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
    """Records what a test measured, if the test passes. scripts/promises.py writes it into docs.

    `figure(text, short)`: docs/promises.json gets the text, and the row in docs/promises.md the short form. A test with
    several figures gives one of them a short form. If all cases of a test have the same short form, the row shows
    it once, with the number of cases; else it shows all of them, which must fit together.
    """
    measured = []

    def record(text, short=None):
        print(text)
        assert short is None or len(short) <= MAXIMUM_SHORT, f"{len(short)} characters: {short}"
        measured.append({"figure": text, "short": short})

    yield record
    if FIGURES and request.node.stash.get(HAS_PASSED, False):
        case = getattr(request.node, "callspec", None)
        test = {
            "test": request.node.originalname, "at": time.strftime("%Y-%m-%d"), "parameters": case.id if case else None
        }
        with open(FIGURES, "a") as file:
            file.writelines(json.dumps(test | entry) + "\n" for entry in measured)


@pytest.fixture
def seed():
    """The seed of a test's random choices: SOAK_SEED, or a new one each time. Shown when the test fails. The same seed
    repeats the requests, but not their timing."""
    seed = int(os.environ.get("SOAK_SEED") or random.randrange(1 << 32))
    print(f"seed {seed}")
    return seed


def check_integrity(daemon):
    """Runs SQLite's own check of the daemon's database."""
    with contextlib.closing(sqlite3.connect(os.path.join(daemon.home, "ports.db"), timeout=20)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def memory_of(pid):
    """Returns the resident memory in KB."""
    with open(f"/proc/{pid}/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS:"))


def sockets_of(pid):
    """Returns the number of open sockets of a process. Other descriptors, such as the database's, do not count."""
    targets = []
    for number in os.listdir(f"/proc/{pid}/fd"):
        with contextlib.suppress(FileNotFoundError):  # closed in between
            targets.append(os.readlink(f"/proc/{pid}/fd/{number}"))
    return sum(target.startswith("socket:") for target in targets)


def wait_until(condition, what, seconds=60):
    """Evaluates the condition until it is true, and returns its value."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, f"not within {seconds} seconds: {what}"
    return value
