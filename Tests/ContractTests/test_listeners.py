"""What is really on the machine, and the journal's story of a port."""

import os
import socket

NAMES = {"app": "myapp", "instance": "dev", "service": "postgres"}


def listeners(daemon, query=""):
    answer = daemon.request("GET", f"/v1/listeners{query}")
    assert answer.status == 200
    return answer.json


def test_a_listener_is_told_with_its_process_and_its_folder(daemon):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        [listener] = listeners(daemon, f"?port={port}")
        assert (listener["port"], listener["address"], listener["user_id"]) == (port, "127.0.0.1", os.getuid())
        [process] = listener["processes"]
        assert process["pid"] == os.getpid() and process["folder"] == os.getcwd() and process["command"]
        assert "allocation" not in listener
        assert listener in listeners(daemon)
    assert listeners(daemon, f"?port={port}") == []


def test_sockets_of_both_families_are_told_by_their_addresses(daemon):
    with socket.create_server(("127.0.0.1", 0)) as four:
        port = four.getsockname()[1]
        with socket.create_server(("::1", port), family=socket.AF_INET6):
            assert [item["address"] for item in listeners(daemon, f"?port={port}")] == ["127.0.0.1", "::1"]


def test_a_listener_on_an_allocated_port_is_told_with_the_claim_and_its_state(daemon):
    port = daemon.ask(NAMES).json["port"]
    with socket.create_server(("127.0.0.1", port)):
        [listener] = listeners(daemon, f"?port={port}")
        assert listener["allocation"]["service"] == "postgres"
        # Without owner and folder nothing tells a stranger from one's own.
        assert listener["allocation"]["state"] == "active"


def test_the_daemons_own_door_is_its_own(daemon):
    [listener] = listeners(daemon, f"?port={daemon.port}")
    assert [process["pid"] for process in listener["processes"]] == [daemon.process.pid]


def test_a_stranger_is_a_conflict_with_its_name(daemon, tmp_path):
    project = {"root": str(tmp_path), "folder": str(tmp_path)}
    port = daemon.ask(dict(NAMES, app="elsewhere", project=project)).json["port"]
    with socket.create_server(("127.0.0.1", port)):
        [listener] = listeners(daemon, f"?port={port}")
        assert listener["allocation"]["state"] == "conflict"
        assert listener["processes"][0]["pid"] == os.getpid()


def test_a_port_has_a_story_the_newest_first(daemon):
    port = daemon.ask(dict(NAMES, port=25432)).json["port"]
    daemon.ask(dict(NAMES, app="other", port=port))
    daemon.request("DELETE", "/v1/allocations", NAMES)
    story = daemon.request("GET", f"/v1/ports/{port}/journal").json
    assert [entry["action"] for entry in story[:3]] == ["released", "refused", "allocated"]
    assert story[1]["reason"] == "port already allocated" and story[1]["service"] == "other/dev/postgres"
    assert all(entry["port"] == port and entry["caller"] == f"pid {os.getpid()}" for entry in story[:3])
    assert daemon.request("GET", "/v1/ports/1/journal").json == []


def test_what_is_no_port_is_refused(daemon):
    for text in ("0", "65536", "-1", "x", "1.5"):
        for path in (f"/v1/listeners?port={text}", f"/v1/ports/{text}/journal"):
            for method in ("GET", "HEAD"):
                assert daemon.request(method, path).status == 400
    for path in ("/v1/listeners", "/v1/ports/3000/journal"):
        assert daemon.request("HEAD", path).status == 200
