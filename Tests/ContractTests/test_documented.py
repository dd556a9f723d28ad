"""Every request and response of seed 002's API reference, and what was added to them."""

import re
import socket

import openapi_spec_validator

NAMES = {"app": "myapp", "instance": "dev", "service": "postgres"}
KEYS = {"id", "app", "instance", "service", "port", "created_at"}


def test_the_document_is_valid_openapi_3_1(daemon):
    assert daemon.document["openapi"].startswith("3.1")
    openapi_spec_validator.validate(daemon.document)


def test_every_example_fits_its_schema(daemon):
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


def test_an_allocation_has_the_documented_keys(daemon):
    answer = daemon.ask(dict(NAMES, port=25432))
    assert answer.status == 201
    assert set(answer.json) == KEYS
    assert answer.json["port"] == 25432
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", answer.json["created_at"])
    assert type(answer.json["id"]) is int


def test_without_a_port_or_with_0_the_registry_chooses(daemon):
    first = daemon.ask(NAMES).json["port"]
    assert first >= 3000
    assert daemon.ask(dict(NAMES, service="web", port=0)).json["port"] > first
    assert daemon.ask(dict(NAMES, service="api", port=None)).status == 201


def test_a_taken_port_is_a_409_with_its_holder(daemon):
    holder = daemon.ask(dict(NAMES, port=25432)).json
    answer = daemon.ask({"app": "other", "instance": "dev", "service": "db", "port": 25432})
    assert answer.status == 409
    assert answer.json["error"] == "port already allocated"
    assert answer.json["code"] == "port_allocated"
    assert answer.json["holder"] == holder


def test_the_same_service_again_is_a_409_with_its_holder(daemon):
    holder = daemon.ask(NAMES).json
    answer = daemon.ask(NAMES)
    assert answer.status == 409
    assert answer.json["error"] == "service already allocated"
    assert answer.json["holder"] == holder


def test_a_busy_port_is_a_409_unless_it_is_adopted(daemon):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        answer = daemon.ask(dict(NAMES, port=port))
        assert (answer.status, answer.json["error"]) == (409, "port in use on system")
        assert "holder" not in answer.json
        assert daemon.request("GET", f"/v1/ports/{port}").json == {"port": port, "available": False, "in_use": True}
        answer = daemon.ask(dict(NAMES, port=port, adopt=True))
        assert answer.status == 201
        assert answer.json["warnings"]  # it lies in the ephemeral range
        wide = daemon.request("GET", "/v1/allocations?wide=true").json
        assert wide[0]["state"] == "active"
        assert wide[0]["holds"] == [{"kind": "permanent", "face": "registry"}]


def test_adopting_needs_a_port(daemon):
    assert daemon.ask(dict(NAMES, adopt=True)).status == 400


def test_ensure_returns_what_the_service_has(daemon):
    first = daemon.ask(dict(NAMES, ensure=True))
    again = daemon.ask(dict(NAMES, ensure=True))
    assert (first.status, again.status) == (201, 200)
    assert again.json == first.json
    assert daemon.ask(dict(NAMES, ensure=True, port=first.json["port"])).status == 200
    assert daemon.ask(dict(NAMES, ensure=True, port=first.json["port"] + 1)).status == 409


def test_strict_refuses_to_move_from_a_remembered_port(daemon):
    port = daemon.ask(NAMES).json["port"]
    daemon.request("DELETE", "/v1/allocations", NAMES)
    with socket.create_server(("127.0.0.1", port)):
        answer = daemon.ask(dict(NAMES, strict=True))
        assert (answer.status, answer.json["code"]) == (409, "remembered_port_taken")
        moved = daemon.ask(NAMES)
        assert moved.status == 201 and moved.json["port"] != port and moved.json["warnings"]


def test_a_second_folder_of_one_name_is_another_app(daemon, tmp_path):
    apps = []
    for parent in ("client", "server"):
        folder = tmp_path / parent / "api"
        folder.mkdir(parents=True)
        project = {"root": str(folder), "folder": str(folder)}
        apps.append(daemon.ask({"app": "api", "instance": "main", "service": "web", "project": project}).json["app"])
        listed = daemon.request("GET", f"/v1/allocations?app=api&root={folder}&wide=true").json
        assert [item["app"] for item in listed] == [apps[-1]]
        assert listed[0]["folder"] == str(folder)
    assert apps == ["api", "server-api"]


def test_a_listing_is_filtered_and_may_be_empty(daemon):
    assert daemon.listing() == []
    daemon.ask(NAMES)
    daemon.ask(dict(NAMES, service="web"))
    daemon.ask(dict(NAMES, app="other"))
    for query, count in {
        "": 3, "?app=myapp": 2, "?app=myapp&instance=dev&service=postgres": 1, "?service=postgres": 2,
        "?app=nobody": 0, "?app=": 3, "?port=0": 3, "?nonsense=1": 3, "?app=my%61pp": 2,
    }.items():
        answer = daemon.request("GET", f"/v1/allocations{query}")
        assert (answer.status, len(answer.json)) == (200, count), query


def test_a_port_is_available_or_has_a_holder(daemon):
    holder = daemon.ask(NAMES).json
    port = holder["port"]
    assert daemon.request("GET", f"/v1/ports/{port}").json == {
        "port": port, "available": False, "in_use": False, "holder": holder,
    }
    assert daemon.request("GET", "/v1/ports/6000").json == {
        "port": 6000, "available": True, "in_use": False, "warnings": ["browsers refuse to connect to port 6000"],
    }


def test_an_allocation_is_released_by_its_id_once(daemon):
    path = f"/v1/allocations/{daemon.ask(NAMES).json['id']}"
    answer = daemon.request("DELETE", path)
    assert (answer.status, answer.json) == (200, {"status": "deleted"})
    answer = daemon.request("DELETE", path)
    assert answer.status == 404
    assert answer.json["error"] == "allocation not found"


def test_allocations_are_released_by_filter(daemon):
    for service in ("a", "b", "c"):
        daemon.ask(dict(NAMES, service=service))
    daemon.ask(dict(NAMES, instance="prod"))
    answer = daemon.request("DELETE", "/v1/allocations", {"app": "myapp", "instance": "dev"})
    assert (answer.status, answer.json) == (200, {"deleted": 3})
    answer = daemon.request("DELETE", "/v1/allocations", {"app": "myapp", "instance": "dev"})
    assert (answer.status, answer.json) == (200, {"deleted": 0})
    assert len(daemon.listing()) == 1


def test_a_release_without_a_filter_is_refused(daemon):
    daemon.ask(NAMES)
    for body in ({}, {"app": ""}, {"app": None, "port": 0}):
        answer = daemon.request("DELETE", "/v1/allocations", body)
        assert answer.status == 400
        assert answer.json["error"] == "at least one filter is required for delete"
    assert len(daemon.listing()) == 1


def test_forgetting_tells_the_port_that_is_free_again(daemon):
    port = daemon.ask(NAMES).json["port"]
    answer = daemon.request("DELETE", "/v1/remembered", NAMES)
    assert (answer.status, answer.json) == (200, dict(NAMES, port=port, released=True))
    assert daemon.request("DELETE", "/v1/remembered", NAMES).status == 404


def test_status_tells_about_the_daemon(daemon):
    status = daemon.request("GET", "/v1/status").json
    assert status["pid"] == daemon.process.pid
    assert status["home"] == daemon.home
    assert status["listeners"] == [{"address": f"127.0.0.1:{daemon.port}", "state": "open"}]


def test_head_is_get_without_the_body(daemon):
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
        # Nothing but the blank line between the refusal's headers and the next answer.
        refusal, _, rest = text.partition(b"\r\n\r\n")
        assert refusal.startswith(b"HTTP/1.1 40") and rest.startswith(b"HTTP/1.1 200 ")
    assert daemon.request("HEAD", "/v1/ports/0").status == 400
    assert daemon.request("HEAD", "/v1/allocations?port=x").status == 400
