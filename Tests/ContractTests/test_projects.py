"""Every request and response of seed 004's API reference, and what was added to them."""

import datetime
import os
import re
import signal
import socket
import time

import pytest

NAMES = {"app": "myapp", "instance": "dev", "service": "web"}
ENTRY = {"port": int, "project": str, "pid": int, "started": int, "last_seen": int, "alive": bool, "age_minutes": int,
         "started_at": str, "last_seen_at": str}


def ask(daemon, project, pid=None, **more):
    headers = {} if pid is None else {"X-PID": str(pid)}
    return daemon.request("POST", "/ports/request", dict(more, project=project), headers)


def release(daemon, **body):
    return daemon.request("DELETE", "/ports/release", body)


def active(daemon):
    answer = daemon.request("GET", "/ports/active")
    assert answer.status == 200 and answer.json["count"] == len(answer.json["ports"])
    return answer.json["ports"]


def cleanup(daemon):
    answer = daemon.request("POST", "/ports/cleanup")
    assert answer.status == 200 and answer.json["count"] == len(answer.json["freed"])
    return answer.json["freed"]


def end(process):
    process.send_signal(signal.SIGKILL)
    process.wait()


# Requests.


def test_a_preferred_port_that_is_free_is_assigned(daemon):
    port = daemon.lowest_free(3221)
    answer = daemon.request("POST", "/ports/request", {"project": "my-app", "preferred": port}, {"X-PID": "$$"},
                            over="tcp")
    assert (answer.status, answer.json) == (
        200, {"port": port, "message": "assigned preferred port", "existing": False},
    )


def test_without_a_preference_it_is_the_lowest_free_port_from_3100_on(daemon):
    for project, more in {"a": {}, "b": {"preferred": None}, "c": {"preferred": 0}}.items():
        lowest = daemon.lowest_free(3100)
        assert ask(daemon, project, **more).json == {
            "port": lowest, "message": "port assigned successfully", "existing": False,
        }


def test_a_project_that_asks_again_has_its_port_renewed(daemon):
    port = ask(daemon, "my-app").json["port"]
    for more in ({}, {"preferred": port}, {"preferred": daemon.lowest_free(4000)}):
        assert ask(daemon, "my-app", **more).json == {
            "port": port, "message": "existing assignment renewed", "existing": True,
        }
    assert len(active(daemon)) == 1


def test_a_project_gets_the_port_that_it_had(daemon):
    ports = [ask(daemon, project).json["port"] for project in ("a", "b")]
    for project in ("a", "b"):
        release(daemon, project=project)
    assert [ask(daemon, project).json["port"] for project in ("b", "a")] == ports[::-1]


def test_an_allocated_port_is_not_assigned_however_preferred(daemon):
    port = ask(daemon, "first").json["port"]
    answer = ask(daemon, "second", preferred=port).json
    assert answer["port"] != port
    assert (answer["message"], answer["existing"]) == ("port assigned successfully", False)


def test_a_busy_port_is_not_assigned_however_preferred(daemon):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        answer = ask(daemon, "my-app", preferred=port).json
    assert answer["port"] != port
    assert (answer["message"], answer["existing"]) == ("port assigned successfully", False)


def test_a_poor_preference_is_assigned_with_a_warning(daemon):
    assert ask(daemon, "my-app", preferred=6000).json == {
        "port": 6000, "message": "assigned preferred port", "existing": False,
        "warnings": ["browsers refuse to connect to port 6000"],
    }


def test_a_project_whose_port_a_stranger_took_is_moved(daemon, start):
    port = ask(daemon, "my-app", start().pid).json["port"]
    with socket.create_server(("127.0.0.1", port)):
        answer = ask(daemon, "my-app").json
        assert answer["port"] != port
        assert (answer["message"], answer["existing"]) == ("port assigned successfully", False)
        assert str(port) in answer["warnings"][0]
    assert [entry["port"] for entry in active(daemon)] == [answer["port"]]


def test_a_name_with_slashes_is_a_whole_identity(daemon):
    port = daemon.ask(NAMES).json["port"]
    assert ask(daemon, "myapp/dev/web").json == {
        "port": port, "message": "existing assignment renewed", "existing": True,
    }
    assert ask(daemon, "web").json["port"] != port
    assert [entry["project"] for entry in active(daemon)] == ["myapp/dev/web", "web"]


@pytest.mark.parametrize("name", ["", " ", "a\nb", "a\u0000b", "a\u202eb", "x" * 129, "a//b", 7, None, [], {}, True])
def test_a_bad_project_is_400(daemon, name):
    assert ask(daemon, name).status == 400
    assert release(daemon, project=name).status == 400
    assert active(daemon) == []


@pytest.mark.parametrize("port", [-1, 65536, 2**40, 2**64, "3221", 3221.5, 1e30, True, [], {}])
def test_what_is_no_port_is_400(daemon, port):
    assert ask(daemon, "my-app", preferred=port).status == 400
    assert release(daemon, port=port).status == 400
    assert active(daemon) == []


# Owners.


@pytest.mark.parametrize("pid", ["$$", "abc", "", " ", "12abc", "0x10", "1.5"])
def test_an_owner_that_is_no_number_is_none_and_the_port_stays(daemon, pid):
    assert ask(daemon, "my-app", pid).status == 200
    entry = active(daemon)[0]
    assert (entry["pid"], entry["alive"]) == (None, True)
    assert daemon.wide()[0]["holds"] == [{"kind": "permanent", "face": "projects"}]
    assert cleanup(daemon) == []


def test_without_an_owner_the_port_stays(daemon):
    ask(daemon, "my-app")
    assert daemon.wide()[0]["holds"] == [{"kind": "permanent", "face": "projects"}]


@pytest.mark.parametrize("pid", [0, 1, -5, 2**31, 2**32 + os.getpid(), 2**63 - 1, 2**63, 10**20, -(10**20)])
def test_a_number_that_can_be_no_owner_is_400(daemon, pid):
    answer = ask(daemon, "my-app", pid)
    assert answer.status == 400
    assert (answer.json["code"], answer.json["subject"]) == ("invalid_owner", str(pid))
    assert active(daemon) == []


def test_an_owner_that_is_gone_is_400(daemon, start):
    process = start("true")
    process.wait()
    assert ask(daemon, "my-app", process.pid).json["code"] == "invalid_owner"
    assert active(daemon) == []


@pytest.mark.skipif(os.getuid() != 0, reason="only root can start another user's process")
def test_another_user_s_process_is_400(daemon, start):
    process = start(user=65534, group=65534, extra_groups=[])
    answer = ask(daemon, "my-app", process.pid)
    assert (answer.status, answer.json["code"]) == (400, "invalid_owner")
    assert active(daemon) == []


def test_an_owner_is_shown_and_after_its_exit_for_300_seconds_more(daemon, start):
    process = start()
    port = ask(daemon, "my-app", process.pid).json["port"]
    entry = active(daemon)[0]
    assert (entry["pid"], entry["alive"]) == (process.pid, True)
    assert daemon.wide()[0]["holds"] == [
        {"kind": "process", "face": "projects", "owner_pid": process.pid, "owner_alive": True, "grace_seconds": 300},
    ]
    end(process)
    daemon.until(lambda: not active(daemon)[0]["alive"])
    entry = active(daemon)[0]
    assert (entry["port"], entry["pid"], entry["alive"]) == (port, process.pid, False)
    hold = daemon.wide()[0]["holds"][0]
    assert hold["owner_alive"] is False and hold["grace_seconds"] == 300 and 290 <= hold["seconds_left"] <= 300


def test_the_next_owner_renews_what_the_last_one_left(daemon, start):
    first, second = start(), start()
    port = ask(daemon, "my-app", first.pid).json["port"]
    end(first)
    daemon.until(lambda: not active(daemon)[0]["alive"])
    assert ask(daemon, "my-app", second.pid).json == {
        "port": port, "message": "existing assignment renewed", "existing": True,
    }
    entry = active(daemon)[0]
    assert (entry["pid"], entry["alive"]) == (second.pid, True)
    assert cleanup(daemon) == []


def test_a_second_owner_is_a_second_hold(daemon, start):
    first, second = start(), start()
    for process in (first, second):
        ask(daemon, "my-app", process.pid)
    assert active(daemon)[0]["pid"] == second.pid
    assert len(daemon.wide()[0]["holds"]) == 2
    end(second)
    daemon.until(lambda: active(daemon)[0]["pid"] == first.pid)
    assert active(daemon)[0]["alive"] is True
    assert cleanup(daemon) == []
    assert len(active(daemon)) == 1


# Clean-up.


def test_a_cleanup_frees_the_ports_of_the_dead_and_names_them(daemon, start):
    dying, living = start(), start()
    port = ask(daemon, "old-app", dying.pid).json["port"]
    ask(daemon, "my-app", living.pid)
    assert cleanup(daemon) == []
    end(dying)
    daemon.until(lambda: [entry["alive"] for entry in active(daemon)] == [False, True])
    answer = daemon.request("POST", "/ports/cleanup", over="tcp")
    assert (answer.status, answer.json) == (200, {"freed": [{"port": port, "project": "old-app"}], "count": 1})
    assert [entry["project"] for entry in active(daemon)] == ["my-app"]
    assert cleanup(daemon) == []


def test_a_cleanup_ends_no_other_face_s_holds(daemon, start):
    process = start()
    daemon.ask(dict(NAMES, owner_pid=process.pid, grace_seconds=300))
    daemon.ask(dict(NAMES, service="db", ttl_seconds=300))
    daemon.request("POST", "/alloc", {"service_name": "my-api"})
    end(process)
    daemon.until(lambda: daemon.wide()[0]["holds"][0]["owner_alive"] is False)
    assert cleanup(daemon) == []
    assert len(active(daemon)) == 3


def test_a_cleanup_leaves_a_port_to_who_listens_on_it(daemon, start):
    process = start()
    port = ask(daemon, "my-app", process.pid).json["port"]
    with socket.create_server(("127.0.0.1", port)):
        end(process)
        daemon.until(lambda: not active(daemon)[0]["alive"])
        assert cleanup(daemon) == []
        entry = active(daemon)[0]
        assert (entry["project"], entry["port"], entry["pid"], entry["alive"]) == ("my-app", port, None, False)
        assert daemon.wide()[0]["state"] == "lingering"
    daemon.until(lambda: active(daemon) == [])


# Releases.


def test_a_project_s_port_is_released(daemon):
    ask(daemon, "my-app")
    ask(daemon, "other")
    answer = daemon.request("DELETE", "/ports/release", {"project": "my-app"}, over="tcp")
    assert (answer.status, answer.json) == (
        200, {"success": True, "message": "released 1 port(s) for project my-app"},
    )
    assert [entry["project"] for entry in active(daemon)] == ["other"]


def test_a_project_without_a_port_is_released_as_well(daemon):
    daemon.ask(dict(NAMES, service="x"))  # another project's
    answer = release(daemon, project="x")
    assert (answer.status, answer.json) == (200, {"success": True, "message": "released 0 port(s) for project x"})
    assert len(active(daemon)) == 1


def test_all_of_a_project_s_ports_are_released(daemon):
    for _ in range(2):
        daemon.request("POST", "/alloc", {"service_name": "my-app"})
    assert release(daemon, project="my-app").json["message"] == "released 2 port(s) for project my-app"
    assert active(daemon) == []


def test_a_port_is_released_whoever_has_it(daemon):
    for port in (ask(daemon, "my-app").json["port"], daemon.ask(NAMES).json["port"]):
        answer = release(daemon, port=port)
        assert (answer.status, answer.json) == (200, {"success": True, "message": f"released port {port}"})
    assert active(daemon) == []


def test_the_release_of_an_unknown_port_is_404(daemon):
    answer = release(daemon, port=3221)
    assert (answer.status, answer.json["code"], answer.json["subject"]) == (404, "allocation_not_found", "3221")


@pytest.mark.parametrize("body", [{}, {"project": ""}, {"project": None, "port": None}, {"port": 0}, {"name": "x"}])
def test_a_release_of_nothing_is_400(daemon, body):
    ask(daemon, "my-app")
    answer = release(daemon, **body)
    assert (answer.status, answer.json["error"]) == (400, "port or project required")
    assert len(active(daemon)) == 1


# Listings.


def test_a_listing_has_the_documented_keys(daemon, start):
    assert active(daemon) == []
    before = time.time_ns() // 10**6
    ask(daemon, "my-app", start().pid)
    after = time.time_ns() // 10**6
    answer = daemon.request("GET", "/ports/active", over="tcp")
    assert set(answer.json) == {"ports", "count"} and answer.json["count"] == 1
    entry = answer.json["ports"][0]
    assert {key: type(value) for key, value in entry.items()} == ENTRY
    assert before - 1 <= entry["started"] <= entry["last_seen"] <= after + 1
    assert entry["age_minutes"] == 0
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", entry["started_at"])


def test_the_times_as_text_are_the_times_as_numbers(daemon):
    for number in range(40):
        ask(daemon, f"project-{number}")
    for entry in active(daemon):
        for key in ("started", "last_seen"):
            text = datetime.datetime.fromisoformat(entry[f"{key}_at"].replace("Z", "+00:00"))
            assert round(text.timestamp() * 1000) == entry[key], entry


def test_asking_again_is_seen(daemon):
    ask(daemon, "my-app")
    first = active(daemon)[0]

    def seen():
        ask(daemon, "my-app")
        entry = active(daemon)[0]
        assert (entry["started"], entry["started_at"]) == (first["started"], first["started_at"])
        return entry["last_seen"] > first["last_seen"] and entry["last_seen_at"] > first["last_seen_at"]

    daemon.until(seen)


def test_the_listing_shows_every_allocation_of_the_machine_by_port(daemon):
    ask(daemon, "my-app", preferred=9100)
    lease = daemon.request("POST", "/alloc", {"service_name": "my-api"}).json["port"]
    port = daemon.ask(NAMES).json["port"]
    assert [(entry["port"], entry["project"], entry["pid"], entry["alive"]) for entry in active(daemon)] == [
        (port, "myapp/dev/web", None, True), (lease, "my-api", None, True), (9100, "my-app", None, True),
    ]


def test_health_tells_about_the_daemon(daemon):
    for project in ("a", "b"):
        ask(daemon, project)
    answer = daemon.request("GET", "/health", over="tcp")
    assert answer.status == 200
    uptime = answer.json["uptime_seconds"]
    assert type(uptime) is int and uptime >= 0
    assert answer.json == {
        "status": "ok", "uptime_seconds": uptime, "active_ports": 2, "pid": daemon.process.pid,
    }


def test_head_is_get_without_the_body(daemon):
    ask(daemon, "my-app")
    for path in ("/ports/active", "/health"):
        get, head = daemon.request("GET", path), daemon.request("HEAD", path)
        assert head.status == get.status == 200
        assert head.headers["Content-Length"] == get.headers["Content-Length"]
        assert head.body == b""
