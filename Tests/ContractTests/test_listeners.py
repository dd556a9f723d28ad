"""The listeners of this machine, the journal of a port, kills and reservations."""

import os
import signal
import socket
import subprocess
import sys

import pytest

NAMES = {"app": "myapp", "instance": "dev", "service": "postgres"}


def listeners(daemon, query=""):
    answer = daemon.request("GET", f"/v1/listeners{query}")
    assert answer.status == 200
    return answer.json


def test_listener_shows_its_process_and_directory(daemon):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        [listener] = listeners(daemon, f"?port={port}")
        assert (listener["port"], listener["address"], listener["user_id"]) == (port, "127.0.0.1", os.getuid())
        [process] = listener["processes"]
        assert process["pid"] == os.getpid() and process["folder"] == os.getcwd() and process["command"]
        assert "allocation" not in listener
        assert listener in listeners(daemon)
    assert listeners(daemon, f"?port={port}") == []


def test_listeners_of_both_address_families_are_listed(daemon):
    with socket.create_server(("127.0.0.1", 0)) as four:
        port = four.getsockname()[1]
        with socket.create_server(("::1", port), family=socket.AF_INET6):
            assert [item["address"] for item in listeners(daemon, f"?port={port}")] == ["127.0.0.1", "::1"]


def test_listener_on_an_allocated_port_shows_the_allocation_and_its_state(daemon):
    port = daemon.allocate(NAMES).json["port"]
    with socket.create_server(("127.0.0.1", port)):
        [listener] = listeners(daemon, f"?port={port}")
        assert listener["allocation"]["service"] == "postgres"
        # An allocation without owner and directory cannot tell its own process from another one.
        assert listener["allocation"]["state"] == "active"


def test_port_in_use_is_answered_with_its_process(daemon):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        answer = daemon.request("GET", f"/v1/ports/{port}").json
        assert (answer["available"], answer["in_use"], "holder" in answer) == (False, True, False)
        assert answer["listeners"] == listeners(daemon, f"?port={port}")
        refusal = daemon.allocate(dict(NAMES, port=port))
        assert (refusal.status, refusal.json["error"], refusal.json["subject"]) == (
            409,
            "port in use on system",
            str(port),
        )
        assert [process["pid"] for process in refusal.json["occupiers"]] == [os.getpid()]
        assert f"(pid {os.getpid()}) in {os.getcwd()}" in refusal.json["hint"]
        assert "portctl" not in refusal.json["hint"] and "--" not in refusal.json["hint"]
        assert {"action": "show_listeners", "port": port} in refusal.json["remedies"]
    assert "listeners" not in daemon.request("GET", f"/v1/ports/{port}").json


def test_udp_socket_is_listed_only_on_request(daemon):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        port = server.getsockname()[1]
        [found] = listeners(daemon, f"?port={port}&protocol=udp")
        assert (found["protocol"], found["port"], found["address"], found["user_id"]) == (
            "udp", port, "127.0.0.1", os.getuid()
        )
        assert [process["pid"] for process in found["processes"]] == [os.getpid()]
        assert found in listeners(daemon, "?protocol=udp")
        for query in ("", "&protocol=tcp", "&protocol="):
            assert listeners(daemon, f"?port={port}{query}") == []
    assert listeners(daemon, f"?port={port}&protocol=udp") == []


def test_listener_has_no_protocol(daemon):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        [listener] = listeners(daemon, f"?port={port}&protocol=tcp")
        assert "protocol" not in listener
        assert listeners(daemon, f"?port={port}&protocol=udp") == []


def test_unknown_protocol_is_400(daemon):
    for text in ("sctp", "17", "tcp,udp", "%00"):
        answer = daemon.request("GET", f"/v1/listeners?protocol={text}")
        assert (answer.status, answer.json["code"], answer.json["subject"]) == (400, "invalid_request", "protocol")


def test_number_with_a_udp_socket_is_available_with_a_warning(daemon):
    port = daemon.lowest_free(25432)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", port))
        answer = daemon.request("GET", f"/v1/ports/{port}").json
        assert (answer["available"], answer["in_use"], "listeners" in answer) == (True, False, False)
        [warning] = answer["warnings"]
        assert warning.startswith(f"UDP port {port} is used by ") and f"(pid {os.getpid()})" in warning
        granted = daemon.allocate(dict(NAMES, port=port))
        assert (granted.status, granted.json["port"], granted.json["warnings"]) == (201, port, [warning])
        assert {"action": "show_listeners", "port": port} in granted.json["remedies"]
        # What the service has is its own.
        again = daemon.allocate(dict(NAMES, ensure=True))
        assert (again.status, again.json["port"], "warnings" in again.json) == (200, port, False)


def test_daemon_lists_its_own_http_listener(daemon):
    [listener] = listeners(daemon, f"?port={daemon.port}")
    assert [process["pid"] for process in listener["processes"]] == [daemon.process.pid]


def test_conflicting_listener_shows_its_process(daemon, tmp_path, unique):
    project = {"root": str(tmp_path), "folder": str(tmp_path)}
    port = daemon.allocate(dict(NAMES, app=unique, project=project)).json["port"]
    with socket.create_server(("127.0.0.1", port)):
        [listener] = listeners(daemon, f"?port={port}")
        assert listener["allocation"]["state"] == "conflict"
        assert listener["processes"][0]["pid"] == os.getpid()


def test_port_journal_lists_newest_entries_first(daemon):
    port = daemon.allocate(dict(NAMES, port=daemon.lowest_free(25432))).json["port"]
    daemon.allocate(dict(NAMES, app="other", port=port))
    daemon.request("DELETE", "/v1/allocations", NAMES)
    entries = daemon.request("GET", f"/v1/ports/{port}/journal").json
    assert [entry["action"] for entry in entries[:3]] == ["released", "refused", "allocated"]
    assert entries[1]["reason"] == "port already allocated" and entries[1]["service"] == "other/dev/postgres"
    assert all(entry["port"] == port and entry["caller"] == f"pid {os.getpid()}" for entry in entries[:3])
    assert daemon.request("GET", "/v1/ports/1/journal").json == []


def test_invalid_port_in_listeners_or_journal_is_400(daemon):
    for text in ("0", "65536", "-1", "x", "1.5"):
        for path in (f"/v1/listeners?port={text}", f"/v1/ports/{text}/journal"):
            for method in ("GET", "HEAD"):
                assert daemon.request(method, path).status == 400
    for path in ("/v1/listeners", "/v1/ports/3000/journal"):
        assert daemon.request("HEAD", path).status == 200


@pytest.fixture
def server(start):
    """A process that listens, and its port."""
    program = "import signal, socket; s = socket.create_server(('127.0.0.1', 0)); " \
        "print(s.getsockname()[1], flush=True); signal.pause()"
    process = start(sys.executable, "-c", program, stdout=subprocess.PIPE)
    return process, int(process.stdout.readline())


def kill(daemon, port, body=None):
    return daemon.request("POST", f"/v1/ports/{port}/kill", body)


def test_kill_ends_the_listener_and_names_it(daemon, server):
    process, port = server
    dry = kill(daemon, port, {"dry_run": True})
    assert dry.status == 200 and dry.json["status"] == "listening" and "signal" not in dry.json
    assert dry.json["process"]["pid"] == process.pid and process.poll() is None
    answer = kill(daemon, port, {"pid": process.pid})
    assert (answer.status, answer.json["status"], answer.json["signal"]) == (200, "terminated", "SIGTERM")
    assert process.wait(timeout=20) == -signal.SIGTERM
    answer = kill(daemon, port)
    assert (answer.status, answer.json["code"]) == (404, "not_listening")


def test_kill_of_a_pid_that_is_not_the_occupier_is_409(daemon, server):
    process, port = server
    answer = kill(daemon, port, {"pid": os.getpid(), "force": True})
    assert (answer.status, answer.json["code"]) == (409, "not_the_occupier")
    assert str(process.pid) in answer.json["error"]
    assert process.poll() is None


def test_the_daemon_is_never_killed(daemon):
    answer = kill(daemon, daemon.port, {"pid": daemon.process.pid, "force": True})
    assert (answer.status, answer.json["code"]) == (403, "protected_process")


@pytest.mark.parametrize(
    "body", [{"pid": 0}, {"pid": -1}, {"pid": 2**40}, {"pid": "x"}, {"force": 1}, {"dry_run": "x"}]
)
def test_invalid_kill_is_400(daemon, server, body):
    process, port = server
    assert kill(daemon, port, body).status == 400
    assert kill(daemon, 0, body).status == 400
    assert process.poll() is None


def reserve(daemon, body):
    return daemon.request("POST", "/v1/reservations", body)


def test_free_port_is_reserved(daemon):
    port = daemon.lowest_free(25432)
    answer = reserve(daemon, dict(NAMES, port=port, kill_if_occupied=True, metadata={"service": "ollama"}))
    assert answer.status == 201
    assert (answer.json["port"], answer.json["was_occupied"], answer.json["killed"]) == (port, False, False)
    assert answer.json["allocation"]["metadata"] == {"service": "ollama"}
    again = reserve(daemon, dict(NAMES, port=port, kill_if_occupied=True))
    assert (again.status, again.json["allocation"]["id"]) == (200, answer.json["allocation"]["id"])
    other = reserve(daemon, dict(NAMES, service="other", port=port, kill_if_occupied=True))
    assert (other.status, other.json["code"]) == (409, "port_allocated")


def test_occupied_port_is_reserved_only_with_a_kill(daemon, server):
    process, port = server
    answer = reserve(daemon, dict(NAMES, port=port))
    assert (answer.status, answer.json["code"]) == (409, "port_in_use")
    assert str(process.pid) in answer.json["hint"] and process.poll() is None
    answer = reserve(daemon, dict(NAMES, port=port, kill_if_occupied=True, pid=process.pid))
    assert answer.status == 201
    assert (answer.json["was_occupied"], answer.json["killed"]) == (True, True)
    assert answer.json["occupier"]["pid"] == process.pid
    assert process.wait(timeout=20) == -signal.SIGTERM


@pytest.mark.parametrize(
    "change", [{"port": 0}, {"port": None}, {"port": 65536}, {"app": ""}, {"pid": 0}, {"force": 1}]
)
def test_invalid_reservation_is_400(daemon, change):
    assert reserve(daemon, {**NAMES, "port": 25432, **change}).status == 400
    assert daemon.listing() == []


ELSEWHERE = {"Portctl-Network-Namespace": "net:[1]"}


@pytest.mark.skipif(not os.path.exists("/proc/self/ns/net"), reason="there are no network namespaces")
@pytest.mark.parametrize("over", ["socket", "tcp"])
def test_question_about_listeners_from_another_network_namespace_is_refused(daemon, over):
    own = os.readlink("/proc/self/ns/net")
    assert daemon.request("GET", "/v1/status").json["network"]["namespace"] == own
    for method, path, body in [
        ("GET", "/v1/ports/3000", None),
        ("HEAD", "/v1/ports/3000", None),
        ("GET", "/v1/listeners", None),
        ("HEAD", "/v1/listeners", None),
        ("POST", "/v1/ports/3000/kill", {"dry_run": True}),
        ("POST", "/v1/reservations", dict(NAMES, port=3000, kill_if_occupied=True)),
    ]:
        answer = daemon.request(method, path, body, headers=ELSEWHERE, over=over)
        assert answer.status == 409, path
        if method != "HEAD":
            assert answer.json["code"] == "other_namespace"
            assert own in answer.json["error"] and "net:[1]" in answer.json["error"]
    # The namespace of the daemon itself changes nothing.
    same = daemon.request("GET", "/v1/ports/3000", headers={"Portctl-Network-Namespace": own}, over=over)
    assert same.json == daemon.request("GET", "/v1/ports/3000").json


@pytest.mark.skipif(not os.path.exists("/proc/self/ns/net"), reason="there are no network namespaces")
def test_port_for_another_network_namespace_has_a_warning(daemon):
    lease = {"service_name": "web"}
    project = {"project": "shop"}
    for method, path, body in [
        ("POST", "/v1/allocations", NAMES),
        ("GET", f"/v1/services/{NAMES['service']}", None),
        ("POST", "/v1/groups", {"app": "shop", "instance": "main", "count": 2}),
        ("POST", "/alloc", lease),
        ("POST", "/ports/request", project),
    ]:
        answer = daemon.request(method, path, body, headers=ELSEWHERE)
        assert answer.status in (200, 201)
        [warning] = answer.json["warnings"]
        assert "net:[1]" in warning and "ports are checked there, not here" in warning
    assert "warnings" not in daemon.request("POST", "/alloc", lease).json
