"""Whether what listens is the right server, and waiting for it."""

import socket

import pytest

NAMES = {"app": "myapp", "instance": "dev", "service": "postgres"}
SCOPE = "app=myapp&instance=dev"
ELSEWHERE = {"Portctl-Network-Namespace": "net:[1]"}


def folder(path):
    return {"root": str(path), "folder": str(path)}


def test_nobody_on_the_port_is_none(daemon):
    port = daemon.allocate(NAMES).json["port"]
    answer = daemon.request("GET", f"/v1/services/postgres/verdict?{SCOPE}")
    expected = {"verdict": "none", "ports": [dict(NAMES, port=port, verdict="none", listeners=[])]}
    assert (answer.status, answer.json) == (200, expected)
    assert daemon.request("HEAD", f"/v1/services/postgres/verdict?{SCOPE}").status == 200


def test_listener_without_anything_to_compare_with_is_unknown(daemon):
    port = daemon.allocate(NAMES).json["port"]
    with socket.create_server(("127.0.0.1", port)):
        [found] = daemon.request("GET", f"/v1/services/postgres/verdict?{SCOPE}").json["ports"]
        assert found["verdict"] == "unknown" and found["listeners"][0]["address"] == "127.0.0.1"
        assert daemon.wide()[0]["verdict"] == "unknown"


def test_listener_in_another_directory_is_foreign(daemon, tmp_path):
    # The name of the app belongs to this directory from now on: no other test uses it.
    port = daemon.allocate(dict(NAMES, app="elsewhere", project=folder(tmp_path))).json["port"]
    with socket.create_server(("127.0.0.1", port)):
        answer = daemon.request("GET", "/v1/services/postgres/verdict?app=elsewhere&instance=dev").json
        assert answer["verdict"] == "foreign"
        [listener] = answer["ports"][0]["listeners"]
        assert listener["process"]["age_seconds"] >= 0 and listener["reason"] == answer["ports"][0]["reason"]
        [allocation] = daemon.wide()
        assert (allocation["verdict"], allocation["state"]) == ("foreign", "conflict")
        assert allocation["verdict_reason"] == listener["reason"]
        assert daemon.request("GET", "/lookup?service=postgres").json["verdict"] == "foreign"
        [listed] = daemon.request("GET", f"/v1/listeners?port={port}").json
        assert listed["processes"][0]["verdict"] == "foreign"


def test_verdict_on_a_port_is_for_a_project(daemon, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        path = f"/v1/ports/{port}/verdict?{SCOPE}&root={tmp_path}&folder={tmp_path}"
        answer = daemon.request("GET", path)
        assert answer.status == 200 and answer.json["verdict"] == "foreign"
        assert "service" not in answer.json["ports"][0]
        assert daemon.request("HEAD", path).status == 200
        # On an address that the listener does not have, nobody answers.
        assert daemon.request("GET", f"{path}&address=127.0.0.9").json["verdict"] == "none"


def test_verdict_on_a_project_is_the_worst_of_its_services(daemon):
    assert daemon.request("GET", f"/v1/verdict?{SCOPE}").json == {"verdict": "none", "ports": []}
    ports = {name: daemon.allocate(dict(NAMES, service=name)).json["port"] for name in ("api", "web")}
    daemon.allocate(dict(NAMES, app="other"))
    answer = daemon.request("GET", f"/v1/verdict?{SCOPE}")
    assert answer.status == 200 and answer.json["verdict"] == "none"
    assert {entry["service"]: entry["port"] for entry in answer.json["ports"]} == ports
    with socket.create_server(("127.0.0.1", ports["api"])):
        answer = daemon.request("GET", f"/v1/verdict?{SCOPE}").json
        assert answer["verdict"] == "unknown"
        assert sorted(entry["verdict"] for entry in answer["ports"]) == ["none", "unknown"]
    assert daemon.request("HEAD", f"/v1/verdict?{SCOPE}").status == 200


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_invalid_question_is_refused(daemon, method):
    daemon.allocate(NAMES)
    daemon.allocate(dict(NAMES, app="other"))
    for path, status in [
        ("/v1/services/%20/verdict", 400), ("/v1/services/nothing/verdict", 404), ("/v1/services/postgres/verdict", 409),
        ("/v1/ports/3000/verdict", 400), ("/v1/ports/0/verdict?app=a&instance=b", 400),
        ("/v1/ports/3000/verdict?app=a&instance=b&root=x", 400), ("/v1/verdict", 400), ("/v1/verdict?app=a", 400),
        ("/v1/verdict?app=a&instance=b&folder=/x", 400), ("/v1/ports/3000/verdict?app=a&instance=b&address=evil", 400),
    ]:
        assert daemon.request(method, path).status == status, path


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_verdict_on_listeners_of_another_network_namespace_is_refused(daemon, method):
    daemon.allocate(NAMES)
    for path in [f"/v1/services/postgres/verdict?{SCOPE}", f"/v1/ports/3000/verdict?{SCOPE}", f"/v1/verdict?{SCOPE}"]:
        assert daemon.request(method, path, headers=ELSEWHERE).status == 409


def wait(daemon, **body):
    return daemon.request("POST", "/v1/wait", body)


def test_wait_without_time_answers_what_is_so_now(daemon):
    port = daemon.allocate(NAMES).json["port"]
    body = {"names": ["postgres"], "app": "myapp", "instance": "dev"}
    answer = wait(daemon, **body)
    assert (answer.status, answer.json["status"]) == (200, "waiting")
    with socket.create_server(("127.0.0.1", port)):
        answer = wait(daemon, **body, timeout_ms=10000).json
        assert answer["status"] == "ready" and answer["services"][0]["port"]["port"] == port


def test_wait_for_a_service_without_a_port_is_no_error(daemon):
    answer = wait(daemon, names=["nothing"])
    assert answer.json == {"status": "waiting", "services": [{"name": "nothing", "status": "waiting"}]}


@pytest.mark.parametrize(
    "body",
    [{"names": ["a"], "owners": {"a": "x"}}, {"names": ["a"], "owners": {"a": 1 << 40}}, {}, {"names": []}, {"names": ["a"] * 51}, {"names": [" "]}, {"names": ["a"], "timeout_ms": -1},
     {"names": ["a"], "timeout_ms": 10001}, {"names": "a"}],
)
def test_invalid_wait_is_400(daemon, body):
    assert daemon.request("POST", "/v1/wait", body).status == 400


def test_wait_for_an_ambiguous_name_is_409(daemon):
    daemon.allocate(NAMES)
    daemon.allocate(dict(NAMES, app="other"))
    assert wait(daemon, names=["postgres"]).status == 409


def test_command_of_run_gets_a_mark(daemon, start):
    process = start()
    body = dict(NAMES, exclusive=True, owner_pid=process.pid, face="leases")
    mark = daemon.allocate(body).json["mark"]
    assert mark.split(":")[0] and mark.split(":")[1].isdigit()
    assert "mark" not in daemon.allocate(dict(NAMES, service="plain")).json
