"""The problems that the daemon finds, each with its remedy."""

import os
import socket


def findings(daemon):
    answer = daemon.request("GET", "/v1/diagnosis")
    assert answer.status == 200
    return answer.json


def test_diagnosis_lists_every_check_when_nothing_is_wrong(daemon):
    checks = {item["check"] for item in findings(daemon)}
    assert {"database", "ephemeral range", "conflicts", "pool registry", "pool leases"} <= checks
    [database] = [item for item in findings(daemon) if item["check"] == "database"]
    assert database["message"] == "intact, readable and writable"


def test_another_process_on_an_allocated_port_is_a_problem_with_a_remedy(daemon, tmp_path, unique):
    project = {"root": str(tmp_path), "folder": str(tmp_path)}
    names = {"app": unique, "instance": "dev", "service": "web"}
    port = daemon.allocate(dict(names, project=project)).json["port"]
    with socket.create_server(("127.0.0.1", port)):
        [conflict] = [item for item in findings(daemon) if f"port {port}," in item["message"]]
        assert conflict["check"] == "conflicts" and conflict["severity"] == "problem"
        assert f"process {os.getpid()} on port {port}" in conflict["remedy"]
        assert {"action": "kill", "port": port, "pid": os.getpid()} in conflict["remedies"]
    assert not [item for item in findings(daemon) if f"port {port}," in item["message"]]
    assert daemon.request("HEAD", "/v1/diagnosis").status == 200
