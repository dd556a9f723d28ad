"""The clean-up of all faces at once: POST /v1/prune."""

import signal
import socket

import pytest


def prune(daemon, **body):
    answer = daemon.request("POST", "/v1/prune", body)
    assert answer.status == 200 and answer.json["count"] == len(answer.json["allocations"])
    assert answer.json["dry_run"] == body.get("dry_run", False)
    return answer.json["allocations"]


def own(daemon, service, pid, face, **more):
    names = {"app": "myapp", "instance": "dev", "service": service}
    body = dict(names, face=face, owner_pid=pid, grace_seconds=300, **more)
    return daemon.allocate(body).json


def end(daemon, process):
    process.send_signal(signal.SIGKILL)
    process.wait()
    daemon.until(lambda: not [
        hold for item in daemon.wide() for hold in item["holds"]
        if hold.get("owner_pid") == process.pid and hold["owner_alive"]
    ])


def test_allocations_of_exited_owners_end_in_every_face(daemon, start):
    process = start()
    faces = ["registry", "leases", "projects", "manager"]
    owned = [own(daemon, face, process.pid, face) for face in faces]
    assert prune(daemon, dry_run=True) == prune(daemon) == []
    end(daemon, process)
    shown = prune(daemon, dry_run=True)
    assert [item["id"] for item in shown] == [item["id"] for item in owned]
    for item, face in zip(shown, faces):
        [hold] = item["holds"]
        assert (hold["face"], hold["owner_pid"], hold["owner_alive"]) == (face, process.pid, False)
        assert 0 < hold["seconds_left"] <= 300
    assert len(daemon.listing()) == 4
    assert [item["id"] for item in prune(daemon)] == [item["id"] for item in owned]
    assert daemon.listing() == []
    newest = daemon.request("GET", f"/v1/ports/{owned[0]['port']}/journal").json[0]
    assert (newest["action"], newest["reason"]) == ("expired", f"pruned: process {process.pid} has ended")
    assert prune(daemon) == []


def test_what_still_lives_is_never_pruned(daemon, start):
    exited, living = start(), start()
    own(daemon, "living", living.pid, "registry")
    # Two owners, of which one lives; an owner beside a permanent hold, and beside a lease.
    for pid in (exited.pid, living.pid):
        own(daemon, "both", pid, "registry", ensure=True)
    own(daemon, "permanent", exited.pid, "projects")
    daemon.allocate({"app": "myapp", "instance": "dev", "service": "permanent", "ensure": True})
    own(daemon, "lease", exited.pid, "projects")
    daemon.allocate({"app": "myapp", "instance": "dev", "service": "lease", "ensure": True, "ttl_seconds": 60})
    before = daemon.listing()
    end(daemon, exited)
    assert prune(daemon, dry_run=True) == prune(daemon) == []
    assert daemon.listing() == before


def test_port_that_is_listened_on_is_never_pruned(daemon, start):
    process = start()
    port = own(daemon, "web", process.pid, "registry")["port"]
    with socket.create_server(("127.0.0.1", port)):
        end(daemon, process)
        assert prune(daemon, dry_run=True) == prune(daemon) == []
        assert [item["state"] for item in daemon.wide()] == ["active"]
    assert [item["port"] for item in prune(daemon)] == [port]


def test_only_the_named_allocations_end(daemon, start):
    process = start()
    first, second = [own(daemon, name, process.pid, "registry") for name in ("web", "db")]
    end(daemon, process)
    assert prune(daemon, ids=[]) == prune(daemon, ids=[0, -1, 2**62]) == []
    assert [item["id"] for item in prune(daemon, ids=[second["id"]])] == [second["id"]]
    assert daemon.listing() == [first]
    # Without a body, all of them.
    assert daemon.request("POST", "/v1/prune").json["count"] == 1


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"ids": [1.5]}', b'{"ids": "all"}', b'{"dry_run": 1}'])
def test_unreadable_request_is_400_and_ends_nothing(daemon, start, body):
    process = start()
    own(daemon, "web", process.pid, "registry")
    end(daemon, process)
    answer = daemon.request("POST", "/v1/prune", body, {"Content-Type": "application/json"})
    assert (answer.status, answer.json["code"]) == (400, "invalid_json")
    assert len(daemon.listing()) == 1


def test_other_content_and_large_bodies_are_refused(daemon):
    answer = daemon.request("POST", "/v1/prune", b"{}", {"Content-Type": "text/plain"})
    assert answer.status == 415
    assert daemon.request("POST", "/v1/prune", {"ids": [1] * 65536}).status == 413
