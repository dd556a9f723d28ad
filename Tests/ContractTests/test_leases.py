"""Every request and response of seed 003's API reference, and what was added to them."""

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


def test_a_lease_has_the_documented_keys(daemon):
    answer = daemon.request("POST", "/alloc", {"service_name": "my-api", "ttl_seconds": 300}, over="tcp")
    assert answer.status == 200
    assert set(answer.json) == {"port", "lease"}
    lease = answer.json["lease"]
    assert {key: type(value) for key, value in lease.items()} == LEASE
    assert (lease["port"], lease["service_name"], lease["ttl_seconds"]) == (answer.json["port"], "my-api", 300)
    assert lease["tags"] == []
    assert lease["last_heartbeat"] == lease["allocated_at"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", lease["allocated_at"])


def test_a_lease_is_found_by_its_name(daemon):
    lease = alloc(daemon, "my-api").json["lease"]
    answer = daemon.request("GET", "/lookup?service=my-api", over="tcp")
    assert (answer.status, answer.json) == (
        200, {"service_name": "my-api", "port": lease["port"], "all_ports": [lease["port"]], "lease": lease},
    )


def test_an_unknown_name_has_no_port_and_is_no_error(daemon):
    answer = lookup(daemon, "nobody")
    assert (answer.status, answer.json) == (
        200, {"service_name": "nobody", "port": None, "all_ports": [], "lease": None},
    )


def test_a_second_lease_of_one_name_is_a_further_port(daemon):
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


def test_leases_have_the_lowest_free_ports_from_8000_on(daemon):
    for name in ("a", "b", "c"):
        lowest = daemon.lowest_free(8000)
        assert alloc(daemon, name).json["port"] == lowest <= 9000


def test_a_name_gets_the_port_that_it_had(daemon):
    ports = [alloc(daemon, name).json["port"] for name in ("a", "b")]
    for port in ports:
        daemon.request("POST", "/release", {"port": port})
    assert [alloc(daemon, name).json["port"] for name in ("b", "a")] == ports[::-1]


def test_tags_stay_with_the_lease(daemon):
    lease = alloc(daemon, "my-api", tags=["web", "näh"]).json["lease"]
    assert lease["tags"] == ["web", "näh"]
    assert daemon.request("GET", "/list").json == [lease]
    assert alloc(daemon, "other", tags=None).json["lease"]["tags"] == []


def test_the_listing_shows_every_allocation_of_the_machine(daemon):
    assert daemon.request("GET", "/list").json == []
    lease = alloc(daemon, "my-api").json["lease"]
    port = daemon.ask(NAMES).json["port"]
    listed = daemon.request("GET", "/list", over="tcp").json
    assert listed[0] == lease
    assert {key: listed[1][key] for key in ("port", "service_name", "ttl_seconds", "tags")} == {
        "port": port, "service_name": "myapp/dev/postgres", "ttl_seconds": None, "tags": [],
    }
    assert len(listed) == 2


def test_a_name_with_slashes_is_a_whole_identity(daemon):
    assert alloc(daemon, "myapp/feature/login/web").json["lease"]["service_name"] == "myapp/feature/login/web"
    only = daemon.listing()[0]
    assert (only["app"], only["instance"], only["service"]) == ("myapp", "feature/login", "web")
    assert lookup(daemon, "myapp%2Ffeature/login/web").json["port"] == only["port"]
    for name, app in (("a/b", "a/b"), ("@shop/web", "@shop/web"), ("@shop/web/main/api", "@shop/web")):
        assert alloc(daemon, name).json["lease"]["service_name"] == name
        assert daemon.listing()[-1]["app"] == app


def test_a_plus_in_a_query_is_a_space_and_an_encoded_one_is_a_plus(daemon):
    space, plus = (alloc(daemon, name).json["port"] for name in ("a b", "a+b"))
    assert [lookup(daemon, name).json["port"] for name in ("a+b", "a%20b", "a%2Bb")] == [space, space, plus]


@pytest.mark.parametrize("name", ["postgres", "myapp/dev/postgres"])
def test_a_project_s_service_is_found_while_its_name_is_unique(daemon, name):
    port = daemon.ask(NAMES).json["port"]
    found = lookup(daemon, name).json
    assert (found["service_name"], found["port"], found["all_ports"]) == (name, port, [port])
    assert found["lease"]["service_name"] == "myapp/dev/postgres"


def test_a_name_that_fits_several_services_is_a_409_with_the_candidates(daemon):
    candidates = [daemon.ask(NAMES).json, daemon.ask(dict(NAMES, app="other")).json]
    alloc(daemon, "postgres")
    candidates.append(daemon.listing()[2])
    answer = lookup(daemon, "postgres")
    assert (answer.status, answer.json["code"], answer.json["subject"]) == (409, "ambiguous_name", "postgres")
    assert sorted(answer.json["candidates"], key=lambda item: item["id"]) == candidates
    assert lookup(daemon, "other/dev/postgres").json["port"] == candidates[1]["port"]
    assert daemon.request("HEAD", "/lookup?service=postgres").status == 409


@pytest.mark.parametrize("query", ["", "?", "?service=", "?service=%20", "?name=my-api", "?service=a%0Ab",
                                   "?service=a//b", f"?service={'x' * 129}"])
def test_a_look_up_without_a_name_is_400(daemon, query):
    assert daemon.request("GET", f"/lookup{query}").status == 400
    assert daemon.request("HEAD", f"/lookup{query}").status == 400


def test_a_heartbeat_renews_a_lease_and_says_nothing(daemon):
    lease = alloc(daemon, "my-api", ttl_seconds=60).json["lease"]

    def renewed():
        answer = daemon.request("POST", "/heartbeat", {"port": lease["port"]}, over="tcp")
        assert (answer.status, answer.body) == (200, b"")
        now = lookup(daemon, "my-api").json["lease"]
        assert dict(now, last_heartbeat=None) == dict(lease, last_heartbeat=None)
        return now["last_heartbeat"] > lease["last_heartbeat"]

    daemon.until(renewed)


def test_a_lease_lives_while_its_heart_beats_and_no_longer(daemon):
    port = alloc(daemon, "my-api", ttl_seconds=1).json["port"]
    end = time.monotonic() + 1.5

    def beaten_long_enough():
        assert daemon.request("POST", "/heartbeat", {"port": port}).status == 200
        return time.monotonic() > end

    daemon.until(beaten_long_enough)
    daemon.until(lambda: lookup(daemon, "my-api").json["port"] is None)
    assert daemon.request("POST", "/heartbeat", {"port": port}).status == 404


def test_a_heartbeat_for_an_unknown_port_is_404(daemon):
    answer = daemon.request("POST", "/heartbeat", {"port": 8999})
    assert (answer.status, answer.json["code"]) == (404, "allocation_not_found")


@pytest.mark.parametrize("hold", [{}, {"ttl_seconds": 60}], ids=["permanent", "another face's"])
def test_a_heartbeat_renews_no_other_hold(daemon, hold):
    holder = daemon.ask(dict(NAMES, **hold)).json
    answer = daemon.request("POST", "/heartbeat", {"port": holder["port"]})
    assert (answer.status, answer.json["code"], answer.json["holder"]) == (404, "lease_not_found", holder)


def test_a_release_says_nothing_and_happens_once(daemon):
    port = alloc(daemon, "my-api").json["port"]
    answer = daemon.request("POST", "/release", {"port": port}, over="tcp")
    assert (answer.status, answer.body) == (200, b"")
    assert daemon.listing() == []
    answer = daemon.request("POST", "/release", {"port": port})
    assert (answer.status, answer.json["code"], answer.json["subject"]) == (404, "allocation_not_found", str(port))


def test_a_release_ends_an_allocation_of_any_face_with_all_its_holds(daemon, start):
    port = daemon.ask(NAMES).json["port"]
    daemon.ask(dict(NAMES, ensure=True, face="projects", owner_pid=start().pid))
    daemon.ask(dict(NAMES, ensure=True, face="leases"))
    assert len(daemon.wide()[0]["holds"]) == 3
    assert daemon.request("POST", "/release", {"port": port}).status == 200
    assert daemon.listing() == []


@pytest.mark.parametrize("path", ["/release", "/heartbeat"])
@pytest.mark.parametrize("port", [None, 0, -1, 65536, 2**40, 2**64, "8000", 8000.5, True, [], {}])
def test_what_is_no_port_is_400(daemon, path, port):
    alloc(daemon, "witness")
    before = daemon.wide()
    assert daemon.request("POST", path, {"port": port}).status == 400
    assert daemon.request("POST", path, {}).status == 400
    assert [item["id"] for item in daemon.wide()] == [item["id"] for item in before]


@pytest.mark.parametrize("name", ["", " ", "a\nb", "a\u0000b", "a\u202eb", "\u200b", "x" * 129, "e" + "\u0301" * 600,
                                  "a//b", "/a/b", "a/b/", 7, None, [], {}, True], ids=range(16))
def test_a_bad_name_is_400(daemon, name):
    assert alloc(daemon, name).status == 400
    assert daemon.listing() == []


def test_a_missing_name_is_400(daemon):
    answer = daemon.request("POST", "/alloc", {"ttl_seconds": 300})
    assert (answer.status, answer.json["code"]) == (400, "invalid_name")


@pytest.mark.parametrize("ttl", [0, -1, 2592001, 31557600000000, -(2**63)])
def test_a_time_to_live_that_cannot_be_is_400(daemon, ttl):
    answer = alloc(daemon, "my-api", ttl_seconds=ttl)
    assert (answer.status, answer.json["code"], answer.json["subject"]) == (400, "invalid_ttl", str(ttl))
    assert daemon.listing() == []


@pytest.mark.parametrize("ttl", ["300", "", "forever", 2**63, 1.5, 1e30, True, [], {}])
def test_a_time_to_live_that_is_no_number_is_400(daemon, ttl):
    answer = alloc(daemon, "my-api", ttl_seconds=ttl)
    assert (answer.status, answer.json["code"]) == (400, "invalid_json")
    assert daemon.listing() == []


@pytest.mark.parametrize("body, ttl", [({}, 300), ({"ttl_seconds": None}, 300), ({"ttl_seconds": 1}, 1),
                                       ({"ttl_seconds": 2592000}, 2592000)])
def test_a_time_to_live_is_300_seconds_or_what_was_asked_for(daemon, body, ttl):
    assert alloc(daemon, "my-api", **body).json["lease"]["ttl_seconds"] == ttl
    assert daemon.wide()[0]["holds"] == [{"kind": "ttl", "face": "leases", "ttl_seconds": ttl, "seconds_left": ttl}]


@pytest.mark.parametrize("tags", ["web", [""], ["a\nb"], ["x" * 129], ["x"] * 33, [1], {"a": "b"}, [["a"]]])
def test_tags_that_cannot_be_are_400(daemon, tags):
    assert alloc(daemon, "my-api", tags=tags).status == 400
    assert daemon.listing() == []


def test_a_full_pool_is_a_503_that_names_the_range(daemon_with_two_leases):
    daemon = daemon_with_two_leases
    # A port that somebody else listens on counts as taken.
    ports = [port for port in (8000, 8001) if daemon.request("GET", f"/v1/ports/{port}").json["available"]]
    assert [alloc(daemon, "greedy").json["port"] for _ in ports] == ports
    answer = alloc(daemon, "late")
    assert (answer.status, answer.json["code"], answer.json["subject"]) == (503, "pool_full", "8000-8001")
    assert "8000-8001" in answer.json["error"]
    assert answer.json["hint"]
    if ports:
        assert "greedy" in answer.json["error"]
        assert daemon.request("POST", "/release", {"port": ports[0]}).status == 200
        assert alloc(daemon, "late").json["port"] == ports[0]


def test_a_busy_port_is_not_leased(daemon):
    port = daemon.lowest_free(8000)
    with socket.create_server(("127.0.0.1", port)):
        assert alloc(daemon, "my-api").json["port"] != port


def test_head_is_get_without_the_body(daemon):
    alloc(daemon, "my-api")
    for path in ("/list", "/lookup?service=my-api", "/lookup?service=nobody"):
        get, head = daemon.request("GET", path), daemon.request("HEAD", path)
        assert head.status == get.status == 200
        assert head.headers["Content-Length"] == get.headers["Content-Length"]
        assert head.body == b""
