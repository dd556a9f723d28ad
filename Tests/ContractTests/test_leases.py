"""The HTTP API of PortManager's leases (docs/compatibility.md): every request and answer, with later additions."""

import re
import socket
import time

import pytest

NAMES = {"app": "myapp", "instance": "dev", "service": "postgres"}
LEASE = {"port": int, "service_name": str, "allocated_at": str, "last_heartbeat": str, "ttl_seconds": int, "tags": list}


def alloc(daemon, name, **more):
    return daemon.request("POST", "/alloc", dict(more, service_name=name))


def lookup(daemon, name):
    return daemon.request("GET", f"/lookup?service={name}")


def test_lease_has_the_documented_keys(daemon):
    answer = daemon.request("POST", "/alloc", {"service_name": "my-api", "ttl_seconds": 300}, over="tcp")
    assert answer.status == 200
    assert set(answer.json) == {"port", "lease"}
    lease = answer.json["lease"]
    assert {key: type(value) for key, value in lease.items()} == LEASE
    assert (lease["port"], lease["service_name"], lease["ttl_seconds"]) == (answer.json["port"], "my-api", 300)
    assert lease["tags"] == []
    assert lease["last_heartbeat"] == lease["allocated_at"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", lease["allocated_at"])


def test_lookup_finds_a_lease_by_its_name(daemon):
    lease = alloc(daemon, "my-api").json["lease"]
    answer = daemon.request("GET", "/lookup?service=my-api", over="tcp")
    assert (answer.status, answer.json) == (
        200,
        {
            "service_name": "my-api", "port": lease["port"], "all_ports": [lease["port"]], "lease": lease,
            "verdict": "none",
        },
    )


def test_lookup_of_an_unknown_name_is_200_without_a_port(daemon):
    answer = lookup(daemon, "nobody")
    assert (answer.status, answer.json) == (
        200, {"service_name": "nobody", "port": None, "all_ports": [], "lease": None},
    )


def test_second_lease_of_a_name_gets_another_port(daemon):
    first, second = (alloc(daemon, "my-api").json["lease"] for _ in range(2))
    assert first["port"] != second["port"]
    found = lookup(daemon, "my-api").json
    assert (found["port"], found["all_ports"], found["lease"]) == (
        first["port"], [first["port"], second["port"]], first,
    )
    assert daemon.request("POST", "/release", {"port": first["port"]}).status == 200
    found = lookup(daemon, "my-api").json
    assert (found["port"], found["all_ports"], found["lease"]) == (second["port"], [second["port"]], second)
    assert alloc(daemon, "my-api").json["port"] == first["port"]


def test_leases_get_the_lowest_free_ports_from_8000(daemon):
    for name in ("a", "b", "c"):
        lowest = daemon.lowest_free(8000)
        assert alloc(daemon, name).json["port"] == lowest <= 9000


def test_name_gets_its_previous_port(daemon):
    ports = [alloc(daemon, name).json["port"] for name in ("a", "b")]
    for port in ports:
        daemon.request("POST", "/release", {"port": port})
    assert [alloc(daemon, name).json["port"] for name in ("b", "a")] == ports[::-1]


def test_tags_are_stored_with_the_lease(daemon):
    lease = alloc(daemon, "my-api", tags=["web", "näh"]).json["lease"]
    assert lease["tags"] == ["web", "näh"]
    assert daemon.request("GET", "/list").json == [lease]
    assert alloc(daemon, "other", tags=None).json["lease"]["tags"] == []


def test_list_shows_allocations_of_every_face(daemon):
    assert daemon.request("GET", "/list").json == []
    lease = alloc(daemon, "my-api").json["lease"]
    port = daemon.allocate(NAMES).json["port"]
    listed = daemon.request("GET", "/list", over="tcp").json
    assert listed[0] == lease
    assert {key: listed[1][key] for key in ("port", "service_name", "ttl_seconds", "tags")} == {
        "port": port, "service_name": "myapp/dev/postgres", "ttl_seconds": None, "tags": [],
    }
    assert len(listed) == 2


def test_name_of_three_parts_is_a_full_identity_and_any_other_text_a_name(daemon):
    assert alloc(daemon, "myapp/login/web").json["lease"]["service_name"] == "myapp/login/web"
    only = daemon.listing()[0]
    assert (only["app"], only["instance"], only["service"]) == ("myapp", "login", "web")
    assert lookup(daemon, "myapp%2Flogin/web").json["port"] == only["port"]
    for name, app in (
        ("a/b", "a/b"), ("@shop/web", "@shop/web"), ("@shop/web/main/api", "@shop/web"), ("/home/u/a", "/home/u/a"),
        ("http://x/y", "http://x/y"), ("a//b", "a//b"), ("a/b/c/d", "a/b/c/d"),
    ):
        assert alloc(daemon, name).json["lease"]["service_name"] == name
        assert daemon.listing()[-1]["app"] == app


def test_plus_in_a_query_is_a_space_and_an_encoded_plus_is_literal(daemon):
    space, plus = (alloc(daemon, name).json["port"] for name in ("a b", "a+b"))
    assert [lookup(daemon, name).json["port"] for name in ("a+b", "a%20b", "a%2Bb")] == [space, space, plus]


@pytest.mark.parametrize("name", ["postgres", "myapp/dev/postgres"])
def test_lookup_finds_a_project_service_while_its_name_is_unique(daemon, name):
    port = daemon.allocate(NAMES).json["port"]
    found = lookup(daemon, name).json
    assert (found["service_name"], found["port"], found["all_ports"]) == (name, port, [port])
    assert found["lease"]["service_name"] == "myapp/dev/postgres"


def test_ambiguous_name_is_409_with_the_candidates(daemon):
    candidates = [daemon.allocate(NAMES).json, daemon.allocate(dict(NAMES, app="other")).json]
    alloc(daemon, "postgres")
    candidates.append(daemon.listing()[2])
    answer = lookup(daemon, "postgres")
    assert (answer.status, answer.json["code"], answer.json["subject"]) == (409, "ambiguous_name", "postgres")
    assert sorted(answer.json["candidates"], key=lambda item: item["id"]) == candidates
    assert lookup(daemon, "other/dev/postgres").json["port"] == candidates[1]["port"]
    assert daemon.request("HEAD", "/lookup?service=postgres").status == 409


@pytest.mark.parametrize("query", ["", "?", "?service=", "?service=%20", "?name=my-api", "?service=a%0Ab",
                                   "?service=a%0Ax/b/c", f"?service={'x' * 129}"])
def test_lookup_without_a_name_is_400(daemon, query):
    assert daemon.request("GET", f"/lookup{query}").status == 400
    assert daemon.request("HEAD", f"/lookup{query}").status == 400


def test_heartbeat_renews_a_lease_with_an_empty_answer(daemon):
    lease = alloc(daemon, "my-api", ttl_seconds=60).json["lease"]

    def renewed():
        answer = daemon.request("POST", "/heartbeat", {"port": lease["port"]}, over="tcp")
        assert (answer.status, answer.body) == (200, b"")
        now = lookup(daemon, "my-api").json["lease"]
        assert dict(now, last_heartbeat=None) == dict(lease, last_heartbeat=None)
        return now["last_heartbeat"] > lease["last_heartbeat"]

    daemon.until(renewed)


def test_lease_ends_after_its_last_heartbeat(daemon):
    port = alloc(daemon, "my-api", ttl_seconds=1).json["port"]
    end = time.monotonic() + 1.5

    def renewed_long_enough():
        assert daemon.request("POST", "/heartbeat", {"port": port}).status == 200
        return time.monotonic() > end

    daemon.until(renewed_long_enough)
    daemon.until(lambda: lookup(daemon, "my-api").json["port"] is None)
    assert daemon.request("POST", "/heartbeat", {"port": port}).status == 404


def test_heartbeat_for_an_unknown_port_is_404(daemon):
    answer = daemon.request("POST", "/heartbeat", {"port": 8999})
    assert (answer.status, answer.json["code"]) == (404, "allocation_not_found")


@pytest.mark.parametrize("hold", [{}, {"ttl_seconds": 60}], ids=["permanent", "another face's"])
def test_heartbeat_does_not_renew_other_holds(daemon, hold):
    holder = daemon.allocate(dict(NAMES, **hold)).json
    answer = daemon.request("POST", "/heartbeat", {"port": holder["port"]})
    assert (answer.status, answer.json["code"], answer.json["holder"]) == (404, "lease_not_found", holder)


def test_release_succeeds_once_with_an_empty_answer(daemon):
    port = alloc(daemon, "my-api").json["port"]
    answer = daemon.request("POST", "/release", {"port": port}, over="tcp")
    assert (answer.status, answer.body) == (200, b"")
    assert daemon.listing() == []
    answer = daemon.request("POST", "/release", {"port": port})
    assert (answer.status, answer.json["code"], answer.json["subject"]) == (404, "allocation_not_found", str(port))


def test_release_ends_all_holds_of_any_face(daemon, start):
    port = daemon.allocate(NAMES).json["port"]
    daemon.allocate(dict(NAMES, ensure=True, face="projects", owner_pid=start().pid))
    daemon.allocate(dict(NAMES, ensure=True, face="leases"))
    assert len(daemon.wide()[0]["holds"]) == 3
    assert daemon.request("POST", "/release", {"port": port}).status == 200
    assert daemon.listing() == []


@pytest.mark.parametrize("path", ["/release", "/heartbeat"])
@pytest.mark.parametrize("port", [None, 0, -1, 65536, 2**40, 2**64, "8000", 8000.5, True, [], {}])
def test_invalid_port_is_400(daemon, path, port):
    alloc(daemon, "witness")
    before = daemon.wide()
    assert daemon.request("POST", path, {"port": port}).status == 400
    assert daemon.request("POST", path, {}).status == 400
    assert [item["id"] for item in daemon.wide()] == [item["id"] for item in before]


@pytest.mark.parametrize("name", ["", " ", "a\nb", "a\u0000b", "a\u202eb", "\u200b", "x" * 129, "e" + "\u0301" * 600,
                                  "a\nx/b/c", 7, None, [], {}, True], ids=range(14))
def test_invalid_name_is_400(daemon, name):
    assert alloc(daemon, name).status == 400
    assert daemon.listing() == []


def test_missing_name_is_400(daemon):
    answer = daemon.request("POST", "/alloc", {"ttl_seconds": 300})
    assert (answer.status, answer.json["code"]) == (400, "invalid_name")


@pytest.mark.parametrize("ttl", [0, -1, 2592001, 31557600000000, -(2**63)])
def test_ttl_out_of_range_is_400(daemon, ttl):
    answer = alloc(daemon, "my-api", ttl_seconds=ttl)
    assert (answer.status, answer.json["code"], answer.json["subject"]) == (400, "invalid_ttl", str(ttl))
    assert daemon.listing() == []


@pytest.mark.parametrize("ttl", ["300", "", "forever", 2**63, 1.5, 1e30, True, [], {}])
def test_ttl_that_is_not_an_integer_is_400(daemon, ttl):
    answer = alloc(daemon, "my-api", ttl_seconds=ttl)
    assert (answer.status, answer.json["code"]) == (400, "invalid_json")
    assert daemon.listing() == []


@pytest.mark.parametrize("body, ttl", [({}, 300), ({"ttl_seconds": None}, 300), ({"ttl_seconds": 1}, 1),
                                       ({"ttl_seconds": 2592000}, 2592000)])
def test_ttl_is_300_seconds_unless_given(daemon, body, ttl):
    assert alloc(daemon, "my-api", **body).json["lease"]["ttl_seconds"] == ttl
    assert daemon.wide()[0]["holds"] == [{"kind": "ttl", "face": "leases", "ttl_seconds": ttl, "seconds_left": ttl}]


@pytest.mark.parametrize("tags", ["web", [""], ["a\nb"], ["x" * 129], ["x"] * 33, [1], {"a": "b"}, [["a"]]])
def test_invalid_tags_are_400(daemon, tags):
    assert alloc(daemon, "my-api", tags=tags).status == 400
    assert daemon.listing() == []


def test_full_pool_is_503_and_names_the_range(daemon_with_two_leases):
    daemon = daemon_with_two_leases
    ports = [daemon.first_lease, daemon.first_lease + 1]
    assert [alloc(daemon, "greedy").json["port"] for _ in ports] == ports
    answer = alloc(daemon, "late")
    pool = f"{ports[0]}-{ports[1]}"
    assert (answer.status, answer.json["code"], answer.json["subject"]) == (503, "pool_full", pool)
    assert pool in answer.json["error"] and "greedy" in answer.json["error"]
    assert answer.json["hint"]
    assert daemon.request("POST", "/release", {"port": ports[0]}).status == 200
    assert alloc(daemon, "late").json["port"] == ports[0]


def test_busy_port_is_not_leased(daemon):
    port = daemon.lowest_free(8000)
    with socket.create_server(("127.0.0.1", port)):
        assert alloc(daemon, "my-api").json["port"] != port


def test_head_returns_the_headers_of_get(daemon):
    alloc(daemon, "my-api")
    for path in ("/list", "/lookup?service=my-api", "/lookup?service=nobody"):
        get, head = daemon.request("GET", path), daemon.request("HEAD", path)
        assert head.status == get.status == 200
        assert head.headers["Content-Length"] == get.headers["Content-Length"]
        assert head.body == b""
