"""Promise 9: another process that takes the port of a stopped server is reported as a conflict within a second."""

import pathlib
import random
import statistics
import subprocess
import sys
import time

import pytest

THEFTS = 200
SEED = 20250208
TIMEOUT = 60
# Starts a server on each port that it reads, which prints its pid once it listens; a negative pid ends that server.
SERVERS = """
import os, signal, socket, sys
for line in sys.stdin:
    number = int(line)
    if number < 0:
        os.kill(-number, signal.SIGKILL)
        os.waitpid(-number, 0)
        os.write(1, b"0\\n")
    elif os.fork() == 0:
        server = socket.create_server(("127.0.0.1", number))
        os.write(1, b"%d\\n" % os.getpid())
        signal.pause()
"""


class Servers:
    """Servers that run in one directory."""

    def __init__(self, directory):
        directory.mkdir()
        self.directory = directory
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVERS],
            cwd=directory,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        self.pids = {}  # by port

    def send(self, number):
        self.process.stdin.write(f"{number}\n")
        return int(self.process.stdout.readline())

    def start(self, port):
        self.pids[port] = self.send(port)

    def stop(self, port):
        self.send(-self.pids.pop(port))

    def close(self):
        for port in list(self.pids):
            self.stop(port)
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture
def own(tmp_path):
    servers = Servers(tmp_path / "project")
    yield servers
    servers.close()


@pytest.fixture
def others(tmp_path):
    servers = Servers(tmp_path / "elsewhere")
    yield servers
    servers.close()


def start_time(pid):
    """Returns the start time of a process in clock ticks."""
    return int(pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])


@pytest.fixture
def owner(own, others):
    """A process that started at least one tick after the servers' parents: an orphan that is not older than an owner
    may be its descendant."""
    last = max(start_time(servers.process.pid) for servers in (own, others))
    while True:
        process = subprocess.Popen(["sleep", "10000"])
        if start_time(process.pid) > last:
            break
        process.kill()
        process.wait()
    yield process.pid
    process.kill()
    process.wait()


def get(daemon, path):
    client = daemon.client()
    status, answer = client.send("GET", path)
    client.close()
    assert status == 200, answer
    return answer


def wide(daemon):
    return {allocation["port"]: allocation for allocation in get(daemon, "/v1/allocations?wide=true")}


def states(daemon):
    return {allocation["state"] for allocation in wide(daemon).values()}


def conflicts(daemon):
    """Returns the journal's conflicts by port. They are its newest entries, and each port has at most one."""
    entries = get(daemon, f"/v1/journal?limit={THEFTS}")
    found = [entry for entry in entries if entry["action"] == "conflict"]
    assert len({entry["port"] for entry in found}) == len(found)
    return {entry["port"]: entry for entry in found}


def test_two_hundred_stolen_ports_are_reported_within_a_second(daemon, own, others, owner, figure):
    """Half of the allocations have an owner in addition to their project directory."""
    daemon.start()
    client = daemon.client()
    project = {"root": str(own.directory), "folder": str(own.directory)}
    ports = []
    for n in range(THEFTS):
        body = {"app": "shop", "instance": "main", "service": f"s{n}", "project": project}
        status, answer = client.send("POST", "/v1/allocations", dict(body, owner_pid=owner) if n % 2 else body)
        assert status == 201, answer
        ports.append(answer["port"])
    client.close()
    for port in ports:
        own.start(port)
    assert states(daemon) == {"active"}
    for port in ports:
        own.stop(port)
    assert states(daemon) == {"reserved"}
    chance = random.Random(SEED)
    stolen, reported, shown = {}, {}, []

    def read_journal():
        for port, entry in conflicts(daemon).items():
            if port not in reported:
                reported[port] = time.monotonic()
                assert f"(pid {others.pids[port]})" in entry["reason"], entry
                assert entry["service"] == f"shop/main/s{ports.index(port)}"

    for port in ports:
        next_theft = time.monotonic() + chance.uniform(0, 0.1)
        while time.monotonic() < next_theft:
            read_journal()
        stolen[port] = time.monotonic()
        others.start(port)
        allocation = wide(daemon)[port]
        shown.append(time.monotonic() - stolen[port])
        assert allocation["state"] == "conflict", allocation
        assert [occupier["pid"] for occupier in allocation["occupiers"]] == [others.pids[port]]
    deadline = time.monotonic() + TIMEOUT
    while reported.keys() != stolen.keys():
        assert time.monotonic() < deadline, f"{len(stolen) - len(reported)} stolen ports are not in the journal"
        read_journal()
    assert states(daemon) == {"conflict"}
    for port in ports:
        others.stop(port)
    assert states(daemon) == {"reserved"}
    seconds = [reported[port] - stolen[port] for port in ports]
    figure(
        f"{THEFTS} ports stolen: in the listing at once (at most {max(shown) * 1000:.0f} ms, the theft included), "
        f"in the journal after {statistics.median(seconds):.2f} s (median) to {max(seconds):.2f} s",
        f"{THEFTS} ports, in the journal within {max(seconds):.2f} s",
    )
    assert max(shown) <= 1 and max(seconds) <= 1
