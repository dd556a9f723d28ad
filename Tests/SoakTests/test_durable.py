"""Promise 2: acknowledged changes survive SIGKILL and a power cut."""

import collections
import concurrent.futures
import contextlib
import dataclasses
import http.client
import os
import random
import signal
import sqlite3
import threading

from conftest import check_integrity

# Reports syncs as done without doing them.
WITHOUT_SYNCS = "strace -f -o /dev/null -e trace=fsync,fdatasync -e inject=fsync,fdatasync:retval=0".split()


@dataclasses.dataclass
class Client:
    """A client that remembers the answers to its requests. No other client uses its services."""

    name: str
    random: random.Random
    held: dict = dataclasses.field(default_factory=dict)  # (id, port) by service
    unanswered: list = dataclasses.field(default_factory=list)  # the services of the last request without an answer
    acknowledged: int = 0

    def work(self, connection, has_no_power, answers):
        """Sends requests until the connection breaks or one is refused. Returns the refusal, or None."""
        try:
            while True:
                services = self.choose()
                self.unanswered = services
                status, body = self.send(connection, services)
                if status == 503:
                    return body
                if has_no_power.is_set():
                    # While the power is cut the kernel can report one more sync as done that is not.
                    return None
                self.keep(services, status, body)
                self.unanswered = []
                answers.release()
        except (ConnectionError, http.client.HTTPException):
            return None  # the daemon was killed
        finally:
            connection.close()

    def choose(self):
        """Returns a service to release, or one or three to allocate."""
        free = [f"{self.name}-{number}" for number in range(24) if f"{self.name}-{number}" not in self.held]
        if self.held and self.random.random() < len(self.held) / 24:
            return [self.random.choice(list(self.held))]
        return self.random.sample(free, min(len(free), self.random.choice([1, 1, 1, 3])))

    def send(self, connection, services):
        names = {"app": "app", "instance": "main"}
        if services[0] in self.held:
            return connection.send("DELETE", f"/v1/allocations/{self.held[services[0]][0]}")
        if len(services) == 1:
            return connection.send("POST", "/v1/allocations", {**names, "service": services[0]})
        return connection.send("POST", "/v1/groups", {**names, "count": len(services), "roles": services})

    def keep(self, services, status, body):
        self.acknowledged += len(services)
        if services[0] in self.held:
            assert status == 200, body
            del self.held[services[0]]
            return
        assert status == 201, body
        for allocation in body.get("allocations", [body]):
            self.held[allocation["service"]] = (allocation["id"], allocation["port"])

    def compare(self, listed):
        """Returns what is lost of the acknowledged changes. The client goes on with what is listed."""
        certain = set(self.held).union(listed).difference(self.unanswered)
        lost = [name for name in certain if self.held.get(name) != listed.get(name)]
        there = [name for name in self.unanswered if name in listed]
        if there not in ([], self.unanswered):
            lost.append(f"half of a group: {there} of {self.unanswered}")
        self.held = listed
        self.unanswered = []
        return lost


class Clients:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.all = [Client(f"client{number}", random.Random(f"{seed} {number}")) for number in range(8)]
        self.threads = concurrent.futures.ThreadPoolExecutor(len(self.all))
        self.has_no_power = threading.Event()
        self.lost = []

    @property
    def acknowledged(self):
        return sum(client.acknowledged for client in self.all)

    def forget(self):
        for client in self.all:
            client.held = {}

    def work_until(self, daemon, end, most=100):
        """Lets the clients work, and calls `end` at a random moment. Returns the refusals."""
        self.answers = threading.Semaphore(0)
        futures = [
            self.threads.submit(client.work, daemon.client(), self.has_no_power, self.answers) for client in self.all
        ]
        for _ in range(self.random.randint(1, most)):
            assert self.answers.acquire(timeout=60)
        end()
        return [refusal for future in futures if (refusal := future.result())]

    def compare(self, daemon):
        listed = collections.defaultdict(dict)
        for entry in daemon.client().send("GET", "/v1/allocations")[1]:
            name, _, _ = entry["service"].partition("-")
            listed[name][entry["service"]] = (entry["id"], entry["port"])
        for client in self.all:
            self.lost += client.compare(listed[client.name])


# SIGKILL.


def test_acknowledged_changes_survive_sigkill(daemon, seed, figure):
    clients = Clients(seed)
    for cycle in range(500):
        daemon.start()
        clients.compare(daemon)
        if cycle % 50 == 49:
            check_integrity(daemon)
        assert clients.work_until(daemon, daemon.kill) == []
    daemon.start()
    clients.compare(daemon)
    check_integrity(daemon)
    assert clients.lost == []
    assert clients.acknowledged > 5_000, "there was no load"
    figure(
        f"500 times SIGKILL under load of 8 clients, seed {seed}: {clients.acknowledged:,} acknowledged, lost 0",
        f"500 kills, {clients.acknowledged:,} acknowledged, 0 lost",
    )


def test_lost_allocation_is_detected(daemon, seed):
    clients = Clients(seed)
    for _ in range(5):
        clients.compare(daemon.start())
        clients.work_until(daemon, daemon.kill)
    client = clients.all[0]
    name = next(name for name in client.held if name not in client.unanswered)
    with contextlib.closing(sqlite3.connect(os.path.join(daemon.home, "ports.db"))) as database, database:
        database.execute("DELETE FROM allocation WHERE id = ?", [client.held[name][0]])
    clients.compare(daemon.start())
    assert clients.lost == [name]


# Power cuts.


def cut_power(disk, daemon, clients, **how):
    """Starts the daemon, cuts the power under load, and mounts the disk again as it is then."""
    daemon.start(**how)
    clients.compare(daemon)
    # Under strace the daemon is not the started process.
    pid = daemon.client().send("GET", "/v1/status")[1]["pid"]

    def end():
        clients.has_no_power.set()
        disk.cut_power()

    refusals = clients.work_until(daemon, end, most=300)
    clients.has_no_power.clear()
    assert {refusal["code"] for refusal in refusals} <= {"storage_failed"}
    os.kill(pid, signal.SIGKILL)
    daemon.process.wait()
    disk.unmount()
    disk.mount()


def test_acknowledged_changes_survive_a_power_cut(disk, on_disk, seed, figure):
    clients = Clients(seed)
    for cycle in range(50):
        cut_power(disk, on_disk, clients)
        if cycle % 10 == 9:
            on_disk.start()
            clients.compare(on_disk)
            check_integrity(on_disk)
            # A new database must be as durable as one that has existed for long.
            on_disk.remove()
            clients.forget()
    assert clients.lost == []
    assert clients.acknowledged > 1_000, "there was no load"
    figure(
        f"50 power cuts under load of 8 clients, seed {seed}: {clients.acknowledged:,} acknowledged, lost 0",
        f"50 power cuts, {clients.acknowledged:,} acknowledged, 0 lost",
    )


def test_without_syncs_a_power_cut_loses_acknowledged_changes(disk, on_disk, seed, figure):
    clients = Clients(seed)
    cycles = 0
    while not clients.lost and cycles < 20:
        cut_power(disk, on_disk, clients, through=WITHOUT_SYNCS)
        on_disk.start()
        clients.compare(on_disk)
        on_disk.kill()
        cycles += 1
    assert clients.lost
    figure(
        f"the same with syncs suppressed: {len(clients.lost)} of {clients.acknowledged:,} lost in cycle {cycles}",
        f"control: {len(clients.lost)} of {clients.acknowledged:,} lost",
    )
