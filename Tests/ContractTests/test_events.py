"""The event stream, the journal, and the use of the pools."""

import concurrent.futures
import contextlib
import http.client
import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import time

import pytest
from conftest import BINARIES, RECEIVED, Answer, Daemon

NAMES = {"app": "myapp", "instance": "dev", "service": "web"}
IDENTITY = "myapp/dev/web"
READERS = 128
HISTORY = 16384
LISTENER = """
import signal, socket, sys
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print(server.getsockname()[1], flush=True)
signal.pause()
"""


class Event:
    def __init__(self, identifier, name, text):
        self.id = identifier
        self.name = name
        self.text = text
        self.data = json.loads(text)

    def __eq__(self, other):
        return (self.id, self.name, self.text) == (other.id, other.name, other.text)

    def __repr__(self):
        return f"{self.id} {self.name} {self.text[:200]}"


class Reader:
    """Reads a daemon's events, and checks each against the document."""

    def __init__(self, daemon, since=None, over="socket", **headers):
        self.daemon = daemon
        self.connection = http.client.HTTPConnection("127.0.0.1", daemon.port if over == "tcp" else 0)
        self.connection.sock = daemon.connect(over)
        if since is not None:
            headers["Last-Event-ID"] = since
        self.connection.request("GET", "/v1/events", headers=headers)
        self.response = self.connection.getresponse()
        self.status = self.response.status
        body = b"" if self.status == 200 else self.response.read()
        self.answer = Answer(self.status, self.response.headers, body)
        daemon.check("GET", "/v1/events", None, self.answer)

    def line(self):
        line = self.response.readline()
        if not line:
            raise EOFError
        assert line.endswith(b"\n"), "the stream ended within a line"
        return line.decode()[:-1]

    def next(self):
        """Returns the next event. EOFError: the daemon ended the stream cleanly."""
        fields = {}
        heartbeats = 0
        while (line := self.line()) or not fields:
            if line == ": heartbeat":
                heartbeats += 1
                assert heartbeats < 3, "the expected event was not published"
            if line == ": heartbeat" or not line:
                continue
            key, value = line.split(": ", 1)
            assert key in ("id", "event", "data") and key not in fields
            fields[key] = value
        event = Event(fields.get("id"), fields["event"], fields["data"])
        if event.name == "reset":
            assert event.id is None and event.data == {}
            return event
        assert re.fullmatch(r"[0-9a-z]+-\d+", event.id)
        if event.name == "ready":
            assert event.data.keys() == {"version"}
            return event
        assert event.data["type"] == event.name
        self.daemon.validate(event.data, {"$ref": "#/components/schemas/Event"})
        RECEIVED.events.add(event.name)
        return event

    def events(self):
        with contextlib.suppress(EOFError):
            while True:
                yield self.next()

    def until(self, condition, seconds=20):
        """Returns the events up to and with the first one for which the condition is true."""
        deadline = time.monotonic() + seconds
        events = []
        for event in self.events():
            events.append(event)
            if condition(event):
                return events
            assert time.monotonic() < deadline, f"not within {seconds} seconds; the last events: {events[-20:]}"
        raise AssertionError("the stream has ended")

    def expect(self, name, **data):
        """Returns the data of the next event with this name and this data; skips others before it."""
        return self.until(lambda event: event.name == name and event.data.items() >= data.items())[-1].data

    def close(self):
        self.response.close()
        self.connection.close()


@pytest.fixture
def read(daemon):
    """Makes readers that have read up to `ready`: it is their `begin`, and `before` has the events before it."""
    readers = []

    def read(of=daemon, **options):
        readers.append(Reader(of, **options))
        *readers[-1].before, readers[-1].begin = readers[-1].until(lambda event: event.name == "ready")
        return readers[-1]

    yield read
    for reader in readers:
        reader.close()


@pytest.fixture
def fresh():
    """A daemon for this test only."""
    daemon = Daemon()
    yield daemon
    if daemon.process.poll() is None:
        daemon.stop()


def listen(start, port=0):
    """Starts a process that listens. Returns it and its port."""
    process = start(sys.executable, "-c", LISTENER, str(port), stdout=subprocess.PIPE)
    return process, int(process.stdout.readline())


def end(process):
    process.send_signal(signal.SIGKILL)
    process.wait()


def other_project(tmp_path):
    """A project in whose directory this process does not run."""
    return {"root": str(tmp_path), "folder": str(tmp_path)}


def wide(daemon, port):
    return next((item for item in daemon.wide() if item["port"] == port), None)


def make_group(daemon, count, **more):
    """Allocates a group of `count` ports."""
    body = {"app": "many", "instance": "dev", "count": count, "range": "10000-19999", **more}
    answer = daemon.request("POST", "/v1/groups", body)
    assert answer.status == 201
    return answer.json


def release_group(daemon, group):
    assert daemon.request("DELETE", f"/v1/groups/{group['id']}").status == 200


# The stream.


@pytest.mark.parametrize("over", ["socket", "tcp"])
def test_stream_starts_with_ready_and_the_daemon_version(daemon, over):
    reader = Reader(daemon, over=over)
    assert reader.status == 200
    headers = reader.response.headers
    assert (headers["Content-Type"], headers["Cache-Control"]) == ("text/event-stream", "no-store")
    first = reader.next()
    assert (first.name, first.data["version"]) == ("ready", daemon.request("GET", "/v1/status").json["version"])
    daemon.allocate(NAMES)
    assert reader.expect("allocated", service=IDENTITY)
    reader.close()


@pytest.mark.parametrize("over", ["socket", "tcp"])
def test_head_of_the_stream_returns_its_headers(daemon, over):
    answer = daemon.request("HEAD", "/v1/events", over=over)
    assert (answer.status, answer.body) == (200, b"")
    assert (answer.headers["Content-Type"], answer.headers["Cache-Control"]) == ("text/event-stream", "no-store")


def test_heartbeats_keep_an_idle_stream_open(fresh, read):
    reader = read(of=fresh)
    # It comes 15 seconds after the daemon started; other connections are closed after 5 idle seconds.
    while reader.line() != ": heartbeat":
        continue
    port = fresh.allocate(NAMES).json["port"]
    assert reader.expect("allocated", port=port)


def test_event_ids_are_consecutive(daemon, read):
    reader = read()
    daemon.allocate(NAMES)
    daemon.request("DELETE", "/v1/allocations", NAMES)
    ids = [event.id.split("-") for event in reader.until(lambda event: event.name == "released")]
    assert len({epoch for epoch, _ in ids}) == 1
    numbers = [int(number) for _, number in ids]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


# The events, each with the current allocation.


def test_allocated_event_names_the_caller(daemon, read):
    reader = read()
    port = daemon.allocate(dict(NAMES, tags=["näh"], metadata={"path": "\"\\/\N{SNAKE}"})).json["port"]
    event = reader.expect("allocated", port=port)
    assert (event["service"], event["face"], event["caller"]) == (IDENTITY, "registry", f"pid {os.getpid()}")
    assert event["allocation"] == wide(daemon, port)


def test_group_allocation_publishes_one_event_per_port(daemon, read):
    reader = read()
    roles = ["web", "api", "db"]
    made = daemon.request("POST", "/v1/groups", {"app": "myapp", "instance": "dev", "count": 3, "roles": roles}).json
    for part in made["allocations"]:
        event = reader.expect("allocated", port=part["port"])
        assert event["allocation"]["group"] == made["id"] and event["allocation"] == wide(daemon, part["port"])


def test_adoption_publishes_adopted(daemon, read, start):
    reader = read()
    process, port = listen(start)
    assert daemon.allocate(dict(NAMES, port=port, adopt=True)).status == 201
    event = reader.expect("adopted", port=port)
    assert event["allocation"] == wide(daemon, port)
    assert event["allocation"]["state"] == "active"
    assert event["allocation"]["occupiers"][0]["pid"] == process.pid


def test_refused_event_shows_the_allocation_that_has_the_port(daemon, read):
    port = daemon.allocate(NAMES).json["port"]
    reader = read()
    daemon.allocate(dict(NAMES, service="db", port=port))
    event = reader.expect("refused", port=port)
    assert (event["service"], event["reason"]) == ("myapp/dev/db", "port already allocated")
    assert event["allocation"] == wide(daemon, port)


def test_additional_hold_publishes_held(daemon, read):
    port = daemon.allocate(NAMES).json["port"]
    reader = read()
    daemon.allocate(dict(NAMES, ensure=True, face="manager"))
    event = reader.expect("held", port=port)
    assert event["face"] == "manager"
    assert [hold["face"] for hold in event["allocation"]["holds"]] == ["registry", "manager"]


@pytest.mark.parametrize("way", ["a heartbeat", "ensuring again"])
def test_renewal_publishes_renewed(daemon, read, way):
    made = daemon.allocate(dict(NAMES, ttl_seconds=300)).json
    reader = read()
    if way == "a heartbeat":
        assert daemon.request("POST", f"/v1/allocations/{made['id']}/heartbeat").status == 200
    else:
        # Another request renews the hold once a second has passed since the last one.
        last_seen = daemon.wide()[0]["last_seen"]
        daemon.until(lambda: daemon.allocate(dict(NAMES, ttl_seconds=300, ensure=True)).status == 200
                     and daemon.wide()[0]["last_seen"] > last_seen)
    event = reader.expect("renewed", port=made["port"])
    assert event["service"] == IDENTITY
    [hold] = event["allocation"]["holds"]
    assert hold["ttl_seconds"] == 300 and hold["seconds_left"] >= 299


def test_concurrent_renewals_are_published_for_every_port(fresh, read):
    group = make_group(fresh, 1000, ttl_seconds=600)
    reader = read(of=fresh)

    def renew(part):
        assert fresh.request("POST", f"/v1/allocations/{part['id']}/heartbeat").status == 200

    def renew_all():
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            list(pool.map(renew, group["allocations"] * 3))
        fresh.allocate(dict(NAMES, service="first"))

    # Read at the same time: a reader that reads nothing for five seconds is disconnected.
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        renewing = pool.submit(renew_all)
        events = reader.until(lambda event: event.data.get("service") == "myapp/dev/first", seconds=120)
        renewing.result()
    # The event of the first allocation comes with or after the last renewals, that of the second after them.
    fresh.allocate(dict(NAMES, service="second"))
    events += reader.until(lambda event: event.data.get("service") == "myapp/dev/second")
    renewed = [event.data["port"] for event in events if event.name == "renewed"]
    # Renewals of one port that are committed together may be one event.
    assert set(renewed) == {part["port"] for part in group["allocations"]}


def test_release_publishes_released_without_an_allocation(daemon, read):
    port = daemon.allocate(NAMES).json["port"]
    reader = read()
    daemon.request("DELETE", "/v1/allocations", NAMES)
    event = reader.expect("released", port=port)
    assert event["service"] == IDENTITY and "allocation" not in event


def test_forgetting_publishes_forgotten(daemon, read):
    port = daemon.allocate(NAMES).json["port"]
    reader = read()
    daemon.request("DELETE", "/v1/remembered", NAMES)
    event = reader.expect("forgotten", service=IDENTITY)
    assert event["port"] == port and "allocation" not in event


def test_expiry_publishes_expired(daemon, read):
    reader = read()
    port = daemon.allocate(dict(NAMES, ttl_seconds=1)).json["port"]
    assert reader.expect("allocated", port=port)["allocation"]["holds"][0]["ttl_seconds"] == 1
    event = reader.expect("expired", port=port)
    assert event["service"] == IDENTITY and "allocation" not in event


def test_lingering_allocation_publishes_lingers(daemon, read, start):
    reader = read()
    _, port = listen(start)
    daemon.allocate(dict(NAMES, port=port, adopt=True, ttl_seconds=1))
    event = reader.expect("lingers", port=port)
    assert (event["allocation"]["state"], event["allocation"]["holds"]) == ("lingering", [])


def test_service_on_another_port_publishes_drifted(daemon, read, start):
    process, actual = listen(start, daemon.free_block(1))
    reader = read()
    port = daemon.allocate(dict(NAMES, owner_pid=process.pid)).json["port"]
    event = reader.expect("drifted", port=port)
    assert event["allocation"]["actual_port"] == actual and event["allocation"]["verdict"] == "mine"
    assert str(actual) in event["reason"]
    [listener] = daemon.request("GET", f"/v1/listeners?port={actual}").json
    assert listener["allocation"]["port"] == port


def test_second_reader_gets_no_events_of_before(daemon, read):
    first = read()
    before = daemon.allocate(dict(NAMES, ttl_seconds=60)).json["port"]
    second = read()
    later = daemon.allocate(dict(NAMES, service="later", ttl_seconds=60)).json["port"]
    for reader, ports in (first, [before, later]), (second, [later]):
        events = reader.until(lambda event: event.name == "allocated" and event.data["port"] == later)
        assert [event.data["port"] for event in events if event.name == "allocated"] == ports


def test_owner_exit_publishes_owner_exited_and_starts_the_grace_period(daemon, read, start):
    process = start()
    port = daemon.allocate(dict(NAMES, owner_pid=process.pid, grace_seconds=60)).json["port"]
    reader = read()
    end(process)
    event = reader.expect("owner_exited", port=port)
    assert event["service"] == IDENTITY and str(process.pid) in event["reason"]
    [hold] = event["allocation"]["holds"]
    assert (hold["owner_pid"], hold["owner_alive"]) == (process.pid, False) and 59 <= hold["seconds_left"] <= 60


def test_owner_exit_without_grace_publishes_owner_exited_then_expired(daemon, read, start):
    process = start()
    port = daemon.allocate(dict(NAMES, owner_pid=process.pid)).json["port"]
    reader = read()
    end(process)
    events = reader.until(lambda event: event.name == "expired" and event.data["port"] == port)
    of_port = [event for event in events if event.data.get("port") == port]
    assert [event.name for event in of_port] == ["owner_exited", "expired"]
    assert not [event for event in of_port if "allocation" in event.data]


def test_another_process_on_the_port_publishes_conflict_and_moving_publishes_moved(
        daemon, read, start, tmp_path, unique):
    reader = read()
    names = dict(NAMES, app=unique)
    port = daemon.allocate(dict(names, project=other_project(tmp_path))).json["port"]
    process, _ = listen(start, port)
    event = reader.expect("conflict", port=port)
    assert event["service"] == f"{unique}/dev/web" and str(process.pid) in event["reason"]
    assert event["allocation"] == wide(daemon, port) and event["allocation"]["state"] == "conflict"
    moved = daemon.allocate(dict(names, ensure=True, project=other_project(tmp_path))).json
    event = reader.expect("moved", port=moved["port"])
    assert moved["port"] != port and event["allocation"]["id"] == moved["id"]
    assert event["allocation"] == wide(daemon, moved["port"])


def test_kill_publishes_killed(daemon, read, start):
    process, port = listen(start)
    daemon.allocate(dict(NAMES, port=port, adopt=True))
    reader = read()
    assert daemon.request("POST", f"/v1/ports/{port}/kill", {"pid": process.pid}).status == 200
    event = reader.expect("killed", port=port)
    assert str(process.pid) in event["reason"] and "SIGTERM" in event["reason"]
    assert event["allocation"] == wide(daemon, port) and event["allocation"]["state"] == "reserved"


@pytest.mark.parametrize("is_allocated", [False, True])
def test_listener_publishes_appeared_and_gone(daemon, read, start, is_allocated):
    port = daemon.allocate(NAMES).json["port"] if is_allocated else 0
    reader = read()
    process, port = listen(start, port)
    event = reader.expect("listener_appeared", port=port)
    [listener] = daemon.request("GET", f"/v1/listeners?port={port}").json
    assert event["listener"] == listener and listener["processes"][0]["pid"] == process.pid
    assert event.get("allocation") == (wide(daemon, port) if is_allocated else None)
    end(process)
    event = reader.expect("listener_gone", port=port)
    assert event.get("allocation") == (wide(daemon, port) if is_allocated else None)
    assert not is_allocated or event["allocation"]["state"] == "reserved"


def test_new_daemon_publishes_listener_appeared(fresh, read, start):
    reader = read(of=fresh)
    _, port = listen(start)
    assert reader.expect("listener_appeared", port=port)


def test_changes_by_an_embedding_program_are_published(daemon, read):
    reader = read()
    output = subprocess.run(
        [BINARIES / "registry-embedder", "allocate", "embedded", "20", "4000", "4999"], check=True,
        env=dict(os.environ, PORT_SERVER_HOME=daemon.home), stdout=subprocess.PIPE, text=True,
    ).stdout
    made = dict(line.split() for line in output.splitlines())
    assert len(made) == 20
    for service, port in made.items():
        event = reader.expect("allocated", service=service)
        assert (event["port"], event["face"]) == (int(port), "manager")
        assert event["allocation"] == wide(daemon, int(port))
    daemon.mentioned.update(tuple(service.split("/")) for service in made)


# Several readers, and resuming a stream.


def change(daemon):
    """Makes some changes; the last one is the release of the marker."""
    for number in range(10):
        names = dict(NAMES, service=f"s{number}", ttl_seconds=300)
        daemon.allocate(names)
        daemon.allocate(dict(names, ensure=True))
    daemon.request("DELETE", "/v1/allocations", dict(NAMES, service="s0"))
    daemon.allocate(dict(NAMES, service="marker"))
    daemon.request("DELETE", "/v1/allocations", dict(NAMES, service="marker"))


def is_marker(event):
    return event.name == "released" and event.data["service"] == "myapp/dev/marker"


def number(event):
    return int(event.id.split("-")[1])


def test_all_readers_receive_the_same_events(daemon, read):
    readers = [read(over=over) for over in ("socket", "socket", "tcp")]
    change(daemon)
    # Readers that started later do not receive earlier events.
    begin = max(number(reader.begin) for reader in readers)
    received = [[event for event in reader.until(is_marker) if number(event) > begin] for reader in readers]
    assert len(received[0]) >= 13
    assert received == [received[0]] * 3


def test_reconnecting_reader_receives_exactly_the_missed_events(daemon, read):
    witness, reader = read(), read()
    daemon.allocate(NAMES)
    last = reader.until(lambda event: event.name == "allocated")[-1]
    reader.close()
    change(daemon)
    received = witness.until(is_marker)
    missed = received[received.index(last) + 1:]
    assert len(missed) >= 13
    for place, event in enumerate([last, *missed]):
        again = read(since=event.id)
        assert again.before[:len(missed) - place] == missed[place:]
    daemon.allocate(dict(NAMES, service="later"))
    assert again.expect("allocated", service="myapp/dev/later")


def test_reader_can_resume_from_the_id_of_ready(daemon, read):
    reader = read()
    reader.close()
    daemon.allocate(NAMES)
    again = read(since=reader.begin.id)
    # The event may have been published before or after the new stream started.
    names = [event.name for event in again.before]
    assert "allocated" in names or again.expect("allocated", service=IDENTITY)
    assert "reset" not in names


def test_empty_last_event_id_is_ignored(read):
    assert read(since="").before == []


NONSENSE = ["x", "1", "-", "--", "-1", "x-1", "{epoch}", "{epoch}-", "{epoch}-x", "{epoch}--1", "{epoch}-1-1", "0-0",
            "{epoch}-99999999", "{epoch}-9223372036854775807", "{epoch}-9223372036854775808", "{epoch}-1.0", "\xe9-1",
            "x" * 5000]


@pytest.mark.parametrize("text", NONSENSE, ids=range(len(NONSENSE)))
def test_invalid_last_event_id_causes_a_reset(daemon, read, text):
    epoch = read().begin.id.split("-")[0]
    reader = read(since=text.replace("{epoch}", epoch))
    assert [event.name for event in reader.before] == ["reset"]
    daemon.allocate(NAMES)
    assert reader.expect("allocated", service=IDENTITY)


def test_last_event_id_of_another_daemon_causes_a_reset(daemon, read, fresh):
    other = read(of=fresh)
    fresh.allocate(NAMES)
    last = other.until(lambda event: event.name == "allocated")[-1]
    assert [event.name for event in read(since=last.id).before] == ["reset"]
    other.close()


def test_last_16384_events_can_be_resumed_and_older_ids_cause_a_reset(fresh, read):
    reader = read(of=fresh)
    received = []
    for _ in range(9):
        group = make_group(fresh, 1000)
        release_group(fresh, group)
        last = group["allocations"][-1]["port"]
        received += reader.until(lambda event: event.name == "released" and event.data["port"] == last)
    assert len(received) > HISTORY + 1
    for missed in (1, HISTORY - 1, HISTORY, HISTORY + 1, len(received) - 1):
        since = received[-1 - missed]
        again = read(of=fresh, since=since.id)
        # Other processes of this machine may have caused further events.
        if number(again.begin) - number(since) <= HISTORY:
            assert again.before[:missed] == received[-missed:]
        else:
            assert [event.name for event in again.before] == ["reset"]
        again.close()
    assert [event.name for event in again.before] == ["reset"]
    reader.close()


# Many readers, slow readers, and the end of a stream.


def test_batch_larger_than_one_read_is_delivered_completely(fresh, read):
    begin = read(of=fresh)
    witness = read(of=fresh)
    metadata = {f"key{number}": "x" * 1000 for number in range(32)}
    last = make_group(fresh, 300, metadata=metadata)["allocations"][-1]["port"]
    received = witness.until(lambda event: event.data["port"] == last)
    assert sum(event.name == "allocated" for event in received) == 300
    # Other processes of this machine may have caused further events.
    assert read(of=fresh, since=begin.begin.id).before[:len(received)] == received


def test_batch_larger_than_the_history_causes_a_reset(fresh, read):
    begin = read(of=fresh).begin
    metadata = {f"key{number}": "x" * 1000 for number in range(32)}
    group = make_group(fresh, 600, metadata=metadata)
    release_group(fresh, group)
    witness = read(of=fresh, since=begin.id)
    assert [event.name for event in witness.before] == ["reset"]
    fresh.allocate(NAMES)
    assert witness.expect("allocated", service=IDENTITY)


@pytest.fixture
def crowd(fresh):
    """As many readers of `fresh` as the daemon serves, half of them over TCP."""
    readers = [Reader(fresh, over=("socket", "tcp")[number % 2]) for number in range(READERS)]
    assert [reader.next().name for reader in readers] == ["ready"] * READERS
    yield readers
    for reader in readers:
        reader.close()


def join(daemon, readers):
    """Adds a reader if the daemon serves one more. Returns whether it does."""
    reader = Reader(daemon)
    if reader.status == 200:
        readers.append(reader)
    else:
        assert (reader.status, reader.answer.json["code"]) == (503, "too_many_readers")
        reader.close()
    return reader.status == 200


def test_128_readers_are_served_and_the_129th_is_503(fresh, crowd):
    assert not join(fresh, crowd)
    port = fresh.allocate(NAMES).json["port"]
    for reader in crowd:
        assert reader.expect("allocated", port=port)
    # A HEAD request needs no slot.
    assert fresh.request("HEAD", "/v1/events").status == 200


@pytest.mark.parametrize("over", ["socket", "tcp"])
def test_closed_reader_frees_its_slot(fresh, crowd, over):
    assert not join(fresh, crowd)
    # The daemon notices it without an event that it would send.
    crowd.pop(("socket", "tcp").index(over)).close()
    fresh.until(lambda: join(fresh, crowd))
    assert not join(fresh, crowd)


def test_all_slots_are_free_after_all_readers_closed(fresh, crowd):
    while crowd:
        crowd.pop().close()
    fresh.allocate(NAMES)
    for _ in range(READERS):
        fresh.until(lambda: join(fresh, crowd), seconds=20)
    assert not join(fresh, crowd)


class Stalled:
    """A client that requests events and never reads."""

    def __init__(self, daemon):
        self.socket = daemon.connect()
        self.socket.sendall(b"GET /v1/events HTTP/1.1\r\nHost: x\r\n\r\n")
        self.poll = select.poll()
        self.poll.register(self.socket, select.POLLRDHUP)

    def is_disconnected(self, within=0):
        return bool(self.poll.poll(within * 1000))

    def ids(self):
        """Returns the ids of the events that arrived before it was disconnected."""
        text = b""
        with contextlib.suppress(ConnectionResetError):
            while more := self.socket.recv(1 << 20):
                text += more
        return re.findall(r"id: (\S+)\nevent: .*\ndata: .*\n\n", text.decode())


def test_stalled_reader_is_disconnected_and_does_not_delay_others(fresh, read):
    def allocate(number):
        return fresh.allocate(dict(NAMES, service=f"s{number}", range="10000-19999")).json["port"]

    reader = read(of=fresh)
    ports = [allocate(number) for number in range(500)]
    stalled = Stalled(fresh)
    with concurrent.futures.ThreadPoolExecutor() as pool:
        reading = pool.submit(reader.until, lambda event: event.data.get("service") == "myapp/dev/s2499", seconds=120)
        ports += [allocate(number) for number in range(500, 2500)]
        received = reading.result(timeout=120)
    assert [event.data["port"] for event in received if event.name == "allocated"] == ports
    first = number(received[0])
    assert [number(event) for event in received] == list(range(first, first + len(received)))

    assert stalled.is_disconnected(within=20)
    fresh.allocate(dict(NAMES, service="later"))
    received += reader.until(lambda event: event.data.get("service") == "myapp/dev/later")
    # It can resume the stream and receives everything that it missed.
    *_, last = stalled.ids()
    ids = [event.id for event in received]
    missed = received[ids.index(last) + 1:]
    assert len(missed) > 1000
    assert read(of=fresh, since=last).before[:len(missed)] == missed


def stop(daemon):
    """Ends the daemon with SIGTERM."""
    daemon.process.send_signal(signal.SIGTERM)
    assert daemon.process.wait(timeout=20) == 0
    shutil.rmtree(daemon.home)


def test_streams_end_cleanly_when_the_daemon_stops(fresh, read):
    readers = [read(of=fresh, over=over) for over in ("socket", "tcp") * 20]
    port = fresh.allocate(NAMES).json["port"]
    for reader in readers:
        reader.expect("allocated", port=port)
    stop(fresh)
    for reader in readers:
        # A connection that is cut instead of ended raises another error than EOFError.
        assert not [event for event in reader.events() if event.data.get("service")]


def test_stalled_reader_does_not_delay_shutdown(fresh, read):
    reader, stalled = read(of=fresh), Stalled(fresh)
    group = make_group(fresh, 1000)
    reader.expect("allocated", port=group["allocations"][-1]["port"])
    assert not stalled.is_disconnected()
    stop(fresh)


# Who is served.

REFUSED = {
    "a rebound name": "Host: evil.example:{port}",
    "our address without port": "Host: 127.0.0.1",
    "another port": "Host: 127.0.0.1:1",
    "a subdomain of localhost": "Host: evil.localhost:{port}",
    "no host": "X: x",
    "two hosts": "Host: {own}\r\nHost: {own}",
    "a foreign origin": "Host: {own}\r\nOrigin: http://evil.example",
    "a null origin": "Host: {own}\r\nOrigin: null",
    "a neighbour's origin": "Host: {own}\r\nOrigin: http://127.0.0.1:3000",
    "our origin, but secure": "Host: {own}\r\nOrigin: https://{own}",
}


def status(daemon, headers, path, over="tcp"):
    headers = headers.replace("{own}", f"127.0.0.1:{daemon.port}").replace("{port}", str(daemon.port))
    return daemon.raw(f"GET {path} HTTP/1.1\r\n{headers}\r\n\r\n".encode(), over=over)


@pytest.mark.parametrize("path", ["/v1/events", "/v1/journal", "/v1/pools"])
@pytest.mark.parametrize("case", REFUSED)
def test_foreign_web_pages_are_refused(daemon, path, case):
    assert status(daemon, REFUSED[case], path) == 403


@pytest.mark.parametrize("path", ["/v1/events", "/v1/journal", "/v1/pools"])
def test_own_pages_are_served(daemon, path):
    for headers in ("Host: {own}", "Host: {own}\r\nOrigin: http://{own}", "Host: localhost:{port}"):
        assert status(daemon, headers, path) == 200
    assert status(daemon, "Host: x", path, over="socket") == 200
    assert status(daemon, "Host: {own}\r\nOrigin: http://{own}", path, over="socket") == 403


# The journal.


def journal(daemon, query=""):
    answer = daemon.request("GET", f"/v1/journal{query}")
    assert answer.status == 200
    return answer.json


def test_journal_lists_newest_entries_first(daemon):
    port = daemon.allocate(dict(NAMES, port=daemon.lowest_free(25432))).json["port"]
    daemon.allocate(dict(NAMES, app="other", port=port))
    daemon.request("DELETE", "/v1/allocations", NAMES)
    entries = journal(daemon)[:3]
    assert [entry["action"] for entry in entries] == ["released", "refused", "allocated"]
    assert entries[1]["reason"] == "port already allocated" and entries[1]["service"] == "other/dev/web"
    assert entries == daemon.request("GET", f"/v1/ports/{port}/journal").json[:3]


def test_journal_records_an_owner_exit(daemon, start):
    process = start()
    daemon.allocate(dict(NAMES, owner_pid=process.pid))
    end(process)
    daemon.until(lambda: daemon.listing() == [])
    assert [entry["action"] for entry in journal(daemon, "?limit=3")] == ["expired", "owner_exited", "allocated"]


def test_journal_returns_the_requested_number_of_entries(daemon):
    release_group(daemon, make_group(daemon, 60))
    entries = journal(daemon, "?limit=1000")
    assert 120 <= len(entries) <= 1000
    for query, count in {"": 100, "?limit=1": 1, "?limit=119": 119, "?other=1": 100}.items():
        assert journal(daemon, query) == entries[:count]


@pytest.mark.parametrize("limit", ["0", "1001", "-1", "x", "1.5", "", "%20", "99999999999999999999"])
def test_invalid_journal_limit_is_400(daemon, limit):
    answer = daemon.request("GET", f"/v1/journal?limit={limit}")
    assert (answer.status, answer.json["code"]) == (400, "invalid_request")
    assert daemon.request("HEAD", f"/v1/journal?limit={limit}").status == 400


# The pools.


def pools(daemon):
    found = daemon.request("GET", "/v1/pools").json
    for pool in found:
        assert pool["free"] == pool["usable"] - pool["allocated"] >= 0
    return {pool["face"]: pool for pool in found}


def test_each_face_has_its_own_pool(daemon):
    found = pools(daemon)
    assert list(found) == ["registry", "leases", "projects", "manager"]
    assert found["leases"] == {"face": "leases", "ranges": "8000-9000", "usable": 1001, "allocated": 0, "free": 1001}
    # Excluded ports, such as 3306 and 3389, are not counted: the registry never chooses them.
    assert found["manager"]["ranges"] == "3000-3999" and found["manager"]["usable"] < 1000


def test_pool_counts_allocations_of_every_face(daemon_with_two_leases):
    daemon = daemon_with_two_leases

    def leases():
        return [pools(daemon)["leases"][part] for part in ("ranges", "usable", "allocated", "free")]

    first = daemon.first_lease
    ranges = f"{first}-{first + 1}"
    assert leases() == [ranges, 2, 0, 2]
    # An allocated port counts in every pool that contains it, whatever the face of its holds.
    others = {face: pool["allocated"] for face, pool in pools(daemon).items()}
    assert daemon.allocate(dict(NAMES, port=first + 1)).status == 201
    assert leases() == [ranges, 2, 1, 1]
    assert pools(daemon)["registry"]["allocated"] == others["registry"] + 1
    assert pools(daemon)["manager"]["allocated"] == others["manager"]
    daemon.allocate(dict(NAMES, service="db", port=daemon.lowest_free(9500)))
    assert leases() == [ranges, 2, 1, 1]
    assert daemon.allocate(dict(NAMES, service="api", face="leases")).json["port"] == first
    assert leases() == [ranges, 2, 2, 0]


def test_head_of_journal_and_pools_returns_the_headers_of_get(daemon):
    for path in ("/v1/journal", "/v1/pools"):
        get, head = daemon.request("GET", path), daemon.request("HEAD", path)
        assert (get.status, head.status, head.body) == (200, 200, b"")
        assert head.headers["Content-Length"] == get.headers["Content-Length"]
