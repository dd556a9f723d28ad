"""Promise 3: on a full disk queries are answered, changes are refused, and no change is half done."""

import collections
import concurrent.futures
import random
import signal
import socket
import subprocess
import sys

import pytest
from conftest import check_integrity, wait_until

NAMES = {"app": "shop", "instance": "main"}
LISTENER = """
import signal, socket
server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1], flush=True)
signal.pause()
"""


def allocate(daemon, service, **more):
    status, body = daemon.client().send("POST", "/v1/allocations", {**NAMES, "service": service, **more})
    assert status == 201, body
    return body


def listed(daemon):
    """Returns the ports of all services, by name."""
    status, body = daemon.client().send("GET", "/v1/allocations")
    assert status == 200, body
    return {entry["service"]: entry["port"] for entry in body}


def refused(status, body):
    """Whether an answer is a refusal with the reason."""
    return status == 503 and body["code"] == "storage_failed" and "disk is full" in body["error"] and bool(body["hint"])


@pytest.fixture
def owner():
    process = subprocess.Popen(["sleep", "1000"])
    yield process
    process.kill()
    process.wait()


@pytest.fixture
def daemon(disk, on_disk):
    """A daemon with an allocation `web`."""
    on_disk.start()
    allocate(on_disk, "web")
    return on_disk


def fill(disk, daemon):
    """Fills the disk until the daemon grants nothing. Returns how many it granted on the full disk before that."""
    disk.fill()
    for count in range(100_000):
        status, body = daemon.client().send("POST", "/v1/allocations", {**NAMES, "service": f"late{count}"})
        if status != 201:
            assert refused(status, body), body
            return count
    raise AssertionError("a full disk refuses nothing")


# While the disk is full.


QUERIES = [
    "/v1/allocations", "/v1/allocations?wide=true", "/v1/services/shop%2Fmain%2Fweb", "/v1/ports/3000",
    "/v1/ports/3000/journal", "/v1/journal", "/v1/listeners", "/v1/groups", "/v1/pools", "/v1/status",
    "/v1/diagnosis", "/healthz", "/list", "/lookup?service=web", "/ports/active", "/health",
]  # fmt: skip


def test_full_disk_still_answers_queries(disk, daemon, figure):
    fill(disk, daemon)
    answers = {query: daemon.client().send("GET", query) for query in QUERIES}
    assert {query: answer for query, answer in answers.items() if answer[0] != 200} == {}
    assert answers["/lookup?service=web"][1]["port"] == answers["/v1/services/shop%2Fmain%2Fweb"][1]["port"] == 3000
    figure(f"on a full disk: {len(QUERIES)} kinds of queries answered", f"{len(QUERIES)} kinds of queries answered")


def test_full_disk_command_line_still_answers_queries(disk, daemon, figure):
    fill(disk, daemon)
    assert daemon.portctl("lookup", "shop/main/web").stdout == "3000\n"
    assert "shop" in daemon.portctl("list", "--all").stdout
    assert "shop/main/web" in daemon.portctl("check", "--port", "3000").stdout
    figure("on a full disk: lookup, list and check answer", "lookup, list and check answer")


def test_full_disk_refuses_every_change_with_the_reason(disk, daemon, figure):
    lease = daemon.client().send("POST", "/alloc", {"service_name": "lease"})[1]["port"]
    web = daemon.client().send("GET", "/v1/allocations?service=web")[1][0]
    group = daemon.client().send("POST", "/v1/groups", {**NAMES, "count": 2})[1]["id"]
    fill(disk, daemon)
    before = listed(daemon)
    changes = [
        ("POST", "/v1/allocations", {**NAMES, "service": "new"}),
        ("POST", "/v1/allocations", {**NAMES, "service": "web", "further": True}),
        ("POST", "/v1/reservations", {**NAMES, "service": "new", "port": 4000}),
        ("POST", "/v1/groups", {**NAMES, "count": 3}),
        ("POST", "/alloc", {"service_name": "new"}),
        ("POST", "/ports/request", {"project": "new"}),
        ("DELETE", f"/v1/allocations/{web['id']}", None),
        ("DELETE", "/v1/allocations", {"port": 3000}),
        ("DELETE", "/v1/services/shop%2Fmain%2Fweb", None),
        ("DELETE", "/v1/remembered", {**NAMES, "service": "web"}),
        ("DELETE", f"/v1/groups/{group}", None),
        ("DELETE", "/v1/holds", {"face": "registry"}),
        ("DELETE", "/ports/release", {"port": 3000}),
        ("POST", "/release", {"port": lease}),
        ("POST", "/heartbeat", {"port": lease}),
    ]
    answers = {(method, path): daemon.client().send(method, path, body) for method, path, body in changes}
    assert {change: answer for change, answer in answers.items() if not refused(*answer)} == {}
    assert listed(daemon) == before
    for words in (["port", "shop/main/new"], ["release", "shop/main/web"]):
        command = daemon.portctl(*words)
        assert command.returncode == 1 and "disk is full" in command.stderr and command.stdout == ""
    figure(
        f"on a full disk: {len(changes)} kinds of changes refused with the reason, none of them made",
        f"{len(changes)} kinds of changes refused, 0 made",
    )


def test_full_disk_kill_works_and_is_reported(disk, daemon, figure):
    listener = subprocess.Popen([sys.executable, "-c", LISTENER], stdout=subprocess.PIPE, text=True)
    port = int(listener.stdout.readline())
    fill(disk, daemon)
    answer = daemon.client().send("POST", f"/v1/ports/{port}/kill", {"pid": listener.pid})
    assert listener.wait(timeout=10) == -signal.SIGTERM
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))
    assert answer[0] == 200, f"the process was ended, but the answer is {answer}"
    figure("on a full disk: kill works and is reported", "the kill works and is reported")


# When the disk becomes full, and when space returns.


def change(connection, chance, held, service):
    """Releases a service, or allocates one or three. `held` has the acknowledged ones. Returns whether it succeeded."""
    choice = chance.random()
    if choice < 0.3 and held:
        released = chance.choice(list(held))
        status, body = connection.send("DELETE", f"/v1/allocations/{held[released]['id']}")
        if status == 200:
            del held[released]
    elif choice < 0.5:
        roles = [f"{service}-{part}" for part in "abc"]
        status, body = connection.send("POST", "/v1/groups", {**NAMES, "count": 3, "roles": roles})
        if status == 201:
            held.update({part["service"]: part for part in body["allocations"]})
    else:
        status, body = connection.send("POST", "/v1/allocations", {**NAMES, "service": service})
        if status == 201:
            held[service] = body
    assert status in (200, 201) or refused(status, body), body
    return status < 300


def test_no_change_is_half_done_when_the_disk_fills_up(disk, daemon, seed, figure):
    def work(name):
        connection, outcomes, held = daemon.client(), collections.Counter(), {}
        chance = random.Random(f"{seed} {name}")
        while outcomes[False] < 20:
            outcomes[change(connection, chance, held, f"{name}-{outcomes.total()}")] += 1
        return outcomes, {service: part["port"] for service, part in held.items()}

    # Enough for SQLite to copy its log into the database and to use it again.
    disk.fill(leaving=5 << 20)
    with concurrent.futures.ThreadPoolExecutor(8) as threads:
        outcomes, held = zip(*threads.map(work, [f"client{number}" for number in range(8)]))
    expected = {"web": 3000} | dict(collections.ChainMap(*held))
    assert listed(daemon) == expected
    disk.make_space()
    assert listed(daemon) == expected
    daemon.kill()
    daemon.start()
    assert listed(daemon) == expected
    check_integrity(daemon)
    counts = sum(outcomes, collections.Counter())
    figure(
        f"a disk became full under load of 8 clients, seed {seed}: {counts[True]:,} acknowledged and there, "
        f"{counts[False]} refused and not there",
        f"{counts[True]:,} acknowledged and kept, {counts[False]} refused",
    )


def test_changes_work_again_once_space_returns(disk, daemon, figure):
    late = fill(disk, daemon)
    disk.make_space()
    allocate(daemon, "new")
    web = daemon.client().send("GET", "/v1/allocations?service=web")[1][0]
    assert daemon.client().send("DELETE", f"/v1/allocations/{web['id']}")[0] == 200
    expected = {"new": 3001 + late} | {f"late{number}": 3001 + number for number in range(late)}
    assert listed(daemon) == expected
    daemon.kill()
    daemon.start()
    assert listed(daemon) == expected
    check_integrity(daemon)
    figure(
        "space returned: grants and releases at once, without a restart", "grants and releases without a restart"
    )


def test_holds_that_end_on_a_full_disk_are_removed_once_space_returns(disk, daemon, owner, figure):
    allocate(daemon, "owned", owner_pid=owner.pid)
    allocate(daemon, "timed", ttl_seconds=1)
    fill(disk, daemon)
    owner.kill()
    owner.wait()
    wait_until(lambda: seconds_left(daemon, "timed") == 0, "the end of its time")
    assert {"web", "owned", "timed"} <= set(listed(daemon)), "nothing can be written, so all of it is still there"
    assert refused(*daemon.client().send("POST", "/alloc", {"service_name": "new"}))
    disk.make_space()
    assert {"owned", "timed"}.isdisjoint(listed(daemon))
    figure(
        "an owner's exit and a time to live that ended on a full disk: removed with the first query after it",
        "removed with the first query after it",
    )


def seconds_left(daemon, service):
    listing = daemon.client().send("GET", f"/v1/allocations?service={service}&wide=true")[1]
    return listing[0]["holds"][0]["seconds_left"]


# Starting on a full disk.


@pytest.mark.parametrize("disk", [4096, 1024], indirect=True, ids=["blocks of 4 KB", "blocks of 1 KB"])
@pytest.mark.parametrize("has_expired", [False, True], ids=["nothing expired", "one hold expired"])
@pytest.mark.parametrize("before", ["killed on it", "stopped on it", "stopped before"])
def test_daemon_started_on_a_full_disk_answers(disk, daemon, owner, before, has_expired, request, figure):
    allocate(daemon, "owned", owner_pid=owner.pid)
    if before == "stopped before":
        daemon.stop()
        disk.fill()
    else:
        fill(disk, daemon)
        daemon.kill() if before == "killed on it" else daemon.stop()
    if has_expired:
        owner.kill()
        owner.wait()
    daemon.start()
    assert listed(daemon)["web"] == 3000
    assert refused(*daemon.client().send("POST", "/alloc", {"service_name": "new"}))
    disk.make_space()
    allocate(daemon, "new")
    assert ("owned" in listed(daemon)) == (not has_expired)
    figure(
        f"a daemon that starts on a full disk ({request.node.callspec.id}): lists, refuses, and grants once space returns",
        "lists, refuses, grants once space returns",
    )
