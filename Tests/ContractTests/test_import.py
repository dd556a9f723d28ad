"""What services had in another system: POST /v1/import."""

import os

import pytest

SOURCE = "the get-port service"


def entry(app, port, **more):
    return dict({"app": app, "instance": "default", "service": "default", "port": port}, **more)


def send(daemon, *entries, **more):
    answer = daemon.request("POST", "/v1/import", dict({"source": SOURCE, "entries": list(entries)}, **more))
    assert answer.status == 200 and answer.json["dry_run"] == more.get("dry_run", False)
    return answer.json["imported"], answer.json["skipped"]


def test_imported_port_is_remembered_and_not_allocated(daemon):
    port = daemon.free_block(2, 3400)
    entries = [entry("shop", port), entry("shop", port + 1, replica=1)]
    assert send(daemon, *entries, dry_run=True) == (entries, [])
    assert daemon.request("POST", "/ports/request", {"project": "shop"}).json["port"] != port
    daemon.clear()
    assert send(daemon, *entries, face="projects") == (entries, [])
    assert daemon.listing() == []
    newest = daemon.request("GET", f"/v1/ports/{port}/journal").json[0]
    assert (newest["action"], newest["reason"]) == ("taken_over", f"remembered, as {SOURCE} had it")
    assert daemon.request("POST", "/ports/request", {"project": "shop"}).json["port"] == port
    assert daemon.request("POST", "/alloc", {"service_name": "shop"}).json["port"] == port + 1


def test_port_of_a_living_process_is_allocated_until_it_exits(daemon, start):
    port = daemon.free_block(2, 3400)
    process, exited = start(), start("true")
    exited.wait()
    entries = [entry("shop", port, owner_pid=process.pid), entry("old", port + 1, owner_pid=exited.pid)]
    assert send(daemon, *entries, face="projects") == ([entries[0], entry("old", port + 1)], [])
    [allocation] = daemon.wide()
    assert (allocation["app"], allocation["port"]) == ("shop", port)
    assert allocation["holds"] == [
        {"kind": "process", "face": "projects", "grace_seconds": 300, "owner_pid": process.pid, "owner_alive": True}
    ]
    process.kill()
    process.wait()
    daemon.until(lambda: daemon.request("POST", "/ports/cleanup").json["count"] == 1)


def test_what_the_registry_has_stays(daemon):
    port = daemon.free_block(4, 3400)
    mine = daemon.allocate({"app": "mine", "instance": "default", "service": "default", "port": port}).json
    daemon.allocate({"app": "old", "instance": "default", "service": "default", "port": port + 1})
    daemon.request("DELETE", "/v1/allocations", {"app": "old"})
    imported, skipped = send(
        daemon, entry("shop", port), entry("mine", port), entry("mine", port + 2), entry("old", port + 1),
        entry("old", port + 2), entry("shop", port + 1), entry("new", port + 3), entry("newer", port + 3),
    )
    assert imported == [entry("new", port + 3)]
    assert [item["reason"] for item in skipped] == [
        f"port {port} is allocated to mine", "it was sent twice", f"it has port {port} here",
        "it has this port here already", "it was sent twice", "it was sent twice", "it was sent twice",
    ]
    assert daemon.listing() == [mine]
    assert send(daemon, entry("mine", port))[1][0]["reason"] == "it has this port here already"
    assert send(daemon, entry("old", port + 2))[1][0]["reason"] == f"it had port {port + 1} here last"
    reason = f"port {port + 1} is remembered for another service"
    assert send(daemon, entry("shop", port + 1)) == (
        [], [{"name": "shop", "port": port + 1, "reason": reason}],
    )
    # Importing again changes nothing.
    assert send(daemon, entry("new", port + 3))[1][0]["reason"] == "it has this port here already"


def test_unnamed_service_needs_a_process(daemon):
    port = daemon.free_block(2, 3400)
    unnamed = {"app": "unnamed", "instance": "default", "service": "port"}
    imported, skipped = send(
        daemon, dict(unnamed, port=port), dict(unnamed, port=port + 1, owner_pid=os.getpid()), face="manager",
    )
    assert [item["port"] for item in imported] == [port + 1]
    assert [item["port"] for item in skipped] == [port]


@pytest.mark.parametrize(
    "change, code",
    [
        ({"port": 0}, "invalid_port"), ({"port": 70000}, "invalid_port"), ({"port": -1}, "invalid_port"),
        ({"app": ""}, "invalid_name"), ({"app": "a\nb"}, "invalid_name"), ({"app": "x" * 129}, "invalid_name"),
        ({"replica": -1}, "invalid_request"), ({"port": "3000"}, "invalid_json"), ({"app": None}, "invalid_json"),
    ],
)
def test_one_invalid_entry_refuses_the_whole_request(daemon, change, code):
    port = daemon.free_block(1, 3400)
    entries = [entry("shop", port), dict(entry("other", port), **change)]
    answer = daemon.request("POST", "/v1/import", {"source": SOURCE, "entries": entries})
    assert (answer.status, answer.json["code"]) == (400, code)
    assert send(daemon, entry("shop", port)) == ([entry("shop", port)], [])


@pytest.mark.parametrize("body", [{}, {"entries": []}, {"source": "x", "entries": [], "face": "nobody"}])
def test_request_without_source_or_with_an_unknown_face_is_400(daemon, body):
    assert daemon.request("POST", "/v1/import", body).status == 400


def test_other_content_and_large_bodies_are_refused(daemon):
    answer = daemon.request("POST", "/v1/import", b"{}", {"Content-Type": "text/plain"})
    assert answer.status == 415
    many = [entry("shop", 3400)] * 2000
    assert daemon.request("POST", "/v1/import", {"source": SOURCE, "entries": many}).status == 413
