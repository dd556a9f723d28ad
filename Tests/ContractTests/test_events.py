"""What happens, told as it happens; what happened; and how full the pools are."""

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
from conftest import BINARIES, Answer, Daemon

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
    """Reads a daemon's events, and holds each against the document."""

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
        """The next event; EOFError when the daemon ends the stream in good order."""
        fields = {}
        beats = 0
        while (line := self.line()) or not fields:
            if line == ": heartbeat":
                beats += 1
                assert beats < 3, "it was not told"
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
        self.daemon.told_of.add(event.name)
        return event

    def events(self):
        with contextlib.suppress(EOFError):
            while True:
                yield self.next()

    def until(self, condition, seconds=20):
        """What comes until `condition` is true of an event, and it too."""
        deadline = time.monotonic() + seconds
        events = []
        for event in self.events():
            events.append(event)
            if condition(event):
                return events
            assert time.monotonic() < deadline, f"it was not told in {seconds} seconds, but {events[-20:]}"
        raise AssertionError("the stream has ended")

    def expect(self, name, **data):
        """The next event of this name that has this data, whatever comes before it."""
        return self.until(lambda event: event.name == name and event.data.items() >= data.items())[-1].data

    def close(self):
        self.response.close()
        self.connection.close()


@pytest.fixture
def read(daemon):
    """Makes readers, of `daemon` unless said, that have read to `ready`: their `begin`, and what came `before` it."""
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
    """A daemon that nobody else has asked for anything."""
    daemon = Daemon()
    yield daemon
    if daemon.process.poll() is None:
        daemon.stop()


def listen(start, port=0):
    """A process that listens, and its port."""
    process = start(sys.executable, "-c", LISTENER, str(port), stdout=subprocess.PIPE)
    return process, int(process.stdout.readline())


def end(process):
    process.send_signal(signal.SIGKILL)
    process.wait()


def elsewhere(tmp_path):
    """A project that this process does not run in."""
    return {"root": str(tmp_path), "folder": str(tmp_path)}


def wide(daemon, port):
    return next((item for item in daemon.wide() if item["port"] == port), None)


def together(daemon, count, **more):
    """A group of so many."""
    body = {"app": "many", "instance": "dev", "count": count, "range": "10000-19999", **more}
    answer = daemon.request("POST", "/v1/groups", body)
    assert answer.status == 201
    return answer.json


def dissolve(daemon, group):
    assert daemon.request("DELETE", f"/v1/groups/{group['id']}").status == 200


# The stream.


@pytest.mark.parametrize("over", ["socket", "tcp"])
def test_a_stream_begins_with_ready_and_the_daemon_s_version(daemon, over):
    reader = Reader(daemon, over=over)
    assert reader.status == 200
    headers = reader.response.headers
    assert (headers["Content-Type"], headers["Cache-Control"]) == ("text/event-stream", "no-store")
    first = reader.next()
    assert (first.name, first.data["version"]) == ("ready", daemon.request("GET", "/v1/status").json["version"])
    daemon.ask(NAMES)
    assert reader.expect("allocated", service=IDENTITY)
    reader.close()


@pytest.mark.parametrize("over", ["socket", "tcp"])
def test_the_head_of_a_stream_is_its_headers(daemon, over):
    answer = daemon.request("HEAD", "/v1/events", over=over)
    assert (answer.status, answer.body) == (200, b"")
    assert (answer.headers["Content-Type"], answer.headers["Cache-Control"]) == ("text/event-stream", "no-store")


def test_a_stream_without_events_lives_by_its_heartbeats(fresh, read):
    reader = read(of=fresh)
    # It comes 15 seconds after the daemon, and other connections may be idle for 5.
    while reader.line() != ": heartbeat":
        continue
    port = fresh.ask(NAMES).json["port"]
    assert reader.expect("allocated", port=port)


def test_ids_count(daemon, read):
    reader = read()
    daemon.ask(NAMES)
    daemon.request("DELETE", "/v1/allocations", NAMES)
    ids = [event.id.split("-") for event in reader.until(lambda event: event.name == "released")]
    assert len({epoch for epoch, _ in ids}) == 1
    numbers = [int(number) for _, number in ids]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


# What is told, each with the allocation as it is now.


def test_an_allocation_is_told_with_who_asked(daemon, read):
    reader = read()
    port = daemon.ask(dict(NAMES, tags=["näh"], metadata={"path": "\"\\/\N{SNAKE}"})).json["port"]
    event = reader.expect("allocated", port=port)
    assert (event["service"], event["face"], event["caller"]) == (IDENTITY, "registry", f"pid {os.getpid()}")
    assert event["allocation"] == wide(daemon, port)


def test_a_group_is_told_port_by_port(daemon, read):
    reader = read()
    roles = ["web", "api", "db"]
    made = daemon.request("POST", "/v1/groups", {"app": "myapp", "instance": "dev", "count": 3, "roles": roles}).json
    for part in made["allocations"]:
        event = reader.expect("allocated", port=part["port"])
        assert event["allocation"]["group"] == made["id"] and event["allocation"] == wide(daemon, part["port"])


def test_an_adoption_is_told(daemon, read, start):
    reader = read()
    process, port = listen(start)
    assert daemon.ask(dict(NAMES, port=port, adopt=True)).status == 201
    event = reader.expect("adopted", port=port)
    assert event["allocation"] == wide(daemon, port)
    assert event["allocation"]["state"] == "active"
    assert event["allocation"]["occupiers"][0]["pid"] == process.pid


def test_a_refusal_is_told_with_the_one_that_has_the_port(daemon, read):
    port = daemon.ask(NAMES).json["port"]
    reader = read()
    daemon.ask(dict(NAMES, service="db", port=port))
    event = reader.expect("refused", port=port)
    assert (event["service"], event["reason"]) == ("myapp/dev/db", "port already allocated")
    assert event["allocation"] == wide(daemon, port)


def test_a_further_hold_is_told(daemon, read):
    port = daemon.ask(NAMES).json["port"]
    reader = read()
    daemon.ask(dict(NAMES, ensure=True, face="manager"))
    event = reader.expect("held", port=port)
    assert event["face"] == "manager"
    assert [hold["face"] for hold in event["allocation"]["holds"]] == ["registry", "manager"]


@pytest.mark.parametrize("way", ["a heartbeat", "asking again"])
def test_a_renewal_is_told(daemon, read, way):
    made = daemon.ask(dict(NAMES, ttl_seconds=300)).json
    reader = read()
    if way == "a heartbeat":
        assert daemon.request("POST", f"/v1/allocations/{made['id']}/heartbeat").status == 200
    else:
        # It counts as one when the last was a second ago.
        last_seen = daemon.wide()[0]["last_seen"]
        daemon.until(lambda: daemon.ask(dict(NAMES, ttl_seconds=300, ensure=True)).status == 200
                     and daemon.wide()[0]["last_seen"] > last_seen)
    event = reader.expect("renewed", port=made["port"])
    assert event["service"] == IDENTITY
    [hold] = event["allocation"]["holds"]
    assert hold["ttl_seconds"] == 300 and hold["seconds_left"] >= 299


def test_every_renewal_of_many_at_once_is_told(fresh, read):
    group = together(fresh, 1000, ttl_seconds=600)
    reader = read(of=fresh)

    def renew(part):
        assert fresh.request("POST", f"/v1/allocations/{part['id']}/heartbeat").status == 200

    def renew_all():
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            list(pool.map(renew, group["allocations"] * 3))
        fresh.ask(dict(NAMES, service="first"))

    # Read meanwhile: who reads nothing for five seconds is cut off.
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        renewing = pool.submit(renew_all)
        told = reader.until(lambda event: event.data.get("service") == "myapp/dev/first", seconds=120)
        renewing.result()
    # The first is told with or after the last renewals, and the second after them.
    fresh.ask(dict(NAMES, service="second"))
    told += reader.until(lambda event: event.data.get("service") == "myapp/dev/second")
    renewed = [event.data["port"] for event in told if event.name == "renewed"]
    # Several of one within a piece may be told as one.
    assert set(renewed) == {part["port"] for part in group["allocations"]}


def test_a_release_is_told_and_nobody_has_the_port(daemon, read):
    port = daemon.ask(NAMES).json["port"]
    reader = read()
    daemon.request("DELETE", "/v1/allocations", NAMES)
    event = reader.expect("released", port=port)
    assert event["service"] == IDENTITY and "allocation" not in event


def test_forgetting_is_told(daemon, read):
    port = daemon.ask(NAMES).json["port"]
    reader = read()
    daemon.request("DELETE", "/v1/remembered", NAMES)
    event = reader.expect("forgotten", service=IDENTITY)
    assert event["port"] == port and "allocation" not in event


def test_an_expiry_is_told(daemon, read):
    reader = read()
    port = daemon.ask(dict(NAMES, ttl_seconds=1)).json["port"]
    assert reader.expect("allocated", port=port)["allocation"]["holds"][0]["ttl_seconds"] == 1
    event = reader.expect("expired", port=port)
    assert event["service"] == IDENTITY and "allocation" not in event


def test_an_allocation_that_lingers_is_told(daemon, read, start):
    reader = read()
    _, port = listen(start)
    daemon.ask(dict(NAMES, port=port, adopt=True, ttl_seconds=1))
    event = reader.expect("lingers", port=port)
    assert (event["allocation"]["state"], event["allocation"]["holds"]) == ("lingering", [])


def test_an_owner_s_exit_is_told_and_its_grace_begins(daemon, read, start):
    process = start()
    port = daemon.ask(dict(NAMES, owner_pid=process.pid, grace_seconds=60)).json["port"]
    reader = read()
    end(process)
    event = reader.expect("owner_exited", port=port)
    assert event["service"] == IDENTITY and str(process.pid) in event["reason"]
    [hold] = event["allocation"]["holds"]
    assert (hold["owner_pid"], hold["owner_alive"]) == (process.pid, False) and 59 <= hold["seconds_left"] <= 60


def test_an_owner_s_exit_without_a_grace_is_told_and_then_the_end(daemon, read, start):
    process = start()
    port = daemon.ask(dict(NAMES, owner_pid=process.pid)).json["port"]
    reader = read()
    end(process)
    events = reader.until(lambda event: event.name == "expired" and event.data["port"] == port)
    told = [event for event in events if event.data.get("port") == port]
    assert [event.name for event in told] == ["owner_exited", "expired"]
    assert not [event for event in told if "allocation" in event.data]


def test_a_stranger_is_told_and_then_the_move_off_its_port(daemon, read, start, tmp_path):
    reader = read()
    port = daemon.ask(dict(NAMES, project=elsewhere(tmp_path))).json["port"]
    process, _ = listen(start, port)
    event = reader.expect("conflict", port=port)
    assert event["service"] == IDENTITY and str(process.pid) in event["reason"]
    assert event["allocation"] == wide(daemon, port) and event["allocation"]["state"] == "conflict"
    moved = daemon.ask(dict(NAMES, ensure=True, project=elsewhere(tmp_path))).json
    event = reader.expect("moved", port=moved["port"])
    assert moved["port"] != port and event["allocation"]["id"] == moved["id"]
    assert event["allocation"] == wide(daemon, moved["port"])


def test_a_kill_is_told(daemon, read, start):
    process, port = listen(start)
    daemon.ask(dict(NAMES, port=port, adopt=True))
    reader = read()
    assert daemon.request("POST", f"/v1/ports/{port}/kill", {"pid": process.pid}).status == 200
    event = reader.expect("killed", port=port)
    assert str(process.pid) in event["reason"] and "SIGTERM" in event["reason"]
    assert event["allocation"] == wide(daemon, port) and event["allocation"]["state"] == "reserved"


@pytest.mark.parametrize("is_allocated", [False, True])
def test_a_listener_that_comes_and_goes_is_told(daemon, read, start, is_allocated):
    port = daemon.ask(NAMES).json["port"] if is_allocated else 0
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


def test_a_listener_is_told_of_a_daemon_that_has_just_started(fresh, read, start):
    reader = read(of=fresh)
    _, port = listen(start)
    assert reader.expect("listener_appeared", port=port)


def test_what_a_program_does_that_embeds_the_registry_is_told(daemon, read):
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
    daemon.spoken_of.update(tuple(service.split("/")) for service in made)


# Several readers, and going on where one was.


def change(daemon):
    """A few changes, the last of which is the marker's release."""
    for number in range(10):
        names = dict(NAMES, service=f"s{number}", ttl_seconds=300)
        daemon.ask(names)
        daemon.ask(dict(names, ensure=True))
    daemon.request("DELETE", "/v1/allocations", dict(NAMES, service="s0"))
    daemon.ask(dict(NAMES, service="marker"))
    daemon.request("DELETE", "/v1/allocations", dict(NAMES, service="marker"))


def is_marker(event):
    return event.name == "released" and event.data["service"] == "myapp/dev/marker"


def number(event):
    return int(event.id.split("-")[1])


def test_all_readers_are_told_the_same(daemon, read):
    readers = [read(over=over) for over in ("socket", "socket", "tcp")]
    change(daemon)
    # An event may have come between the first one's begin and the last one's.
    begin = max(number(reader.begin) for reader in readers)
    told = [[event for event in reader.until(is_marker) if number(event) > begin] for reader in readers]
    assert len(told[0]) >= 13
    assert told == [told[0]] * 3


def test_a_reader_that_comes_back_is_told_exactly_what_it_has_missed(daemon, read):
    witness, reader = read(), read()
    daemon.ask(NAMES)
    last = reader.until(lambda event: event.name == "allocated")[-1]
    reader.close()
    change(daemon)
    told = witness.until(is_marker)
    missed = told[told.index(last) + 1:]
    assert len(missed) >= 13
    for place, event in enumerate([last, *missed]):
        again = read(since=event.id)
        assert again.before[:len(missed) - place] == missed[place:]
    daemon.ask(dict(NAMES, service="later"))
    assert again.expect("allocated", service="myapp/dev/later")


def test_ready_is_a_place_to_come_back_to(daemon, read):
    reader = read()
    reader.close()
    daemon.ask(NAMES)
    again = read(since=reader.begin.id)
    # It is there already, or comes soon.
    names = [event.name for event in again.before]
    assert "allocated" in names or again.expect("allocated", service=IDENTITY)
    assert "reset" not in names


def test_an_empty_id_is_none(read):
    assert read(since="").before == []


NONSENSE = ["x", "1", "-", "--", "-1", "x-1", "{epoch}", "{epoch}-", "{epoch}-x", "{epoch}--1", "{epoch}-1-1", "0-0",
            "{epoch}-99999999", "{epoch}-9223372036854775807", "{epoch}-9223372036854775808", "{epoch}-1.0", "\xe9-1",
            "x" * 5000]


@pytest.mark.parametrize("text", NONSENSE, ids=range(len(NONSENSE)))
def test_what_is_no_id_is_a_reset(daemon, read, text):
    epoch = read().begin.id.split("-")[0]
    reader = read(since=text.replace("{epoch}", epoch))
    assert [event.name for event in reader.before] == ["reset"]
    daemon.ask(NAMES)
    assert reader.expect("allocated", service=IDENTITY)


def test_an_id_of_another_daemon_is_a_reset(daemon, read, fresh):
    other = read(of=fresh)
    fresh.ask(NAMES)
    last = other.until(lambda event: event.name == "allocated")[-1]
    assert [event.name for event in read(since=last.id).before] == ["reset"]
    other.close()


def test_the_last_16384_events_are_kept_and_what_is_older_is_a_reset(fresh, read):
    reader = read(of=fresh)
    told = []
    for _ in range(9):
        group = together(fresh, 1000)
        dissolve(fresh, group)
        last = group["allocations"][-1]["port"]
        told += reader.until(lambda event: event.name == "released" and event.data["port"] == last)
    assert len(told) > HISTORY + 1
    for missed in (1, HISTORY - 1, HISTORY, HISTORY + 1, len(told) - 1):
        since = told[-1 - missed]
        again = read(of=fresh, since=since.id)
        # Something else may have happened since.
        if number(again.begin) - number(since) <= HISTORY:
            assert again.before[:missed] == told[-missed:]
        else:
            assert [event.name for event in again.before] == ["reset"]
        again.close()
    assert [event.name for event in again.before] == ["reset"]
    reader.close()


# Many readers, slow ones, and the end.


def test_events_that_are_together_larger_than_a_reader_takes_at_once_are_told_whole(fresh, read):
    begin = read(of=fresh)
    witness = read(of=fresh)
    metadata = {f"key{number}": "x" * 1000 for number in range(32)}
    last = together(fresh, 300, metadata=metadata)["allocations"][-1]["port"]
    told = witness.until(lambda event: event.data["port"] == last)
    assert sum(event.name == "allocated" for event in told) == 300
    # Something else may have happened since.
    assert read(of=fresh, since=begin.begin.id).before[:len(told)] == told


def test_events_that_are_larger_than_the_history_are_a_reset(fresh, read):
    begin = read(of=fresh).begin
    metadata = {f"key{number}": "x" * 1000 for number in range(32)}
    group = together(fresh, 600, metadata=metadata)
    dissolve(fresh, group)
    witness = read(of=fresh, since=begin.id)
    assert [event.name for event in witness.before] == ["reset"]
    fresh.ask(NAMES)
    assert witness.expect("allocated", service=IDENTITY)


@pytest.fixture
def crowd(fresh):
    """As many readers of `fresh` as are served, half of them over TCP."""
    readers = [Reader(fresh, over=("socket", "tcp")[number % 2]) for number in range(READERS)]
    assert [reader.next().name for reader in readers] == ["ready"] * READERS
    yield readers
    for reader in readers:
        reader.close()


def join(daemon, readers):
    """Whether there was a place for one more."""
    reader = Reader(daemon)
    if reader.status == 200:
        readers.append(reader)
    else:
        assert (reader.status, reader.answer.json["code"]) == (503, "too_many_readers")
        reader.close()
    return reader.status == 200


def test_128_readers_are_served_and_one_more_is_not(fresh, crowd):
    assert not join(fresh, crowd)
    port = fresh.ask(NAMES).json["port"]
    for reader in crowd:
        assert reader.expect("allocated", port=port)
    # It takes no place.
    assert fresh.request("HEAD", "/v1/events").status == 200


@pytest.mark.parametrize("over", ["socket", "tcp"])
def test_a_reader_that_goes_leaves_its_place(fresh, crowd, over):
    assert not join(fresh, crowd)
    # Noticed although nothing happens that would be told.
    crowd.pop(("socket", "tcp").index(over)).close()
    fresh.until(lambda: join(fresh, crowd))
    assert not join(fresh, crowd)


def test_when_all_have_gone_all_places_are_free(fresh, crowd):
    while crowd:
        crowd.pop().close()
    fresh.ask(NAMES)
    for _ in range(READERS):
        fresh.until(lambda: join(fresh, crowd), seconds=20)
    assert not join(fresh, crowd)


class Stalled:
    """A reader that never reads."""

    def __init__(self, daemon):
        self.socket = daemon.connect()
        self.socket.sendall(b"GET /v1/events HTTP/1.1\r\nHost: x\r\n\r\n")
        self.poll = select.poll()
        self.poll.register(self.socket, select.POLLRDHUP)

    def is_cut_off(self, within=0):
        return bool(self.poll.poll(within * 1000))

    def ids(self):
        """Of what had come until it was cut off."""
        text = b""
        with contextlib.suppress(ConnectionResetError):
            while more := self.socket.recv(1 << 20):
                text += more
        return re.findall(r"id: (\S+)\nevent: .*\ndata: .*\n\n", text.decode())


def test_a_reader_that_stalls_keeps_nothing_from_others_and_is_cut_off(fresh, read):
    def ask(number):
        return fresh.ask(dict(NAMES, service=f"s{number}", range="10000-19999")).json["port"]

    reader = read(of=fresh)
    ports = [ask(number) for number in range(500)]
    stalled = Stalled(fresh)
    with concurrent.futures.ThreadPoolExecutor() as pool:
        reading = pool.submit(reader.until, lambda event: event.data.get("service") == "myapp/dev/s2499")
        ports += [ask(number) for number in range(500, 2500)]
        told = reading.result(timeout=60)
    assert [event.data["port"] for event in told if event.name == "allocated"] == ports
    assert [number(event) for event in told] == list(range(number(told[0]), number(told[0]) + len(told)))

    assert stalled.is_cut_off(within=20)
    fresh.ask(dict(NAMES, service="later"))
    told += reader.until(lambda event: event.data.get("service") == "myapp/dev/later")
    # It may come back for all that it has missed.
    *_, last = stalled.ids()
    ids = [event.id for event in told]
    missed = told[ids.index(last) + 1:]
    assert len(missed) > 1000
    assert read(of=fresh, since=last).before[:len(missed)] == missed


def stop(daemon):
    """Ends the daemon in good order."""
    daemon.process.send_signal(signal.SIGTERM)
    assert daemon.process.wait(timeout=20) == 0
    shutil.rmtree(daemon.home)


def test_streams_end_when_the_daemon_is_stopped(fresh, read):
    readers = [read(of=fresh, over=over) for over in ("socket", "tcp") * 20]
    port = fresh.ask(NAMES).json["port"]
    for reader in readers:
        reader.expect("allocated", port=port)
    stop(fresh)
    for reader in readers:
        # In good order: a connection that was cut would be an error.
        assert not [event for event in reader.events() if event.data.get("service")]


def test_a_reader_that_stalls_does_not_keep_a_daemon_that_is_stopped(fresh, read):
    reader, stalled = read(of=fresh), Stalled(fresh)
    group = together(fresh, 1000)
    reader.expect("allocated", port=group["allocations"][-1]["port"])
    assert not stalled.is_cut_off()
    stop(fresh)


# Whom it is told.

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
def test_no_page_is_told(daemon, path, case):
    assert status(daemon, REFUSED[case], path) == 403


@pytest.mark.parametrize("path", ["/v1/events", "/v1/journal", "/v1/pools"])
def test_our_own_pages_are_told(daemon, path):
    for headers in ("Host: {own}", "Host: {own}\r\nOrigin: http://{own}", "Host: localhost:{port}"):
        assert status(daemon, headers, path) == 200
    assert status(daemon, "Host: x", path, over="socket") == 200
    assert status(daemon, "Host: {own}\r\nOrigin: http://{own}", path, over="socket") == 403


# What happened.


def journal(daemon, query=""):
    answer = daemon.request("GET", f"/v1/journal{query}")
    assert answer.status == 200
    return answer.json


def test_the_journal_tells_the_newest_first(daemon):
    port = daemon.ask(dict(NAMES, port=25432)).json["port"]
    daemon.ask(dict(NAMES, app="other", port=port))
    daemon.request("DELETE", "/v1/allocations", NAMES)
    story = journal(daemon)[:3]
    assert [entry["action"] for entry in story] == ["released", "refused", "allocated"]
    assert story[1]["reason"] == "port already allocated" and story[1]["service"] == "other/dev/web"
    assert story == daemon.request("GET", f"/v1/ports/{port}/journal").json[:3]


def test_the_journal_tells_an_owner_s_exit(daemon, start):
    process = start()
    daemon.ask(dict(NAMES, owner_pid=process.pid))
    end(process)
    daemon.until(lambda: daemon.listing() == [])
    assert [entry["action"] for entry in journal(daemon, "?limit=3")] == ["expired", "owner_exited", "allocated"]


def test_the_journal_has_as_many_entries_as_are_asked_for(daemon):
    dissolve(daemon, together(daemon, 60))
    story = journal(daemon, "?limit=1000")
    assert 120 <= len(story) <= 1000
    for query, count in {"": 100, "?limit=1": 1, "?limit=119": 119, "?other=1": 100}.items():
        assert journal(daemon, query) == story[:count]


@pytest.mark.parametrize("limit", ["0", "1001", "-1", "x", "1.5", "", "%20", "99999999999999999999"])
def test_a_bad_number_of_entries_is_400(daemon, limit):
    answer = daemon.request("GET", f"/v1/journal?limit={limit}")
    assert (answer.status, answer.json["code"]) == (400, "invalid_request")
    assert daemon.request("HEAD", f"/v1/journal?limit={limit}").status == 400


# The pools.


def pools(daemon):
    found = daemon.request("GET", "/v1/pools").json
    for pool in found:
        assert pool["free"] == pool["usable"] - pool["allocated"] >= 0
    return {pool["face"]: pool for pool in found}


def test_each_face_has_its_pool(daemon):
    found = pools(daemon)
    assert list(found) == ["registry", "leases", "projects", "manager"]
    assert found["leases"] == {"face": "leases", "ranges": "8000-9000", "usable": 1001, "allocated": 0, "free": 1001}
    # Excluded ports are none that automatic choice may give, as 3306 and 3389.
    assert found["manager"]["ranges"] == "3000-3999" and found["manager"]["usable"] < 1000


def test_a_pool_fills(daemon_with_two_leases):
    daemon = daemon_with_two_leases

    def leases():
        return [pools(daemon)["leases"][part] for part in ("ranges", "usable", "allocated", "free")]

    assert leases() == ["8000-8001", 2, 0, 2]
    # A port counts for each pool that it lies in, whoever has it.
    others = {face: pool["allocated"] for face, pool in pools(daemon).items()}
    assert daemon.ask(dict(NAMES, port=8001)).status == 201
    assert leases() == ["8000-8001", 2, 1, 1]
    assert pools(daemon)["registry"]["allocated"] == others["registry"] + 1
    assert pools(daemon)["manager"]["allocated"] == others["manager"]
    daemon.ask(dict(NAMES, service="db", port=9500))
    assert leases() == ["8000-8001", 2, 1, 1]
    assert daemon.ask(dict(NAMES, service="api", face="leases")).json["port"] == 8000
    assert leases() == ["8000-8001", 2, 2, 0]


def test_the_heads_of_journal_and_pools_are_get_without_the_body(daemon):
    for path in ("/v1/journal", "/v1/pools"):
        get, head = daemon.request("GET", path), daemon.request("HEAD", path)
        assert (get.status, head.status, head.body) == (200, 200, b"")
        assert head.headers["Content-Length"] == get.headers["Content-Length"]
