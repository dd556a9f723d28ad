"""The HTTP API of port-server's allocations (docs/compatibility.md): every request and answer, with later additions."""

import re
import socket

import openapi_spec_validator

NAMES = {"app": "myapp", "instance": "dev", "service": "postgres"}
KEYS = {"id", "app", "instance", "service", "port", "created_at"}


def test_the_document_is_valid_openapi_3_1(daemon):
    assert daemon.document["openapi"].startswith("3.1")
    openapi_spec_validator.validate(daemon.document)


def test_every_example_matches_its_schema(daemon):
    def examples(part):
        if isinstance(part, dict):
            if "example" in part and "schema" in part:
                yield part["example"], part["schema"]
            for item in part.values():
                yield from examples(item)
        elif isinstance(part, list):
            for item in part:
                yield from examples(item)

    found = list(examples(daemon.document))
    assert found
    for example, schema in found:
        daemon.validate(example, schema)


def test_health_is_ok(daemon):
    for over in ("socket", "tcp"):
        answer = daemon.request("GET", "/healthz", over=over)
        assert (answer.status, answer.json) == (200, {"status": "ok"})


def test_allocation_has_the_documented_keys(daemon):
    port = daemon.lowest_free(25432)
    answer = daemon.allocate(dict(NAMES, port=port))
    assert answer.status == 201
    assert set(answer.json) == KEYS
    assert answer.json["port"] == port
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", answer.json["created_at"])
    assert type(answer.json["id"]) is int


def test_registry_chooses_a_port_when_none_or_0_is_requested(daemon):
    first = daemon.allocate(NAMES).json["port"]
    assert first >= 3000
    assert daemon.allocate(dict(NAMES, service="web", port=0)).json["port"] > first
    assert daemon.allocate(dict(NAMES, service="api", port=None)).status == 201


def test_requesting_an_allocated_port_is_409_with_its_holder(daemon):
    port = daemon.lowest_free(25432)
    holder = daemon.allocate(dict(NAMES, port=port)).json
    answer = daemon.allocate({"app": "other", "instance": "dev", "service": "db", "port": port})
    assert answer.status == 409
    assert answer.json["error"] == "port already allocated"
    assert answer.json["code"] == "port_allocated"
    assert answer.json["holder"] == holder


def test_allocating_a_service_twice_is_409_with_its_holder(daemon):
    holder = daemon.allocate(NAMES).json
    answer = daemon.allocate(NAMES)
    assert answer.status == 409
    assert answer.json["error"] == "service already allocated"
    assert answer.json["holder"] == holder


def test_requesting_a_busy_port_is_409_unless_it_is_adopted(daemon):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        answer = daemon.allocate(dict(NAMES, port=port))
        assert (answer.status, answer.json["error"]) == (409, "port in use on system")
        assert "holder" not in answer.json
        state = daemon.request("GET", f"/v1/ports/{port}").json
        assert state.pop("listeners")
        assert state == {"port": port, "available": False, "in_use": True}
        answer = daemon.allocate(dict(NAMES, port=port, adopt=True))
        assert answer.status == 201
        assert answer.json["warnings"]  # the port is in the ephemeral range
        wide = daemon.request("GET", "/v1/allocations?wide=true").json
        assert wide[0]["state"] == "active"
        assert wide[0]["holds"] == [{"kind": "permanent", "face": "registry"}]


def test_adopt_without_a_port_is_400(daemon):
    assert daemon.allocate(dict(NAMES, adopt=True)).status == 400


def test_ensure_returns_the_existing_allocation(daemon):
    first = daemon.allocate(dict(NAMES, ensure=True))
    again = daemon.allocate(dict(NAMES, ensure=True))
    assert (first.status, again.status) == (201, 200)
    assert again.json == first.json
    assert daemon.allocate(dict(NAMES, ensure=True, port=first.json["port"])).status == 200
    assert daemon.allocate(dict(NAMES, ensure=True, port=first.json["port"] + 1)).status == 409


def test_strict_refuses_another_port_than_the_remembered_one(daemon):
    port = daemon.allocate(NAMES).json["port"]
    daemon.request("DELETE", "/v1/allocations", NAMES)
    with socket.create_server(("127.0.0.1", port)):
        answer = daemon.allocate(dict(NAMES, strict=True))
        assert (answer.status, answer.json["code"]) == (409, "remembered_port_taken")
        moved = daemon.allocate(NAMES)
        assert moved.status == 201 and moved.json["port"] != port and moved.json["warnings"]


def test_second_directory_of_the_same_name_is_another_app(daemon, tmp_path, unique):
    names = {"app": unique, "instance": "main", "service": "web"}
    apps = []
    for parent in ("client", "server"):
        directory = tmp_path / parent / unique
        directory.mkdir(parents=True)
        project = {"root": str(directory), "folder": str(directory)}
        apps.append(daemon.allocate(dict(names, project=project)).json["app"])
        listed = daemon.request("GET", f"/v1/allocations?app={unique}&root={directory}&wide=true").json
        assert [item["app"] for item in listed] == [apps[-1]]
        assert listed[0]["folder"] == str(directory)
    assert apps == [unique, f"server-{unique}"]


def test_listing_applies_filters_and_may_be_empty(daemon):
    assert daemon.listing() == []
    daemon.allocate(NAMES)
    daemon.allocate(dict(NAMES, service="web"))
    daemon.allocate(dict(NAMES, app="other"))
    for query, count in {
        "": 3, "?app=myapp": 2, "?app=myapp&instance=dev&service=postgres": 1, "?service=postgres": 2,
        "?app=nobody": 0, "?app=": 3, "?port=0": 3, "?nonsense=1": 3, "?app=my%61pp": 2,
    }.items():
        answer = daemon.request("GET", f"/v1/allocations{query}")
        assert (answer.status, len(answer.json)) == (200, count), query


def test_port_status_is_available_or_names_the_holder(daemon):
    holder = daemon.allocate(NAMES).json
    port = holder["port"]
    assert daemon.request("GET", f"/v1/ports/{port}").json == {
        "port": port, "available": False, "in_use": False, "holder": holder,
    }
    port = daemon.unsuitable_port()
    assert daemon.request("GET", f"/v1/ports/{port}").json == {
        "port": port, "available": True, "in_use": False,
        "warnings": [f"browsers refuse to connect to port {port}"],
    }


def test_releasing_by_id_succeeds_once(daemon):
    path = f"/v1/allocations/{daemon.allocate(NAMES).json['id']}"
    answer = daemon.request("DELETE", path)
    assert (answer.status, answer.json) == (200, {"status": "deleted"})
    answer = daemon.request("DELETE", path)
    assert answer.status == 404
    assert answer.json["error"] == "allocation not found"


def test_wide_release_answers_what_was_released(daemon, tmp_path):
    project = {"root": str(tmp_path), "folder": str(tmp_path)}
    by_id = daemon.allocate(dict(NAMES, project=project)).json
    answer = daemon.request("DELETE", f"/v1/allocations/{by_id['id']}?wide=true")
    assert answer.json == {"status": "deleted", "allocation": by_id | {"folder": str(tmp_path)}}
    by_port = daemon.allocate(dict(NAMES, project=project)).json
    answer = daemon.request("DELETE", "/v1/allocations", {"port": by_port["port"], "wide": True})
    assert answer.json == {"deleted": 1, "allocations": [by_port | {"folder": str(tmp_path)}]}


def test_allocations_are_released_by_filter(daemon):
    for service in ("a", "b", "c"):
        daemon.allocate(dict(NAMES, service=service))
    daemon.allocate(dict(NAMES, instance="prod"))
    answer = daemon.request("DELETE", "/v1/allocations", {"app": "myapp", "instance": "dev"})
    assert (answer.status, answer.json) == (200, {"deleted": 3})
    answer = daemon.request("DELETE", "/v1/allocations", {"app": "myapp", "instance": "dev"})
    assert (answer.status, answer.json) == (200, {"deleted": 0})
    assert len(daemon.listing()) == 1


def test_release_without_a_filter_is_400(daemon):
    daemon.allocate(NAMES)
    for body in ({}, {"app": ""}, {"app": None, "port": 0}):
        answer = daemon.request("DELETE", "/v1/allocations", body)
        assert answer.status == 400
        assert answer.json["error"] == "at least one filter is required for delete"
    assert len(daemon.listing()) == 1


def test_forgetting_returns_the_port_that_becomes_free(daemon):
    port = daemon.allocate(NAMES).json["port"]
    answer = daemon.request("DELETE", "/v1/remembered", NAMES)
    assert (answer.status, answer.json) == (200, dict(NAMES, port=port, released=True))
    assert daemon.request("DELETE", "/v1/remembered", NAMES).status == 404


def test_status_describes_the_daemon(daemon):
    status = daemon.request("GET", "/v1/status").json
    assert status["pid"] == daemon.process.pid
    assert status["home"] == daemon.home
    assert status["listeners"] == [{"address": f"127.0.0.1:{daemon.port}", "state": "open"}]


def test_head_returns_the_headers_of_get(daemon):
    for path in ("/healthz", "/v1/allocations", "/v1/ports/3000", "/v1/status", "/openapi.json"):
        get, head = daemon.request("GET", path), daemon.request("HEAD", path)
        assert head.status == get.status == 200
        assert head.headers["Content-Length"] == get.headers["Content-Length"]
        assert head.body == b""
    for path in ("/v1/remembered", "/nothing", "/v1/ports/0"):
        both = f"HEAD {path} HTTP/1.1\r\nHost: x\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        with daemon.connect() as connection:
            connection.sendall(both.encode())
            text = b"".join(iter(lambda: connection.recv(65536), b""))
        # Only a blank line is between the headers of the refusal and the next answer.
        refusal, _, rest = text.partition(b"\r\n\r\n")
        assert refusal.startswith(b"HTTP/1.1 40") and rest.startswith(b"HTTP/1.1 200 ")
    assert daemon.request("HEAD", "/v1/ports/0").status == 400
    assert daemon.request("HEAD", "/v1/allocations?port=x").status == 400


def test_variables_name_the_ports_of_the_instance_on_request(daemon):
    first = daemon.allocate(NAMES).json["port"]
    daemon.allocate(dict(NAMES, instance="other", service="api"))
    answer = daemon.allocate(dict(NAMES, service="web-2", variables=True)).json
    assert answer["variables"] == {"PORTCTL_POSTGRES_PORT": str(first), "PORTCTL_WEB_2_PORT": str(answer["port"])}
    assert "variables" not in daemon.allocate(dict(NAMES, service="db", variables=False)).json
    assert all("variables" not in allocation for allocation in daemon.wide())


def test_move_takes_a_service_that_is_not_in_use_to_the_requested_port(daemon):
    old = daemon.allocate(NAMES).json
    port = daemon.lowest_free(25432)
    refused = daemon.allocate(dict(NAMES, port=port, exclusive=True))
    assert (refused.status, refused.json["code"]) == (409, "service_allocated")
    moved = daemon.allocate(dict(NAMES, port=port, exclusive=True, move=True))
    assert moved.status == 200
    assert (moved.json["id"], moved.json["port"]) == (old["id"], port)
    assert moved.json["warnings"] == [f"myapp/dev/postgres had port {old['port']}: moved to {port}"]
    holder = daemon.allocate(dict(NAMES, service="web")).json
    taken = daemon.allocate(dict(NAMES, port=holder["port"], exclusive=True, move=True))
    assert (taken.status, taken.json["code"], taken.json["holder"]) == (409, "port_allocated", holder)
    for fields in ({}, {"ensure": True}, {"exclusive": True, "further": True}):
        refused = daemon.allocate(dict(NAMES, port=port, move=True, **fields))
        assert (refused.status, refused.json["code"]) == (400, "invalid_request")
