"""What `/v1` says of holds, owners and names: why allocations live, and when they end."""

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
    return daemon.ask(dict(NAMES, ensure=True, **more))


def service(daemon, name, query="", method="GET"):
    return daemon.request(method, f"/v1/services/{urllib.parse.quote(name, safe='')}{query}")


def holds(daemon):
    """The only allocation's."""
    only, = daemon.wide()
    return only["holds"]


def end(process):
    process.send_signal(signal.SIGKILL)
    process.wait()


def listen(start, port):
    process = start(sys.executable, "-c", LISTENER, str(port), stdout=-1)
    assert process.stdout.read(1) == b"\n"
    return process


# Asking.


def test_a_permanent_hold_is_the_default(daemon):
    daemon.ask(NAMES)
    assert holds(daemon) == [{"kind": "permanent", "face": "registry"}]


def test_a_time_to_live_is_shown(daemon):
    daemon.ask(dict(NAMES, ttl_seconds=60))
    assert holds(daemon) == [{"kind": "ttl", "face": "registry", "ttl_seconds": 60, "seconds_left": 60}]


def test_an_owner_is_shown(daemon, start):
    pid = start().pid
    daemon.ask(dict(NAMES, owner_pid=pid))
    daemon.ask(dict(NAMES, service="db", owner_pid=pid, grace_seconds=7, ttl_seconds=60))
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
def test_a_face_has_its_pool_and_its_defaults(daemon, start, face, first, hold, grace):
    lowest = daemon.lowest_free(first)
    assert daemon.ask(dict(NAMES, face=face)).json["port"] == lowest
    assert holds(daemon) == [hold]
    daemon.ask(dict(NAMES, service="db", face=face, owner_pid=start().pid))
    assert daemon.wide()[1]["holds"][0]["grace_seconds"] == grace


def test_tags_and_metadata_are_kept_until_new_ones_are_said(daemon):
    said = {"tags": ["web", "näh"], "metadata": {"branch": "feature/x", "empty": ""}}
    assert daemon.ask(dict(NAMES, **said)).json.items() >= said.items()
    for listed in (daemon.wide()[0], daemon.listing()[0], ensure(daemon).json):
        assert {key: listed[key] for key in said} == said
    answer = ensure(daemon, tags=["api"])
    assert answer.json["tags"] == ["api"]
    assert "tags" not in ensure(daemon, tags=[], metadata={}).json


def test_a_wide_listing_tells_when_it_was_last_seen(daemon):
    created = daemon.ask(NAMES).json["created_at"]
    assert daemon.wide()[0]["last_seen"] == created
    assert "last_seen" not in daemon.listing()[0]
    daemon.until(lambda: ensure(daemon) and daemon.wide()[0]["last_seen"] > created)
    assert daemon.wide()[0]["created_at"] == created


def test_a_preferred_port_that_is_free_is_given(daemon):
    port = daemon.lowest_free(4000)
    assert daemon.ask(dict(NAMES, preferred=port)).json["port"] == port
    answer = daemon.ask(dict(NAMES, service="db", preferred=port))
    assert answer.status == 201 and answer.json["port"] != port
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        answer = daemon.ask(dict(NAMES, service="api", preferred=port))
    assert answer.status == 201 and answer.json["port"] != port
    assert daemon.ask(dict(NAMES, service="x", preferred=0)).status == 201
    assert daemon.ask(dict(NAMES, service="y", preferred=None)).status == 201


def test_a_further_port_is_a_replica(daemon):
    first, second = (daemon.ask(dict(NAMES, further=True)).json for _ in range(2))
    assert "replica" not in first and second["replica"] == 1
    assert daemon.ask(NAMES).json["holder"] == first
    found = service(daemon, "web").json
    assert (found["port"], found["all_ports"]) == (first["port"], [first["port"], second["port"]])


def test_an_exclusive_port_is_the_service_s_own_unless_its_owner_lives(daemon, start):
    first, second = start(), start()
    own = daemon.ask(dict(NAMES, exclusive=True, owner_pid=first.pid))
    further = daemon.ask(dict(NAMES, exclusive=True, owner_pid=second.pid))
    assert (own.status, further.status) == (201, 201)
    assert further.json["replica"] == 1
    end(second)
    daemon.until(lambda: len(daemon.listing()) == 1)
    daemon.ask(dict(NAMES, service="db"))
    again = daemon.ask(dict(NAMES, service="db", exclusive=True, ensure=True, owner_pid=first.pid))
    assert again.status == 200 and "replica" not in again.json


def test_an_exclusive_port_is_a_further_one_while_the_service_listens(daemon, start):
    port = daemon.ask(NAMES).json["port"]
    listen(start, port)
    answer = daemon.ask(dict(NAMES, exclusive=True))
    assert answer.status == 201 and answer.json["port"] != port


@pytest.mark.parametrize("more", [{"ensure": True}, {"exclusive": True}])
def test_a_further_port_and_the_service_s_own_cannot_both_be_asked_for(daemon, more):
    answer = daemon.ask(dict(NAMES, further=True, **more))
    assert (answer.status, answer.json["code"]) == (400, "invalid_request")
    assert daemon.listing() == []


# What cannot be asked for.


@pytest.mark.parametrize("seconds", [0, -1, 2592001, 31557600000000, 2**63 - 1])
def test_a_time_to_live_that_cannot_be_is_400(daemon, seconds):
    answer = daemon.ask(dict(NAMES, ttl_seconds=seconds))
    assert (answer.status, answer.json["code"], answer.json["subject"]) == (400, "invalid_ttl", str(seconds))
    assert daemon.listing() == []


@pytest.mark.parametrize("seconds", [-1, 2592001, 31557600000000])
def test_a_grace_that_cannot_be_is_400(daemon, seconds):
    answer = daemon.ask(dict(NAMES, owner_pid=os.getpid(), grace_seconds=seconds))
    assert (answer.status, answer.json["code"], answer.json["subject"]) == (400, "invalid_ttl", str(seconds))
    assert daemon.listing() == []


def test_a_grace_without_an_owner_is_400(daemon):
    assert daemon.ask(dict(NAMES, grace_seconds=7)).json["code"] == "invalid_request"
    assert daemon.listing() == []


@pytest.mark.parametrize("pid", [0, 1, -5, 2**31, 2**32 + os.getpid(), 2**63 - 1])
def test_a_number_that_can_be_no_owner_is_400(daemon, pid):
    answer = daemon.ask(dict(NAMES, owner_pid=pid))
    assert (answer.status, answer.json["code"], answer.json["subject"]) == (400, "invalid_owner", str(pid))
    assert daemon.listing() == []


def test_an_owner_that_is_gone_is_400(daemon, start):
    process = start("true")
    process.wait()
    answer = daemon.ask(dict(NAMES, owner_pid=process.pid))
    assert (answer.status, answer.json["code"], answer.json["subject"]) == (400, "invalid_owner", str(process.pid))
    assert daemon.listing() == []


@pytest.mark.skipif(not hasattr(os, "waitid"), reason="needs waitid(2)")
def test_an_owner_that_nobody_waited_for_is_400(daemon, start):
    process = start("true")
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert daemon.ask(dict(NAMES, owner_pid=process.pid)).json["code"] == "invalid_owner"
    assert daemon.listing() == []


@pytest.mark.skipif(os.getuid() != 0, reason="only root can start another user's process")
def test_another_user_s_process_is_400(daemon, start):
    process = start(user=65534, group=65534, extra_groups=[])
    answer = daemon.ask(dict(NAMES, owner_pid=process.pid))
    assert (answer.status, answer.json["code"]) == (400, "invalid_owner")
    assert daemon.listing() == []


@pytest.mark.parametrize("part", ["ttl_seconds", "owner_pid", "grace_seconds"])
@pytest.mark.parametrize("value", ["60", "", 1.5, 2**63, True, [], {}])
def test_what_is_no_number_is_400(daemon, part, value):
    answer = daemon.ask(dict(NAMES, owner_pid=os.getpid()) | {part: value})
    assert (answer.status, answer.json["code"]) == (400, "invalid_json")
    assert daemon.listing() == []


@pytest.mark.parametrize(
    "more",
    [{"tags": "web"}, {"tags": [""]}, {"tags": ["a\nb"]}, {"tags": ["x" * 129]}, {"tags": ["x"] * 33}, {"tags": [1]},
     {"metadata": []}, {"metadata": {"": "x"}}, {"metadata": {"a\nb": "x"}}, {"metadata": {"x" * 129: "x"}},
     {"metadata": {"a": "\u0000"}}, {"metadata": {"a": "x" * 1025}}, {"metadata": {"a": 1}}, {"metadata": {"a": None}},
     {"metadata": {str(n): "" for n in range(33)}}, {"face": "nobody"}, {"face": ""}, {"face": "Leases"}, {"face": 1},
     {"preferred": 65536}, {"preferred": -1}, {"preferred": "3000"}, {"exclusive": "yes"}, {"further": 1}],
    ids=lambda more: next(iter(more)),
)
def test_what_cannot_be_is_400(daemon, more):
    assert daemon.ask(dict(NAMES, **more)).status == 400
    assert daemon.listing() == []


def test_the_most_that_can_be_is_kept(daemon):
    most = {"tags": ["x" * 128] * 32, "metadata": {f"{n:0128}": "x" * 1024 for n in range(32)}, "ttl_seconds": 2592000}
    answer = daemon.ask(dict(NAMES, **most))
    assert answer.status == 201
    assert {key: answer.json[key] for key in ("tags", "metadata")} == {key: most[key] for key in ("tags", "metadata")}
    assert holds(daemon)[0]["seconds_left"] == 2592000


# Living and ending.


def test_a_time_to_live_ends_by_itself_and_not_before(daemon):
    asked = time.monotonic()
    daemon.ask(dict(NAMES, ttl_seconds=1))
    daemon.until(lambda: service(daemon, "web").status == 404)
    assert time.monotonic() - asked >= 1
    assert daemon.listing() == []


def test_a_heartbeat_renews_a_time_to_live(daemon):
    identifier = daemon.ask(dict(NAMES, ttl_seconds=2)).json["id"]
    path = f"/v1/allocations/{identifier}/heartbeat"
    end = time.monotonic() + 2.5

    def beaten_long_enough():
        answer = daemon.request("POST", path)
        assert answer.status == 200
        assert answer.json == daemon.wide()[0]
        assert answer.json["holds"] == [{"kind": "ttl", "face": "registry", "ttl_seconds": 2, "seconds_left": 2}]
        return time.monotonic() > end

    daemon.until(beaten_long_enough)


def test_a_heartbeat_is_for_one_face(daemon):
    identifier = daemon.ask(dict(NAMES, face="leases")).json["id"]
    path = f"/v1/allocations/{identifier}/heartbeat"
    assert daemon.request("POST", path, {"face": "leases"}).status == 200
    holder = daemon.listing()[0]
    for body in (None, {}, {"face": None}, {"face": "registry"}, {"face": "projects"}):
        answer = daemon.request("POST", path, body)
        assert (answer.status, answer.json["code"], answer.json["holder"]) == (404, "lease_not_found", holder)
    for face in ("nobody", "", 1, [], True):
        assert daemon.request("POST", path, {"face": face}).status == 400


def test_a_permanent_hold_needs_no_heartbeat(daemon):
    identifier = daemon.ask(NAMES).json["id"]
    answer = daemon.request("POST", f"/v1/allocations/{identifier}/heartbeat")
    assert (answer.status, answer.json["code"]) == (404, "lease_not_found")


def test_a_heartbeat_for_an_unknown_id_is_404_and_for_none_400(daemon):
    assert daemon.request("POST", "/v1/allocations/999999/heartbeat").json["code"] == "allocation_not_found"
    for identifier in ("x", "1.5", "%20", "99999999999999999999"):
        assert daemon.request("POST", f"/v1/allocations/{identifier}/heartbeat").status == 400


def test_renewing_never_shortens(daemon):
    identifier = daemon.ask(dict(NAMES, ttl_seconds=600)).json["id"]
    ensure(daemon, ttl_seconds=1)
    assert holds(daemon)[0]["seconds_left"] > 590
    daemon.request("POST", f"/v1/allocations/{identifier}/heartbeat")
    assert holds(daemon)[0]["seconds_left"] > 590


def test_a_face_renews_its_own_hold_and_adds_to_others(daemon):
    daemon.ask(dict(NAMES, ttl_seconds=60))
    ensure(daemon, ttl_seconds=600)
    ensure(daemon, face="leases", ttl_seconds=30)
    assert holds(daemon) == [
        {"kind": "ttl", "face": "registry", "ttl_seconds": 600, "seconds_left": 600},
        {"kind": "ttl", "face": "leases", "ttl_seconds": 30, "seconds_left": 30},
    ]


def test_an_owner_s_exit_ends_its_hold_soon(daemon, start):
    process = start()
    daemon.ask(dict(NAMES, owner_pid=process.pid))
    end(process)
    daemon.until(lambda: daemon.listing() == [], seconds=5)  # a second by DESIGN; this machine may be busy


def test_an_owner_that_nobody_waited_for_has_exited(daemon, start):
    process = start()
    daemon.ask(dict(NAMES, owner_pid=process.pid))
    process.send_signal(signal.SIGKILL)
    daemon.until(lambda: daemon.listing() == [])


def test_a_stopped_owner_lives(daemon, start):
    process = start()
    daemon.ask(dict(NAMES, owner_pid=process.pid))
    process.send_signal(signal.SIGSTOP)
    os.waitpid(process.pid, os.WUNTRACED)
    end = time.monotonic() + 1.5

    def watched_long_enough():
        assert holds(daemon)[0]["owner_alive"] is True
        return time.monotonic() > end

    daemon.until(watched_long_enough)


def test_an_owner_s_time_to_live_does_not_run_while_it_lives(daemon, start):
    daemon.ask(dict(NAMES, owner_pid=start().pid, ttl_seconds=1))
    end = time.monotonic() + 1.5

    def watched_long_enough():
        assert holds(daemon)[0]["owner_alive"] is True
        return time.monotonic() > end

    daemon.until(watched_long_enough)


def test_a_grace_begins_with_the_owner_s_exit(daemon, start):
    process = start()
    daemon.ask(dict(NAMES, owner_pid=process.pid, grace_seconds=1))
    exited = time.monotonic()
    end(process)
    daemon.until(lambda: daemon.listing() == [])
    assert time.monotonic() - exited >= 1


def test_a_permanent_hold_outlives_an_owner(daemon, start):
    process = start()
    allocation = daemon.ask(NAMES).json
    ensure(daemon, owner_pid=process.pid)
    assert [hold["kind"] for hold in holds(daemon)] == ["permanent", "process"]
    end(process)
    daemon.until(lambda: holds(daemon) == [{"kind": "permanent", "face": "registry"}])
    assert daemon.listing() == [allocation]


def test_an_owner_outlives_another(daemon, start):
    first, second = start(), start()
    daemon.ask(dict(NAMES, owner_pid=first.pid))
    ensure(daemon, owner_pid=second.pid)
    end(first)
    daemon.until(lambda: [hold["owner_pid"] for hold in holds(daemon)] == [second.pid])
    end(second)
    daemon.until(lambda: daemon.listing() == [])


# States.


def test_an_allocation_is_reserved_until_somebody_listens(daemon, start):
    port = daemon.ask(NAMES).json["port"]
    assert daemon.wide()[0]["state"] == "reserved"
    with socket.create_server(("127.0.0.1", port)):
        assert daemon.wide()[0]["state"] == "active"
    assert daemon.wide()[0]["state"] == "reserved"


def test_an_allocation_is_active_while_its_owner_listens(daemon, start):
    port = daemon.lowest_free(3000)
    process = listen(start, port)
    assert daemon.ask(dict(NAMES, port=port, adopt=True, owner_pid=process.pid)).status == 201
    assert daemon.wide()[0]["state"] == "active"
    assert ensure(daemon).json["port"] == port


def test_a_stranger_on_an_owner_s_port_is_a_conflict(daemon, start):
    port = daemon.ask(dict(NAMES, owner_pid=start().pid)).json["port"]
    with socket.create_server(("127.0.0.1", port)):
        assert daemon.wide()[0]["state"] == "conflict"
        answer = ensure(daemon, strict=True)
        assert (answer.status, answer.json["code"]) == (409, "remembered_port_taken")
        moved = ensure(daemon)
        assert moved.status == 200 and moved.json["port"] != port
        assert str(port) in moved.json["warnings"][0]


def test_a_stranger_is_who_runs_outside_the_project_s_folder(daemon, tmp_path):
    for folder, state in ((tmp_path, "conflict"), (os.getcwd(), "active")):
        project = {"root": str(folder), "folder": str(folder)}
        port = daemon.ask(dict(NAMES, app=state, project=project)).json["port"]
        with socket.create_server(("127.0.0.1", port)):
            assert daemon.wide()[-1]["state"] == state


def test_an_allocation_lingers_while_its_port_is_listened_on(daemon):
    allocation = daemon.ask(dict(NAMES, ttl_seconds=1)).json
    port = allocation["port"]
    with socket.create_server(("127.0.0.1", port)):
        daemon.until(lambda: daemon.wide()[0]["state"] == "lingering")
        assert holds(daemon) == []
        assert daemon.listing() == [allocation]
        answer = daemon.ask(dict(NAMES, app="other", port=port))
        assert (answer.status, answer.json["code"], answer.json["holder"]) == (409, "port_allocated", allocation)
        answer = daemon.request("POST", f"/v1/allocations/{allocation['id']}/heartbeat")
        assert (answer.status, answer.json["code"]) == (404, "lease_not_found")
    daemon.until(lambda: daemon.listing() == [])


def test_who_asks_again_for_a_lingering_port_has_it(daemon):
    port = daemon.ask(dict(NAMES, ttl_seconds=1)).json["port"]
    with socket.create_server(("127.0.0.1", port)):
        daemon.until(lambda: daemon.wide()[0]["state"] == "lingering")
        answer = ensure(daemon)
        assert (answer.status, answer.json["port"]) == (200, port)
        assert daemon.wide()[0]["state"] == "active"


# Names.


def test_a_service_is_found_with_all_its_ports(daemon):
    daemon.ask(dict(NAMES, tags=["a"]))
    daemon.ask(dict(NAMES, further=True))
    answer = service(daemon, "web")
    assert answer.status == 200
    listed = daemon.wide()
    assert answer.json == dict(
        NAMES, port=listed[0]["port"], all_ports=[item["port"] for item in listed], allocations=listed,
    )


def test_a_name_means_the_scope_s_own_service_first(daemon):
    own, other = (daemon.ask(dict(NAMES, instance=instance)).json for instance in ("main", "other"))
    for allocation in (own, other):
        found = service(daemon, "web", f"?app=myapp&instance={allocation['instance']}").json
        assert (found["instance"], found["port"]) == (allocation["instance"], allocation["port"])
    for query in ("", "?app=myapp", "?instance=main", "?app=myapp&instance=third", "?app=&instance=main"):
        answer = service(daemon, "web", query)
        assert (answer.status, answer.json["code"], answer.json["subject"]) == (409, "ambiguous_name", "web")
        assert sorted(answer.json["candidates"], key=lambda item: item["id"]) == [own, other]
    assert service(daemon, "web", method="HEAD").status == 409
    assert service(daemon, "myapp/other/web", "?app=myapp&instance=main").json["port"] == other["port"]


def test_an_exact_scope_means_no_other_service(daemon):
    daemon.ask(NAMES)
    for method in ("GET", "DELETE"):
        answer = service(daemon, "web", "?app=nobody&instance=main&exact=true", method=method)
        assert (answer.status, answer.json["code"]) == (404, "service_not_found")
    assert service(daemon, "web", "?app=myapp&instance=dev&exact=true").status == 200


@pytest.mark.parametrize("query", ["", "?app=nobody&instance=main"])
def test_a_name_out_of_scope_is_the_only_service_that_it_fits(daemon, query):
    port = daemon.ask(NAMES).json["port"]
    lease = daemon.request("POST", "/alloc", {"service_name": "my-api"}).json["port"]
    assert service(daemon, "web", query).json["port"] == port
    assert service(daemon, "my-api", query).json["port"] == lease
    for name in ("myapp", "dev", "my", "WEB", "myapp/dev/db", "web/default/default"):
        answer = service(daemon, name, query)
        assert (answer.status, answer.json["code"], answer.json["subject"]) == (404, "service_not_found", name)
        assert service(daemon, name, query, "HEAD").status == 404
        assert service(daemon, name, query, "DELETE").status == 404


def test_a_scope_s_app_is_the_one_that_its_folder_was_given(daemon, tmp_path):
    ports = {}
    for parent in ("client", "server"):
        folder = tmp_path / parent / "api"
        folder.mkdir(parents=True)
        project = {"root": str(folder), "folder": str(folder)}
        names = {"app": "api", "instance": "main", "service": "web"}
        ports[folder] = daemon.ask(dict(names, project=project)).json["port"]
    for folder, port in ports.items():
        query = urllib.parse.urlencode({"app": "api", "instance": "main", "root": folder})
        assert service(daemon, "web", f"?{query}").json["port"] == port
    assert service(daemon, "web", "?app=api&instance=main&root=relative").status == 400


@pytest.mark.parametrize(
    "name",
    ["a+b", "a b", "a/b", "@a/b", "a%41", "100%", "a&b=c", "a#b?c", "a;b", "ä/ö", "..", "日本", ":id", "*"],
)
def test_any_name_can_be_said_in_a_path(daemon, name):
    daemon.ask(dict(NAMES, service="a-b"))
    port = daemon.ask({"app": name, "instance": "default", "service": "default"}).json["port"]
    assert service(daemon, name).json["port"] == port
    assert service(daemon, name, method="DELETE").json["port"] == port
    assert service(daemon, name).status == 404


def test_an_identity_s_slashes_are_encoded_and_a_plus_is_a_plus(daemon):
    port = daemon.ask({"app": "a+b", "instance": "feature/login", "service": "web"}).json["port"]
    for path in ("a%2Bb%2Ffeature%2Flogin%2Fweb", "a+b%2ffeature%2flogin%2fweb"):
        assert daemon.request("GET", f"/v1/services/{path}").json["port"] == port
    assert daemon.request("GET", "/v1/services/a%20b%2Ffeature%2Flogin%2Fweb").status == 404
    assert daemon.request("GET", "/v1/services/a+b/feature/login/web").json["code"] == "no_such_route"


@pytest.mark.parametrize("path", ["%20", "a%0Ab", "a%00b", "%E2%80%AE", "x" * 129, "a%2F%2Fb", "%2Fa%2Fb"])
def test_what_is_no_name_is_400(daemon, path):
    for method in ("GET", "DELETE", "HEAD"):
        assert daemon.request(method, f"/v1/services/{path}").status == 400


@pytest.mark.parametrize("path", ["%FF", "a%C3%28b", "%ED%A0%80"])
def test_what_is_no_text_is_400(daemon, path):
    daemon.ask(dict(NAMES, service="\ufffd"))
    for method in ("GET", "DELETE"):
        assert daemon.request(method, f"/v1/services/{path}").status == 400


@pytest.mark.parametrize("query", ["app=a%0Ab&instance=main", f"app=myapp&instance={'x' * 129}"])
def test_what_is_no_scope_is_400(daemon, query):
    assert service(daemon, "web", f"?{query}").status == 400
    assert service(daemon, "web", f"?{query}", "DELETE").status == 400


def test_a_service_is_released_with_all_its_ports_once(daemon):
    daemon.ask(NAMES)
    daemon.ask(dict(NAMES, further=True))
    witness = daemon.ask(dict(NAMES, service="db")).json
    before = daemon.listing()[:2]
    answer = service(daemon, "web", "?app=myapp&instance=dev", "DELETE")
    assert answer.status == 200
    assert answer.json == dict(
        NAMES, port=before[0]["port"], all_ports=[item["port"] for item in before], allocations=before,
    )
    assert daemon.listing() == [witness]
    answer = service(daemon, "web", "?app=myapp&instance=dev", "DELETE")
    assert (answer.status, answer.json["code"]) == (404, "service_not_found")


def test_an_ambiguous_name_releases_nothing(daemon):
    for app in ("one", "two"):
        daemon.ask(dict(NAMES, app=app))
    answer = service(daemon, "web", method="DELETE")
    assert (answer.status, [item["app"] for item in answer.json["candidates"]]) == (409, ["one", "two"])
    assert len(daemon.listing()) == 2


def test_head_is_get_without_the_body(daemon):
    daemon.ask(NAMES)
    get, head = service(daemon, "web"), service(daemon, "web", method="HEAD")
    assert head.status == get.status == 200
    assert head.headers["Content-Length"] == get.headers["Content-Length"]
    assert head.body == b""
