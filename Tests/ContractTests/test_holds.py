"""Holds, owners, states and names in `/v1`: why an allocation lives, and when it ends."""

import json
import os
import signal
import socket
import sys
import time
import urllib.parse

import pytest

NAMES = {"app": "myapp", "instance": "dev", "service": "web"}
LISTENER = """
import signal, socket, sys
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print(flush=True)
signal.pause()
"""


def ensure(daemon, **more):
    return daemon.allocate(dict(NAMES, ensure=True, **more))


def service(daemon, name, query="", method="GET"):
    return daemon.request(method, f"/v1/services/{urllib.parse.quote(name, safe='')}{query}")


def holds(daemon):
    """Returns the holds of the only allocation."""
    only, = daemon.wide()
    return only["holds"]


def end(process):
    process.send_signal(signal.SIGKILL)
    process.wait()


def listen(start, port):
    process = start(sys.executable, "-c", LISTENER, str(port), stdout=-1)
    assert process.stdout.read(1) == b"\n"
    return process


# Requesting a hold.


def test_default_hold_is_permanent(daemon):
    daemon.allocate(NAMES)
    assert holds(daemon) == [{"kind": "permanent", "face": "registry"}]


def test_ttl_hold_shows_its_ttl_and_time_left(daemon):
    daemon.allocate(dict(NAMES, ttl_seconds=60))
    assert holds(daemon) == [{"kind": "ttl", "face": "registry", "ttl_seconds": 60, "seconds_left": 60}]


def test_process_hold_shows_its_owner_and_grace(daemon, start):
    pid = start().pid
    daemon.allocate(dict(NAMES, owner_pid=pid))
    daemon.allocate(dict(NAMES, service="db", owner_pid=pid, grace_seconds=7, ttl_seconds=60))
    assert [item["holds"] for item in daemon.wide()] == [
        [{"kind": "process", "face": "registry", "owner_pid": pid, "owner_alive": True, "grace_seconds": 0}],
        [{"kind": "process", "face": "registry", "owner_pid": pid, "owner_alive": True, "grace_seconds": 7,
          "ttl_seconds": 60}],
    ]


@pytest.mark.parametrize(
    "face, first, hold, grace",
    [(None, 3000, {"kind": "permanent", "face": "registry"}, 0),
     ("registry", 3000, {"kind": "permanent", "face": "registry"}, 0),
     ("leases", 8000, {"kind": "ttl", "face": "leases", "ttl_seconds": 300, "seconds_left": 300}, 0),
     ("projects", 3100, {"kind": "permanent", "face": "projects"}, 300)],
)
def test_each_face_has_its_own_pool_and_defaults(daemon, start, face, first, hold, grace):
    lowest = daemon.lowest_free(first)
    assert daemon.allocate(dict(NAMES, face=face)).json["port"] == lowest
    assert holds(daemon) == [hold]
    daemon.allocate(dict(NAMES, service="db", face=face, owner_pid=start().pid))
    assert daemon.wide()[1]["holds"][0]["grace_seconds"] == grace


def test_tags_and_metadata_are_kept_until_replaced(daemon):
    given = {"tags": ["web", "näh"], "metadata": {"branch": "feature/x", "empty": ""}}
    assert daemon.allocate(dict(NAMES, **given)).json.items() >= given.items()
    for listed in (daemon.wide()[0], daemon.listing()[0], ensure(daemon).json):
        assert {key: listed[key] for key in given} == given
    answer = ensure(daemon, tags=["api"])
    assert answer.json["tags"] == ["api"]
    assert "tags" not in ensure(daemon, tags=[], metadata={}).json


def test_wide_listing_shows_last_seen(daemon):
    created = daemon.allocate(NAMES).json["created_at"]
    assert daemon.wide()[0]["last_seen"] == created
    assert "last_seen" not in daemon.listing()[0]
    daemon.until(lambda: ensure(daemon) and daemon.wide()[0]["last_seen"] > created)
    assert daemon.wide()[0]["created_at"] == created


def test_free_preferred_port_is_granted(daemon):
    port = daemon.lowest_free(4000)
    assert daemon.allocate(dict(NAMES, preferred=port)).json["port"] == port
    answer = daemon.allocate(dict(NAMES, service="db", preferred=port))
    assert answer.status == 201 and answer.json["port"] != port
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        answer = daemon.allocate(dict(NAMES, service="api", preferred=port))
    assert answer.status == 201 and answer.json["port"] != port
    assert daemon.allocate(dict(NAMES, service="x", preferred=0)).status == 201
    assert daemon.allocate(dict(NAMES, service="y", preferred=None)).status == 201


def test_further_port_is_a_replica(daemon):
    first, second = (daemon.allocate(dict(NAMES, further=True)).json for _ in range(2))
    assert "replica" not in first and second["replica"] == 1
    assert daemon.allocate(NAMES).json["holder"] == first
    found = service(daemon, "web").json
    assert (found["port"], found["all_ports"]) == (first["port"], [first["port"], second["port"]])


def test_exclusive_request_gets_a_replica_while_the_owner_lives(daemon, start):
    first, second = start(), start()
    own = daemon.allocate(dict(NAMES, exclusive=True, owner_pid=first.pid))
    further = daemon.allocate(dict(NAMES, exclusive=True, owner_pid=second.pid))
    assert (own.status, further.status) == (201, 201)
    assert further.json["replica"] == 1
    end(second)
    daemon.until(lambda: len(daemon.listing()) == 1)
    daemon.allocate(dict(NAMES, service="db"))
    again = daemon.allocate(dict(NAMES, service="db", exclusive=True, ensure=True, owner_pid=first.pid))
    assert again.status == 200 and "replica" not in again.json


def test_exclusive_request_gets_a_replica_while_the_service_listens(daemon, start):
    port = daemon.allocate(NAMES).json["port"]
    listen(start, port)
    answer = daemon.allocate(dict(NAMES, exclusive=True))
    assert answer.status == 201 and answer.json["port"] != port


@pytest.mark.parametrize("more", [{"ensure": True}, {"exclusive": True}])
def test_further_cannot_be_combined_with_ensure_or_exclusive(daemon, more):
    answer = daemon.allocate(dict(NAMES, further=True, **more))
    assert (answer.status, answer.json["code"]) == (400, "invalid_request")
    assert daemon.listing() == []


# Invalid requests.


@pytest.mark.parametrize("seconds", [0, -1, 2592001, 31557600000000, 2**63 - 1])
def test_ttl_out_of_range_is_400(daemon, seconds):
    answer = daemon.allocate(dict(NAMES, ttl_seconds=seconds))
    assert (answer.status, answer.json["code"], answer.json["subject"]) == (400, "invalid_ttl", str(seconds))
    assert daemon.listing() == []


@pytest.mark.parametrize("seconds", [-1, 2592001, 31557600000000])
def test_grace_out_of_range_is_400(daemon, seconds):
    answer = daemon.allocate(dict(NAMES, owner_pid=os.getpid(), grace_seconds=seconds))
    assert (answer.status, answer.json["code"], answer.json["subject"]) == (400, "invalid_ttl", str(seconds))
    assert daemon.listing() == []


def test_grace_without_an_owner_is_400(daemon):
    assert daemon.allocate(dict(NAMES, grace_seconds=7)).json["code"] == "invalid_request"
    assert daemon.listing() == []


@pytest.mark.parametrize("pid", [0, 1, -5, 2**31, pytest.param(2**32 + os.getpid(), id="2**32 + pid"), 2**63 - 1])
def test_invalid_owner_pid_is_400(daemon, pid):
    answer = daemon.allocate(dict(NAMES, owner_pid=pid))
    assert (answer.status, answer.json["code"], answer.json["subject"]) == (400, "invalid_owner", str(pid))
    assert daemon.listing() == []


def test_exited_owner_is_400(daemon, start):
    process = start("true")
    process.wait()
    answer = daemon.allocate(dict(NAMES, owner_pid=process.pid))
    assert (answer.status, answer.json["code"], answer.json["subject"]) == (400, "invalid_owner", str(process.pid))
    assert daemon.listing() == []


@pytest.mark.skipif(not hasattr(os, "waitid"), reason="needs waitid(2)")
def test_zombie_owner_is_400(daemon, start):
    process = start("true")
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert daemon.allocate(dict(NAMES, owner_pid=process.pid)).json["code"] == "invalid_owner"
    assert daemon.listing() == []


@pytest.mark.skipif(os.getuid() != 0, reason="only root can start another user's process")
def test_process_of_another_user_as_owner_is_400(daemon, start):
    process = start(user=65534, group=65534, extra_groups=[])
    answer = daemon.allocate(dict(NAMES, owner_pid=process.pid))
    assert (answer.status, answer.json["code"]) == (400, "invalid_owner")
    assert daemon.listing() == []


@pytest.mark.parametrize("part", ["ttl_seconds", "owner_pid", "grace_seconds"])
@pytest.mark.parametrize("value", ["60", "", 1.5, 2**63, True, [], {}])
def test_hold_field_that_is_not_an_integer_is_400(daemon, part, value):
    answer = daemon.allocate(dict(NAMES, owner_pid=os.getpid()) | {part: value})
    assert (answer.status, answer.json["code"]) == (400, "invalid_json")
    assert daemon.listing() == []


@pytest.mark.parametrize(
    "more",
    [{"tags": "web"}, {"tags": [""]}, {"tags": ["a\nb"]}, {"tags": ["x" * 129]}, {"tags": ["x"] * 33}, {"tags": [1]},
     {"metadata": []}, {"metadata": {"": "x"}}, {"metadata": {"a\nb": "x"}}, {"metadata": {"x" * 129: "x"}},
     {"metadata": {"a": "\u0000"}}, {"metadata": {"a": "x" * 1025}}, {"metadata": {"a": ["\n"]}},
     {"metadata": {"a": {"b\n": 1}}}, {"metadata": {"a": [0] * 256}}, {"metadata": {"a": json.loads("[" * 10 + "]" * 10)}},
     {"metadata": {str(n): "" for n in range(33)}}, {"face": "nobody"}, {"face": ""}, {"face": "Leases"}, {"face": 1},
     {"preferred": 65536}, {"preferred": -1}, {"preferred": "3000"}, {"exclusive": "yes"}, {"further": 1}],
    ids=lambda more: next(iter(more)),
)
def test_invalid_allocation_field_is_400(daemon, more):
    assert daemon.allocate(dict(NAMES, **more)).status == 400
    assert daemon.listing() == []


def test_metadata_may_be_any_value_of_json(daemon):
    given = {"text": "x", "integer": 2**63 - 1, "negative": -7, "number": 0.5, "yes": True, "no": False, "nothing": None,
             "list": [1, "a", [None]], "object": {"deep": {"er": []}}, "empty": {}, "long": [0] * 200}
    answer = daemon.allocate(dict(NAMES, metadata=given))
    assert answer.status == 201 and answer.json["metadata"] == given
    assert daemon.listing()[0]["metadata"] == given
    group = daemon.request("POST", "/v1/groups", {"app": "a", "instance": "b", "count": 1, "metadata": {"deep": [[1]]}})
    assert group.json["allocations"][0]["metadata"] == {"deep": [[1]]}


def test_largest_allowed_values_are_stored(daemon):
    most = {"tags": ["x" * 128] * 32, "metadata": {f"{n:0128}": "x" * 1024 for n in range(32)}, "ttl_seconds": 2592000}
    answer = daemon.allocate(dict(NAMES, **most))
    assert answer.status == 201
    assert {key: answer.json[key] for key in ("tags", "metadata")} == {key: most[key] for key in ("tags", "metadata")}
    assert holds(daemon)[0]["seconds_left"] == 2592000


# Renewal and expiry.


def test_ttl_hold_ends_after_its_ttl_and_not_earlier(daemon):
    requested = time.monotonic()
    daemon.allocate(dict(NAMES, ttl_seconds=1))
    daemon.until(lambda: service(daemon, "web").status == 404)
    assert time.monotonic() - requested >= 1
    assert daemon.listing() == []


def test_heartbeat_renews_a_ttl(daemon):
    identifier = daemon.allocate(dict(NAMES, ttl_seconds=2)).json["id"]
    path = f"/v1/allocations/{identifier}/heartbeat"
    end = time.monotonic() + 2.5

    def renewed_long_enough():
        answer = daemon.request("POST", path)
        assert answer.status == 200
        assert answer.json == daemon.wide()[0]
        assert answer.json["holds"] == [{"kind": "ttl", "face": "registry", "ttl_seconds": 2, "seconds_left": 2}]
        return time.monotonic() > end

    daemon.until(renewed_long_enough)


def test_heartbeat_renews_only_the_hold_of_its_face(daemon):
    identifier = daemon.allocate(dict(NAMES, face="leases")).json["id"]
    path = f"/v1/allocations/{identifier}/heartbeat"
    assert daemon.request("POST", path, {"face": "leases"}).status == 200
    holder = daemon.listing()[0]
    for body in (None, {}, {"face": None}, {"face": "registry"}, {"face": "projects"}):
        answer = daemon.request("POST", path, body)
        assert (answer.status, answer.json["code"], answer.json["holder"]) == (404, "lease_not_found", holder)
    for face in ("nobody", "", 1, [], True):
        assert daemon.request("POST", path, {"face": face}).status == 400


def test_heartbeat_for_a_permanent_hold_is_404(daemon):
    identifier = daemon.allocate(NAMES).json["id"]
    answer = daemon.request("POST", f"/v1/allocations/{identifier}/heartbeat")
    assert (answer.status, answer.json["code"]) == (404, "lease_not_found")


def test_heartbeat_for_an_unknown_id_is_404_and_for_an_invalid_one_400(daemon):
    assert daemon.request("POST", "/v1/allocations/999999/heartbeat").json["code"] == "allocation_not_found"
    for identifier in ("x", "1.5", "%20", "99999999999999999999"):
        assert daemon.request("POST", f"/v1/allocations/{identifier}/heartbeat").status == 400


def test_renewal_never_shortens_a_ttl(daemon):
    identifier = daemon.allocate(dict(NAMES, ttl_seconds=600)).json["id"]
    ensure(daemon, ttl_seconds=1)
    assert holds(daemon)[0]["seconds_left"] > 590
    daemon.request("POST", f"/v1/allocations/{identifier}/heartbeat")
    assert holds(daemon)[0]["seconds_left"] > 590


def test_ensure_renews_the_hold_of_its_face_and_keeps_others(daemon):
    daemon.allocate(dict(NAMES, ttl_seconds=60))
    ensure(daemon, ttl_seconds=600)
    ensure(daemon, face="leases", ttl_seconds=30)
    assert holds(daemon) == [
        {"kind": "ttl", "face": "registry", "ttl_seconds": 600, "seconds_left": 600},
        {"kind": "ttl", "face": "leases", "ttl_seconds": 30, "seconds_left": 30},
    ]


def test_owner_exit_ends_its_hold_within_seconds(daemon, start):
    process = start()
    daemon.allocate(dict(NAMES, owner_pid=process.pid))
    end(process)
    daemon.until(lambda: daemon.listing() == [], seconds=5)  # promised within one; this machine may be busy


def test_zombie_owner_counts_as_exited(daemon, start):
    process = start()
    daemon.allocate(dict(NAMES, owner_pid=process.pid))
    process.send_signal(signal.SIGKILL)
    daemon.until(lambda: daemon.listing() == [])


def test_stopped_owner_keeps_its_hold(daemon, start):
    process = start()
    daemon.allocate(dict(NAMES, owner_pid=process.pid))
    process.send_signal(signal.SIGSTOP)
    os.waitpid(process.pid, os.WUNTRACED)
    end = time.monotonic() + 1.5

    def watched_long_enough():
        assert holds(daemon)[0]["owner_alive"] is True
        return time.monotonic() > end

    daemon.until(watched_long_enough)


def test_ttl_does_not_run_while_the_owner_lives(daemon, start):
    daemon.allocate(dict(NAMES, owner_pid=start().pid, ttl_seconds=1))
    end = time.monotonic() + 1.5

    def watched_long_enough():
        assert holds(daemon)[0]["owner_alive"] is True
        return time.monotonic() > end

    daemon.until(watched_long_enough)


def test_grace_period_starts_when_the_owner_exits(daemon, start):
    process = start()
    daemon.allocate(dict(NAMES, owner_pid=process.pid, grace_seconds=1))
    exited = time.monotonic()
    end(process)
    daemon.until(lambda: daemon.listing() == [])
    assert time.monotonic() - exited >= 1


def test_permanent_hold_outlives_a_process_hold(daemon, start):
    process = start()
    allocation = daemon.allocate(NAMES).json
    ensure(daemon, owner_pid=process.pid)
    assert [hold["kind"] for hold in holds(daemon)] == ["permanent", "process"]
    end(process)
    daemon.until(lambda: holds(daemon) == [{"kind": "permanent", "face": "registry"}])
    assert daemon.listing() == [allocation]


def test_allocation_lives_until_its_last_owner_exits(daemon, start):
    first, second = start(), start()
    daemon.allocate(dict(NAMES, owner_pid=first.pid))
    ensure(daemon, owner_pid=second.pid)
    end(first)
    daemon.until(lambda: [hold["owner_pid"] for hold in holds(daemon)] == [second.pid])
    end(second)
    daemon.until(lambda: daemon.listing() == [])


# States.


def test_allocation_is_reserved_until_a_process_listens(daemon, start):
    port = daemon.allocate(NAMES).json["port"]
    assert daemon.wide()[0]["state"] == "reserved"
    with socket.create_server(("127.0.0.1", port)):
        assert daemon.wide()[0]["state"] == "active"
    assert daemon.wide()[0]["state"] == "reserved"


def test_allocation_is_active_while_its_owner_listens(daemon, start):
    port = daemon.lowest_free(3000)
    process = listen(start, port)
    assert daemon.allocate(dict(NAMES, port=port, adopt=True, owner_pid=process.pid)).status == 201
    assert daemon.wide()[0]["state"] == "active"
    assert ensure(daemon).json["port"] == port


def test_listener_that_is_not_the_owner_is_a_conflict(daemon, start):
    port = daemon.allocate(dict(NAMES, owner_pid=start().pid)).json["port"]
    with socket.create_server(("127.0.0.1", port)):
        assert daemon.wide()[0]["state"] == "conflict"
        answer = ensure(daemon, strict=True)
        assert (answer.status, answer.json["code"]) == (409, "remembered_port_taken")
        moved = ensure(daemon)
        assert moved.status == 200 and moved.json["port"] != port
        assert str(port) in moved.json["warnings"][0]


def test_listener_outside_the_project_directory_is_a_conflict(daemon, tmp_path, unique):
    for directory, state in ((tmp_path, "conflict"), (os.getcwd(), "active")):
        project = {"root": str(directory), "folder": str(directory)}
        port = daemon.allocate(dict(NAMES, app=f"{unique}-{state}", project=project)).json["port"]
        with socket.create_server(("127.0.0.1", port)):
            assert daemon.wide()[-1]["state"] == state


def test_ended_allocation_lingers_while_a_process_listens_on_its_port(daemon):
    allocation = daemon.allocate(dict(NAMES, ttl_seconds=1)).json
    port = allocation["port"]
    with socket.create_server(("127.0.0.1", port)):
        daemon.until(lambda: daemon.wide()[0]["state"] == "lingering")
        assert holds(daemon) == []
        assert daemon.listing() == [allocation]
        answer = daemon.allocate(dict(NAMES, app="other", port=port))
        assert (answer.status, answer.json["code"], answer.json["holder"]) == (409, "port_allocated", allocation)
        answer = daemon.request("POST", f"/v1/allocations/{allocation['id']}/heartbeat")
        assert (answer.status, answer.json["code"]) == (404, "lease_not_found")
    daemon.until(lambda: daemon.listing() == [])


def test_requesting_a_lingering_service_again_returns_its_port(daemon):
    port = daemon.allocate(dict(NAMES, ttl_seconds=1)).json["port"]
    with socket.create_server(("127.0.0.1", port)):
        daemon.until(lambda: daemon.wide()[0]["state"] == "lingering")
        answer = ensure(daemon)
        assert (answer.status, answer.json["port"]) == (200, port)
        assert daemon.wide()[0]["state"] == "active"


# Names.


def test_service_lookup_returns_all_its_ports(daemon):
    daemon.allocate(dict(NAMES, tags=["a"]))
    daemon.allocate(dict(NAMES, further=True))
    answer = service(daemon, "web")
    assert answer.status == 200
    listed = daemon.wide()
    assert answer.json == dict(
        NAMES, port=listed[0]["port"], all_ports=[item["port"] for item in listed], allocations=listed,
    )


def test_name_resolves_to_the_service_of_its_scope_first(daemon):
    own, other = (daemon.allocate(dict(NAMES, instance=instance)).json for instance in ("main", "other"))
    for allocation in (own, other):
        found = service(daemon, "web", f"?app=myapp&instance={allocation['instance']}").json
        assert (found["instance"], found["port"]) == (allocation["instance"], allocation["port"])
    for query in ("", "?app=myapp", "?instance=main", "?app=myapp&instance=third", "?app=&instance=main"):
        answer = service(daemon, "web", query)
        assert (answer.status, answer.json["code"], answer.json["subject"]) == (409, "ambiguous_name", "web")
        assert sorted(answer.json["candidates"], key=lambda item: item["id"]) == [own, other]
    assert service(daemon, "web", method="HEAD").status == 409
    assert service(daemon, "myapp/other/web", "?app=myapp&instance=main").json["port"] == other["port"]


def test_exact_scope_excludes_other_services(daemon):
    daemon.allocate(NAMES)
    for method in ("GET", "DELETE"):
        answer = service(daemon, "web", "?app=nobody&instance=main&exact=true", method=method)
        assert (answer.status, answer.json["code"]) == (404, "service_not_found")
    assert service(daemon, "web", "?app=myapp&instance=dev&exact=true").status == 200


def test_unknown_service_has_its_remembered_port(daemon):
    port = daemon.allocate(NAMES).json["port"]
    assert service(daemon, "web", "?app=myapp&instance=dev", method="DELETE").status == 200
    answer = service(daemon, "web", "?app=myapp&instance=dev")
    assert (answer.status, answer.json["code"]) == (404, "service_not_found")
    assert answer.json["remembered"] == {**NAMES, "port": port}
    assert "remembered" not in service(daemon, "web", "?app=other&instance=dev").json


@pytest.mark.parametrize("query", ["", "?app=nobody&instance=main"])
def test_name_outside_the_scope_resolves_when_it_is_unique(daemon, query):
    port = daemon.allocate(NAMES).json["port"]
    lease = daemon.request("POST", "/alloc", {"service_name": "my-api"}).json["port"]
    assert service(daemon, "web", query).json["port"] == port
    assert service(daemon, "my-api", query).json["port"] == lease
    for name in ("myapp", "dev", "my", "WEB", "myapp/dev/db", "web/default/default"):
        answer = service(daemon, name, query)
        assert (answer.status, answer.json["code"], answer.json["subject"]) == (404, "service_not_found", name)
        assert service(daemon, name, query, "HEAD").status == 404
        assert service(daemon, name, query, "DELETE").status == 404


def test_scope_uses_the_app_name_assigned_to_its_directory(daemon, tmp_path, unique):
    ports = {}
    for parent in ("client", "server"):
        directory = tmp_path / parent / unique
        directory.mkdir(parents=True)
        project = {"root": str(directory), "folder": str(directory)}
        names = {"app": unique, "instance": "main", "service": "web"}
        ports[directory] = daemon.allocate(dict(names, project=project)).json["port"]
    for directory, port in ports.items():
        query = urllib.parse.urlencode({"app": unique, "instance": "main", "root": directory})
        assert service(daemon, "web", f"?{query}").json["port"] == port
    assert service(daemon, "web", f"?app={unique}&instance=main&root=relative").status == 400


@pytest.mark.parametrize(
    "name",
    ["a+b", "a b", "a/b", "@a/b", "a%41", "100%", "a&b=c", "a#b?c", "a;b", "ä/ö", "..", "日本", ":id", "*"],
)
def test_any_name_can_be_percent_encoded_in_a_path(daemon, name):
    daemon.allocate(dict(NAMES, service="a-b"))
    port = daemon.allocate({"app": name, "instance": "default", "service": "default"}).json["port"]
    assert service(daemon, name).json["port"] == port
    assert service(daemon, name, method="DELETE").json["port"] == port
    assert service(daemon, name).status == 404


def test_slashes_of_an_identity_are_encoded_and_plus_is_literal(daemon):
    port = daemon.allocate({"app": "a+b", "instance": "feature/login", "service": "web"}).json["port"]
    for path in ("a%2Bb%2Ffeature%2Flogin%2Fweb", "a+b%2ffeature%2flogin%2fweb"):
        assert daemon.request("GET", f"/v1/services/{path}").json["port"] == port
    assert daemon.request("GET", "/v1/services/a%20b%2Ffeature%2Flogin%2Fweb").status == 404
    assert daemon.request("GET", "/v1/services/a+b/feature/login/web").json["code"] == "no_such_route"


@pytest.mark.parametrize("path", ["%20", "a%0Ab", "a%00b", "%E2%80%AE", "x" * 129, "a%0Ax%2Fb%2Fc"])
def test_invalid_name_in_a_path_is_400(daemon, path):
    for method in ("GET", "DELETE", "HEAD"):
        assert daemon.request(method, f"/v1/services/{path}").status == 400


@pytest.mark.parametrize("path", ["%FF", "a%C3%28b", "%ED%A0%80"])
def test_path_that_is_not_utf_8_is_400(daemon, path):
    daemon.allocate(dict(NAMES, service="\ufffd"))
    for method in ("GET", "DELETE"):
        assert daemon.request(method, f"/v1/services/{path}").status == 400


@pytest.mark.parametrize("query", ["app=a%0Ab&instance=main", f"app=myapp&instance={'x' * 129}"])
def test_invalid_scope_is_400(daemon, query):
    assert service(daemon, "web", f"?{query}").status == 400
    assert service(daemon, "web", f"?{query}", "DELETE").status == 400


def test_releasing_a_service_ends_all_its_ports_once(daemon):
    daemon.allocate(NAMES)
    daemon.allocate(dict(NAMES, further=True))
    witness = daemon.allocate(dict(NAMES, service="db")).json
    before = daemon.listing()[:2]
    answer = service(daemon, "web", "?app=myapp&instance=dev", "DELETE")
    assert answer.status == 200
    assert answer.json == dict(
        NAMES, port=before[0]["port"], all_ports=[item["port"] for item in before], allocations=before,
    )
    assert daemon.listing() == [witness]
    answer = service(daemon, "web", "?app=myapp&instance=dev", "DELETE")
    assert (answer.status, answer.json["code"]) == (404, "service_not_found")


def test_ambiguous_name_releases_nothing(daemon):
    for app in ("one", "two"):
        daemon.allocate(dict(NAMES, app=app))
    answer = service(daemon, "web", method="DELETE")
    assert (answer.status, [item["app"] for item in answer.json["candidates"]]) == (409, ["one", "two"])
    assert len(daemon.listing()) == 2


def test_head_returns_the_headers_of_get(daemon):
    daemon.allocate(NAMES)
    get, head = service(daemon, "web"), service(daemon, "web", method="HEAD")
    assert head.status == get.status == 200
    assert head.headers["Content-Length"] == get.headers["Content-Length"]
    assert head.body == b""
