"""Promise 9: a stranger that takes the port of a stopped server is a conflict within a second, by its name."""

import pathlib
import random
import statistics
import subprocess
import sys
import time

import pytest

THEFTS = 200
SEED = 20250208
PATIENCE = 60
# Starts a server on each port that it reads, which says its pid once it listens; a negative pid ends one.
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
    """Servers that run in one folder."""

    def __init__(self, folder):
        folder.mkdir()
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVERS],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        self.pids = {}  # by port

    def tell(self, number):
        self.process.stdin.write(f"{number}\n")
        return int(self.process.stdout.readline())

    def start(self, port):
        self.pids[port] = self.tell(port)

    def stop(self, port):
        self.tell(-self.pids.pop(port))

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
def strangers(tmp_path):
    servers = Servers(tmp_path / "elsewhere")
    yield servers
    servers.close()


def start_time(pid):
    """In clock ticks."""
    return int(pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])


@pytest.fixture
def owner(own, strangers):
    """Younger than the others, by a tick at least: an orphan that is not older than an owner may descend from it."""
    last = max(start_time(servers.process.pid) for servers in (own, strangers))
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
    """The journal's, by port; each has one, and they are the newest entries."""
    entries = get(daemon, f"/v1/journal?limit={THEFTS}")
    found = [entry for entry in entries if entry["action"] == "conflict"]
    assert len({entry["port"] for entry in found}) == len(found)
    return {entry["port"]: entry for entry in found}


def test_two_hundred_stolen_ports_are_noticed(daemon, own, strangers, owner, figure):
    """Half of the allocations have an owner beside their folder."""
    daemon.start()
    client = daemon.client()
    project = {"root": str(own.folder), "folder": str(own.folder)}
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
    stolen, noticed, shown = {}, {}, []

    def look():
        for port, entry in conflicts(daemon).items():
            if port not in noticed:
                noticed[port] = time.monotonic()
                assert f"(pid {strangers.pids[port]})" in entry["reason"], entry
                assert entry["service"] == f"shop/main/s{ports.index(port)}"

    for port in ports:
        next_theft = time.monotonic() + chance.uniform(0, 0.1)
        while time.monotonic() < next_theft:
            look()
        stolen[port] = time.monotonic()
        strangers.start(port)
        allocation = wide(daemon)[port]
        shown.append(time.monotonic() - stolen[port])
        assert allocation["state"] == "conflict", allocation
        assert [occupier["pid"] for occupier in allocation["occupiers"]] == [strangers.pids[port]]
    deadline = time.monotonic() + PATIENCE
    while noticed.keys() != stolen.keys():
        assert time.monotonic() < deadline, f"{len(stolen) - len(noticed)} thefts are not in the journal"
        look()
    assert states(daemon) == {"conflict"}
    for port in ports:
        strangers.stop(port)
    assert states(daemon) == {"reserved"}
    seconds = [noticed[port] - stolen[port] for port in ports]
    figure(
        f"{THEFTS} ports stolen: in the listing at once (at most {max(shown) * 1000:.0f} ms, the theft included), "
        f"in the journal after {statistics.median(seconds):.2f} s (median) to {max(seconds):.2f} s"
    )
    assert max(shown) <= 1 and max(seconds) <= 1
