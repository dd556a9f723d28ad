"""The HTTP API of get-port's project ports (docs/compatibility.md): every request and answer, with later additions."""

import datetime
import os
import re
import signal
import socket
import sqlite3
import time

import pytest

NAMES = {"app": "myapp", "instance": "dev", "service": "web"}
ENTRY = {"port": int, "project": str, "pid": int, "started": int, "last_seen": int, "alive": bool, "age_minutes": int,
         "started_at": str, "last_seen_at": str}


def request_port(daemon, project, pid=None, **more):
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


def test_free_preferred_port_is_assigned(daemon):
    port = daemon.lowest_free(3221)
    answer = daemon.request("POST", "/ports/request", {"project": "my-app", "preferred": port}, {"X-PID": "$$"},
                            over="tcp")
    assert (answer.status, answer.json) == (
        200, {"port": port, "message": "assigned preferred port", "existing": False},
    )


def test_project_without_a_preference_gets_the_lowest_free_port_from_3100(daemon):
    for project, more in {"a": {}, "b": {"preferred": None}, "c": {"preferred": 0}}.items():
        lowest = daemon.lowest_free(3100)
        assert request_port(daemon, project, **more).json == {
            "port": lowest, "message": "port assigned successfully", "existing": False,
        }


def test_repeated_request_renews_the_port(daemon):
    port = request_port(daemon, "my-app").json["port"]
    for more in ({}, {"preferred": port}, {"preferred": daemon.lowest_free(4000)}):
        assert request_port(daemon, "my-app", **more).json == {
            "port": port, "message": "existing assignment renewed", "existing": True,
        }
    assert len(active(daemon)) == 1


def test_project_gets_its_previous_port(daemon):
    ports = [request_port(daemon, project).json["port"] for project in ("a", "b")]
    for project in ("a", "b"):
        release(daemon, project=project)
    assert [request_port(daemon, project).json["port"] for project in ("b", "a")] == ports[::-1]


def test_allocated_preferred_port_is_not_assigned(daemon):
    port = request_port(daemon, "first").json["port"]
    answer = request_port(daemon, "second", preferred=port).json
    assert answer["port"] != port
    assert (answer["message"], answer["existing"]) == ("port assigned successfully", False)


def test_busy_preferred_port_is_not_assigned(daemon):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        answer = request_port(daemon, "my-app", preferred=port).json
    assert answer["port"] != port
    assert (answer["message"], answer["existing"]) == ("port assigned successfully", False)


def test_unsuitable_preferred_port_is_assigned_with_a_warning(daemon):
    port = daemon.unsuitable_port()
    assert request_port(daemon, "my-app", preferred=port).json == {
        "port": port, "message": "assigned preferred port", "existing": False,
        "warnings": [f"browsers refuse to connect to port {port}"],
    }


def test_project_moves_off_a_port_taken_by_another_process(daemon, start):
    port = request_port(daemon, "my-app", start().pid).json["port"]
    with socket.create_server(("127.0.0.1", port)):
        answer = request_port(daemon, "my-app").json
        assert answer["port"] != port
        assert (answer["message"], answer["existing"]) == ("port assigned successfully", False)
        assert str(port) in answer["warnings"][0]
    assert [entry["port"] for entry in active(daemon)] == [answer["port"]]


def test_name_with_slashes_is_a_full_identity(daemon):
    port = daemon.allocate(NAMES).json["port"]
    assert request_port(daemon, "myapp/dev/web").json == {
        "port": port, "message": "existing assignment renewed", "existing": True,
    }
    assert request_port(daemon, "web").json["port"] != port
    assert [entry["project"] for entry in active(daemon)] == ["myapp/dev/web", "web"]


@pytest.mark.parametrize("name", ["/home/u/my-app", "a/b", "http://x/y", "a//b", "/", "a/b/c/d"])
def test_any_other_text_is_a_project(daemon, name):
    port = request_port(daemon, name).json["port"]
    assert request_port(daemon, name).json["port"] == port
    assert [entry["project"] for entry in active(daemon)] == [name]
    assert release(daemon, project=name).json["message"] == f"released 1 port(s) for project {name}"


def test_identity_with_slashes_in_its_instance_is_released_as_it_is_listed(daemon):
    daemon.allocate({"app": "shop", "instance": "feature/login", "service": "web"})
    assert [entry["project"] for entry in active(daemon)] == ["shop/feature/login/web"]
    assert "released 1 " in release(daemon, project="shop/feature/login/web").json["message"]


@pytest.mark.parametrize("name", ["", " ", "a\nb", "a\u0000b", "a\u202eb", "x" * 129, "a\nx/b/c", 7, None, [], {}, True])
def test_invalid_project_is_400(daemon, name):
    assert request_port(daemon, name).status == 400
    assert release(daemon, project=name).status == 400
    assert active(daemon) == []


@pytest.mark.parametrize("port", [-1, 65536, 2**40, 2**64, "3221", 3221.5, 1e30, True, [], {}])
def test_invalid_port_is_400(daemon, port):
    assert request_port(daemon, "my-app", preferred=port).status == 400
    assert release(daemon, port=port).status == 400
    assert active(daemon) == []


# Owners.


@pytest.mark.parametrize("pid", ["$$", "abc", "", " ", "12abc", "0x10", "1.5"])
def test_non_numeric_owner_is_ignored_and_the_hold_is_permanent(daemon, pid):
    assert request_port(daemon, "my-app", pid).status == 200
    entry = active(daemon)[0]
    assert (entry["pid"], entry["alive"]) == (None, True)
    assert daemon.wide()[0]["holds"] == [{"kind": "permanent", "face": "projects"}]
    assert cleanup(daemon) == []


def test_hold_without_an_owner_is_permanent(daemon):
    request_port(daemon, "my-app")
    assert daemon.wide()[0]["holds"] == [{"kind": "permanent", "face": "projects"}]


@pytest.mark.parametrize(
    "pid", [0, 1, -5, 2**31, pytest.param(2**32 + os.getpid(), id="2**32 + pid"), 2**63 - 1, 2**63, 10**20, -(10**20)]
)
def test_invalid_owner_pid_is_400(daemon, pid):
    answer = request_port(daemon, "my-app", pid)
    assert answer.status == 400
    assert (answer.json["code"], answer.json["subject"]) == ("invalid_owner", str(pid))
    assert active(daemon) == []


def test_exited_owner_is_400(daemon, start):
    process = start("true")
    process.wait()
    assert request_port(daemon, "my-app", process.pid).json["code"] == "invalid_owner"
    assert active(daemon) == []


@pytest.mark.skipif(os.getuid() != 0, reason="only root can start another user's process")
def test_process_of_another_user_as_owner_is_400(daemon, start):
    process = start(user=65534, group=65534, extra_groups=[])
    answer = request_port(daemon, "my-app", process.pid)
    assert (answer.status, answer.json["code"]) == (400, "invalid_owner")
    assert active(daemon) == []


def test_owner_is_shown_for_300_seconds_after_its_exit(daemon, start):
    process = start()
    port = request_port(daemon, "my-app", process.pid).json["port"]
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


def test_next_owner_renews_the_assignment_of_an_exited_owner(daemon, start):
    first, second = start(), start()
    port = request_port(daemon, "my-app", first.pid).json["port"]
    end(first)
    daemon.until(lambda: not active(daemon)[0]["alive"])
    assert request_port(daemon, "my-app", second.pid).json == {
        "port": port, "message": "existing assignment renewed", "existing": True,
    }
    entry = active(daemon)[0]
    assert (entry["pid"], entry["alive"]) == (second.pid, True)
    assert cleanup(daemon) == []


def test_second_owner_adds_a_second_hold(daemon, start):
    first, second = start(), start()
    for process in (first, second):
        request_port(daemon, "my-app", process.pid)
    assert active(daemon)[0]["pid"] == second.pid
    assert len(daemon.wide()[0]["holds"]) == 2
    end(second)
    daemon.until(lambda: active(daemon)[0]["pid"] == first.pid)
    assert active(daemon)[0]["alive"] is True
    assert cleanup(daemon) == []
    assert len(active(daemon)) == 1


# Cleanup.


def test_cleanup_frees_and_names_ports_of_exited_owners(daemon, start):
    dying, living = start(), start()
    port = request_port(daemon, "old-app", dying.pid).json["port"]
    request_port(daemon, "my-app", living.pid)
    assert cleanup(daemon) == []
    end(dying)
    daemon.until(lambda: [entry["alive"] for entry in active(daemon)] == [False, True])
    answer = daemon.request("POST", "/ports/cleanup", over="tcp")
    assert (answer.status, answer.json) == (200, {"freed": [{"port": port, "project": "old-app"}], "count": 1})
    assert [entry["project"] for entry in active(daemon)] == ["my-app"]
    assert cleanup(daemon) == []


def test_cleanup_keeps_holds_of_other_faces(daemon, start):
    process = start()
    daemon.allocate(dict(NAMES, owner_pid=process.pid, grace_seconds=300))
    daemon.allocate(dict(NAMES, service="db", ttl_seconds=300))
    daemon.request("POST", "/alloc", {"service_name": "my-api"})
    end(process)
    daemon.until(lambda: daemon.wide()[0]["holds"][0]["owner_alive"] is False)
    assert cleanup(daemon) == []
    assert len(active(daemon)) == 3


def test_cleanup_keeps_a_port_with_a_listener(daemon, start):
    process = start()
    port = request_port(daemon, "my-app", process.pid).json["port"]
    with socket.create_server(("127.0.0.1", port)):
        end(process)
        daemon.until(lambda: not active(daemon)[0]["alive"])
        assert cleanup(daemon) == []
        entry = active(daemon)[0]
        assert (entry["project"], entry["port"], entry["pid"], entry["alive"]) == ("my-app", port, None, False)
        assert daemon.wide()[0]["state"] == "lingering"
    daemon.until(lambda: active(daemon) == [])


# Releases.


def test_project_port_is_released(daemon):
    request_port(daemon, "my-app")
    request_port(daemon, "other")
    answer = daemon.request("DELETE", "/ports/release", {"project": "my-app"}, over="tcp")
    assert (answer.status, answer.json) == (
        200, {"success": True, "message": "released 1 port(s) for project my-app"},
    )
    assert [entry["project"] for entry in active(daemon)] == ["other"]


def test_releasing_a_project_without_a_port_succeeds(daemon):
    daemon.allocate(dict(NAMES, service="x"))  # of another project
    answer = release(daemon, project="x")
    assert (answer.status, answer.json) == (200, {"success": True, "message": "released 0 port(s) for project x"})
    assert len(active(daemon)) == 1


def test_all_ports_of_a_project_are_released(daemon):
    for _ in range(2):
        daemon.request("POST", "/alloc", {"service_name": "my-app"})
    assert release(daemon, project="my-app").json["message"] == "released 2 port(s) for project my-app"
    assert active(daemon) == []


def test_port_of_any_face_is_released_by_number(daemon):
    for port in (request_port(daemon, "my-app").json["port"], daemon.allocate(NAMES).json["port"]):
        answer = release(daemon, port=port)
        assert (answer.status, answer.json) == (200, {"success": True, "message": f"released port {port}"})
    assert active(daemon) == []


def test_releasing_an_unknown_port_is_404(daemon):
    answer = release(daemon, port=3221)
    assert (answer.status, answer.json["code"], answer.json["subject"]) == (404, "allocation_not_found", "3221")


@pytest.mark.parametrize("body", [{}, {"project": ""}, {"project": None, "port": None}, {"port": 0}, {"name": "x"}])
def test_release_without_port_or_project_is_400(daemon, body):
    request_port(daemon, "my-app")
    answer = release(daemon, **body)
    assert (answer.status, answer.json["error"]) == (400, "port or project required")
    assert len(active(daemon)) == 1


# Listings.


def test_listing_has_the_documented_keys(daemon, start):
    assert active(daemon) == []
    before = time.time_ns() // 10**6
    request_port(daemon, "my-app", start().pid)
    after = time.time_ns() // 10**6
    answer = daemon.request("GET", "/ports/active", over="tcp")
    assert set(answer.json) == {"ports", "count"} and answer.json["count"] == 1
    entry = answer.json["ports"][0]
    assert {key: type(value) for key, value in entry.items()} == ENTRY
    assert before - 1 <= entry["started"] <= entry["last_seen"] <= after + 1
    assert entry["age_minutes"] == 0
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", entry["started_at"])


def test_text_times_equal_numeric_times(daemon):
    for number in range(40):
        request_port(daemon, f"project-{number}")
    for entry in active(daemon):
        for key in ("started", "last_seen"):
            text = datetime.datetime.fromisoformat(entry[f"{key}_at"].replace("Z", "+00:00"))
            assert round(text.timestamp() * 1000) == entry[key], entry


def test_repeated_request_updates_last_seen(daemon):
    request_port(daemon, "my-app")
    first = active(daemon)[0]

    def is_updated():
        request_port(daemon, "my-app")
        entry = active(daemon)[0]
        assert (entry["started"], entry["started_at"]) == (first["started"], first["started_at"])
        return entry["last_seen"] > first["last_seen"] and entry["last_seen_at"] > first["last_seen_at"]

    daemon.until(is_updated)


def test_listing_shows_allocations_of_every_face_sorted_by_port(daemon):
    preferred = daemon.lowest_free(9100)
    request_port(daemon, "my-app", preferred=preferred)
    lease = daemon.request("POST", "/alloc", {"service_name": "my-api"}).json["port"]
    port = daemon.allocate(NAMES).json["port"]
    assert [(entry["port"], entry["project"], entry["pid"], entry["alive"]) for entry in active(daemon)] == [
        (port, "myapp/dev/web", None, True), (lease, "my-api", None, True), (preferred, "my-app", None, True),
    ]


def test_health_describes_the_daemon(daemon):
    for project in ("a", "b"):
        request_port(daemon, project)
    answer = daemon.request("GET", "/health", over="tcp")
    assert answer.status == 200
    uptime = answer.json["uptime_seconds"]
    assert type(uptime) is int and uptime >= 0
    assert answer.json == {
        "status": "ok", "uptime_seconds": uptime, "active_ports": 2, "pid": daemon.process.pid,
    }


def test_head_returns_the_headers_of_get(daemon):
    request_port(daemon, "my-app")
    for path in ("/ports/active", "/health"):
        get, head = daemon.request("GET", path), daemon.request("HEAD", path)
        assert head.status == get.status == 200
        assert head.headers["Content-Length"] == get.headers["Content-Length"]
        assert head.body == b""


# The database, which the service's documents query as well.


def test_database_has_the_documented_table(daemon, start):
    owner = start()
    request_port(daemon, "my-app", pid=owner.pid)
    request_port(daemon, "my-api")
    daemon.allocate(dict(NAMES, ttl_seconds=60))
    database = sqlite3.connect(f"file:{daemon.home}/ports.db?mode=ro", uri=True)
    cursor = database.execute("SELECT * FROM port_assignments;")
    columns = [column[0] for column in cursor.description]
    rows = cursor.fetchall()
    database.close()
    assert columns == ["port", "project", "pid", "started", "last_seen"]
    expected = sorted(active(daemon), key=lambda entry: entry["port"])
    assert rows == [tuple(entry[column] for column in columns) for entry in expected]
    assert [row[1] for row in rows] == ["myapp/dev/web", "my-app", "my-api"]
    assert [row[2] for row in rows] == [None, owner.pid, None]
    end(owner)
    daemon.until(lambda: not active(daemon)[1]["alive"])
    database = sqlite3.connect(f"file:{daemon.home}/ports.db?mode=ro", uri=True)
    assert database.execute("SELECT pid FROM port_assignments WHERE project = 'my-app'").fetchall() == [(owner.pid,)]
    database.close()


def test_documented_table_cannot_be_changed(daemon):
    request_port(daemon, "my-app")
    database = sqlite3.connect(os.path.join(daemon.home, "ports.db"))
    with pytest.raises(sqlite3.OperationalError, match="cannot modify port_assignments because it is a view"):
        database.execute("DELETE FROM port_assignments")
    database.close()
