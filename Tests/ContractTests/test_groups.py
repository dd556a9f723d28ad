"""Groups of ports, allocated all or none; ranges; the manager's face; and the processes that a listing names."""

import os
import signal
import socket

import pytest

NAMES = {"app": "myapp", "instance": "dev"}
SINGLE = dict(NAMES, service="single")
UNNAMED = {"app": "unnamed", "instance": "default"}
ROLES = ["web", "api", "worker", "db", "cache"]


def allocate_group(daemon, roles=(), /, **more):
    """Requests a group: one port for each role, or `count` ports."""
    return daemon.request("POST", "/v1/groups", {**NAMES, "count": len(roles), "roles": list(roles), **more})


def groups(daemon, query=""):
    answer = daemon.request("GET", f"/v1/groups{query}")
    assert answer.status == 200
    return answer.json


def group(daemon, identifier, method="GET"):
    return daemon.request(method, f"/v1/groups/{identifier}")


def end(daemon, group_):
    assert group(daemon, group_["id"], "DELETE").status == 200


def ports(group_):
    return [part["port"] for part in group_["allocations"]]


def replicas(group_):
    return [part.get("replica", 0) for part in group_["allocations"]]


def journal(daemon, port):
    return daemon.request("GET", f"/v1/ports/{port}/journal").json


def forget(daemon, **names):
    return daemon.request("DELETE", "/v1/remembered", names)


def release_holds(daemon, body):
    return daemon.request("DELETE", "/v1/holds", body)


# Allocating a group.


@pytest.mark.parametrize("over", ["socket", "tcp"])
def test_five_roles_get_five_ports_listed_with_the_group_id(daemon, over):
    body = dict(NAMES, count=5, roles=ROLES)
    answer = daemon.request("POST", "/v1/groups", body, over=over)
    assert answer.status == 201
    made = answer.json
    assert set(made) == {"id", "app", "instance", "created_at", "allocations"}
    assert (made["app"], made["instance"]) == ("myapp", "dev")
    assert [part["service"] for part in made["allocations"]] == ROLES
    assert len(set(ports(made))) == 5
    assert {part["group"] for part in daemon.listing()} == {made["id"]}
    assert daemon.listing() == made["allocations"]
    assert group(daemon, made["id"]).json == made
    assert groups(daemon) == [made]


def test_single_allocation_has_no_group(daemon):
    assert "group" not in daemon.allocate(SINGLE).json
    assert "group" not in daemon.wide()[0]
    assert groups(daemon) == []


def test_repeated_roles_become_replicas(daemon):
    made = allocate_group(daemon, ["web", "worker", "worker", "db", "worker"]).json
    assert [part["service"] for part in made["allocations"]] == ["web", "worker", "worker", "db", "worker"]
    assert replicas(made) == [0, 0, 1, 0, 2]
    assert len(set(ports(made))) == 5


def test_role_that_already_has_a_port_gets_a_replica(daemon):
    single = daemon.allocate(SINGLE).json
    made = allocate_group(daemon, ["web", "single"]).json
    assert replicas(made) == [0, 1]
    assert daemon.listing() == [single, *made["allocations"]]


def test_requesting_the_same_roles_again_makes_a_second_group(daemon):
    first, second = (allocate_group(daemon, ["web", "db"]).json for _ in range(2))
    assert first["id"] != second["id"]
    assert (replicas(first), replicas(second)) == ([0, 0], [1, 1])
    assert groups(daemon) == [first, second]


@pytest.mark.parametrize("roles", [[], None], ids=["empty", "null"])
def test_ports_without_roles_are_replicas_of_one_service(daemon, roles):
    made = allocate_group(daemon, count=3, roles=roles).json
    assert [part["service"] for part in made["allocations"]] == ["port"] * 3
    assert replicas(made) == [0, 1, 2]


def test_ports_without_an_app_name_are_not_remembered(daemon):
    first = daemon.free_block(6)
    within = f"{first}-{first + 5}"
    # Ports that a name remembers are given to others only when no other port is left.
    for names, next_free in ((UNNAMED, first), (NAMES, first + 3)):
        made = allocate_group(daemon, **names, count=3, range=within).json
        assert ports(made) == [first, first + 1, first + 2]
        end(daemon, made)
        single = daemon.allocate(dict(SINGLE, range=within)).json
        assert single["port"] == next_free
        assert forget(daemon, **SINGLE).status == 200
    assert forget(daemon, **UNNAMED, service="port").json["code"] == "nothing_remembered"
    assert forget(daemon, **NAMES, service="port").status == 200


def test_group_gets_the_lowest_free_ports_of_its_range(daemon):
    first = daemon.free_block(5)
    daemon.allocate(dict(SINGLE, port=first + 1))
    with socket.create_server(("127.0.0.1", first + 3)):
        made = allocate_group(daemon, ["web", "api", "db"], range=f"{first}-{first + 4}").json
    assert ports(made) == [first, first + 2, first + 4]


def test_roles_get_their_previous_ports(daemon):
    made = allocate_group(daemon, ["web", "db"]).json
    end(daemon, made)
    again = allocate_group(daemon, ["db", "web"]).json
    assert ports(again) == ports(made)[::-1]
    assert again["id"] != made["id"]


def test_group_warns_when_a_previous_port_is_taken(daemon):
    made = allocate_group(daemon, ["web", "db"]).json
    end(daemon, made)
    with socket.create_server(("127.0.0.1", ports(made)[1])):
        again = allocate_group(daemon, ["web", "db"]).json
    assert ports(again)[0] == ports(made)[0] and ports(again)[1] != ports(made)[1]
    [warning] = again.pop("warnings")
    assert str(ports(made)[1]) in warning
    assert group(daemon, again["id"]).json == again


def test_contiguous_ports_are_consecutive(daemon):
    first = daemon.free_block(8)
    daemon.allocate(dict(SINGLE, port=first + 1))
    with socket.create_server(("127.0.0.1", first + 4)):
        made = allocate_group(daemon, ["web", "api", "db"], contiguous=True, range=f"{first}-{first + 7}").json
    assert ports(made) == [first + 5, first + 6, first + 7]
    assert [part["service"] for part in made["allocations"]] == ["web", "api", "db"]
    made = allocate_group(daemon, ROLES, contiguous=True).json
    assert ports(made) == list(range(ports(made)[0], ports(made)[0] + 5))


def test_contiguous_group_gets_its_previous_block_again(daemon):
    first = daemon.free_block(4)
    within = f"{first}-{first + 3}"
    daemon.allocate(dict(SINGLE, port=first))
    made = allocate_group(daemon, ["web", "api", "db"], contiguous=True, range=within).json
    assert ports(made) == [first + 1, first + 2, first + 3]
    # Now a lower block is free as well.
    assert forget(daemon, **SINGLE).status == 200
    for more in ({"range": within}, {}):
        end(daemon, made)
        made = allocate_group(daemon, ["web", "api", "db"], contiguous=True, **more).json
        assert ports(made) == [first + 1, first + 2, first + 3]


def test_contiguous_group_moves_as_a_whole(daemon):
    first = daemon.free_block(6)
    within = f"{first}-{first + 5}"
    made = allocate_group(daemon, ["web", "api", "db"], contiguous=True, range=within).json
    assert ports(made) == [first, first + 1, first + 2]
    end(daemon, made)
    with socket.create_server(("127.0.0.1", first + 1)):
        made = allocate_group(daemon, ["web", "api", "db"], contiguous=True, range=within).json
    assert ports(made) == [first + 3, first + 4, first + 5]


def test_tags_and_metadata_apply_to_every_allocation_of_a_group(daemon):
    given = {"tags": ["stack"], "metadata": {"branch": "feature/x"}}
    for part in allocate_group(daemon, ["web", "db"], **given).json["allocations"]:
        assert part.items() >= given.items()


def test_group_uses_the_pool_and_hold_of_its_face(daemon):
    lowest = daemon.lowest_free(8000)
    made = allocate_group(daemon, ["web", "db"], face="leases").json
    assert ports(made)[0] == lowest and ports(made)[1] <= 9000
    hold = {"kind": "ttl", "face": "leases", "ttl_seconds": 300, "seconds_left": 300}
    assert [part["holds"] for part in daemon.wide()] == [[hold], [hold]]


def test_owner_exit_ends_the_whole_group(daemon, start):
    process = start()
    kept = allocate_group(daemon, ["web", "db"]).json
    allocate_group(daemon, ROLES, owner_pid=process.pid, grace_seconds=0, ttl_seconds=60)
    process.send_signal(signal.SIGKILL)
    process.wait()
    daemon.until(lambda: daemon.listing() == kept["allocations"])
    assert groups(daemon) == [kept]


def test_groups_can_be_filtered_by_app_and_instance(daemon):
    made = [allocate_group(daemon, ["web"], **names).json
            for names in ({}, {"instance": "prod"}, {"app": "other"}, {"app": "other"})]
    for query, expected in {
        "": made, "?app=": made, "?app=myapp": made[:2], "?app=myapp&instance=prod": made[1:2], "?app=other": made[2:],
        "?instance=dev": [made[0], *made[2:]], "?app=nobody": [],
    }.items():
        assert groups(daemon, query) == expected, query


def test_group_of_a_second_directory_of_the_same_name_belongs_to_another_app(daemon, tmp_path, unique):
    made = []
    for parent in ("client", "server"):
        directory = tmp_path / parent / unique
        directory.mkdir(parents=True)
        project = {"root": str(directory), "folder": str(directory)}
        made.append(allocate_group(daemon, ["web", "db"], app=unique, project=project).json)
        warnings = made[-1].pop("warnings", [])
        assert groups(daemon, f"?app={unique}&root={directory}") == made[-1:]
    assert [item["app"] for item in made] == [unique, f"server-{unique}"]
    assert warnings == [f'another directory is already called "{unique}": {directory} is "server-{unique}"']


def test_head_of_a_group_returns_the_headers_of_get(daemon):
    made = allocate_group(daemon, ["web", "db"]).json
    for path in ("/v1/groups", f"/v1/groups/{made['id']}"):
        get, head = daemon.request("GET", path), daemon.request("HEAD", path)
        assert (get.status, head.status, head.body) == (200, 200, b"")
        assert head.headers["Content-Length"] == get.headers["Content-Length"]


# Refusals: all or none.


@pytest.mark.parametrize("contiguous", [False, True])
def test_group_that_does_not_fit_changes_nothing(daemon, contiguous):
    first = daemon.free_block(4)
    within = f"{first}-{first + 3}"
    daemon.allocate(dict(SINGLE, port=first + 2))
    before, journals = daemon.wide(), [journal(daemon, first + offset) for offset in range(4)]
    roles = ["web", "api", "db"] if contiguous else ["web", "api", "worker", "db"]
    answer = allocate_group(daemon, roles, contiguous=contiguous, range=within)
    assert (answer.status, answer.json["code"], answer.json["subject"]) == (503, "pool_full", within)
    assert daemon.wide() == before
    assert groups(daemon) == []
    assert [journal(daemon, first + offset) for offset in range(4)] == journals
    # No port is remembered either: the lowest one belongs to no service.
    for role in roles:
        assert forget(daemon, **NAMES, service=role).json["code"] == "nothing_remembered"
    assert daemon.allocate(dict(NAMES, service="later", range=within)).json["port"] == first


def test_group_without_contiguous_uses_scattered_ports(daemon):
    first = daemon.free_block(4)
    within = f"{first}-{first + 3}"
    daemon.allocate(dict(SINGLE, port=first + 2))
    answer = allocate_group(daemon, ["web", "api", "db"], contiguous=True, range=within)
    assert (answer.status, answer.json["code"]) == (503, "pool_full")
    assert ports(allocate_group(daemon, ["web", "api", "db"], range=within).json) == [first, first + 1, first + 3]


@pytest.mark.parametrize(
    "change, code, subject",
    [({"count": None}, "invalid_request", "count"), ({"count": 0}, "invalid_request", "count"),
     ({"count": -1}, "invalid_request", "count"), ({"count": 1001}, "invalid_request", "count"),
     ({"count": 100000}, "invalid_request", "count"), ({"count": 1}, "invalid_request", "roles"),
     ({"count": 3}, "invalid_request", "roles"), ({"roles": ["web"]}, "invalid_request", "roles"),
     ({"app": ""}, "invalid_name", "app"), ({"app": " "}, "invalid_name", "app"),
     ({"app": None}, "invalid_name", "app"), ({"instance": ""}, "invalid_name", "instance"),
     ({"instance": None}, "invalid_name", "instance"),
     ({"roles": ["web", ""]}, "invalid_name", "service"), ({"roles": ["web", "a\nb"]}, "invalid_name", "service"),
     ({"range": "5000-4000"}, "invalid_request", "5000-4000"), ({"range": "x"}, "invalid_request", "x"),
     ({"face": "nobody"}, "invalid_request", "nobody"), ({"ttl_seconds": 0}, "invalid_ttl", "0"),
     ({"owner_pid": 1}, "invalid_owner", "1"), ({"grace_seconds": 7}, "invalid_request", "grace_seconds"),
     ({"project": {"root": "relative", "folder": "/"}}, "invalid_request", "project")],
    ids=str,
)
def test_invalid_group_is_400(daemon, change, code, subject):
    answer = allocate_group(daemon, ["web", "db"], **{"count": 2, **change})
    assert (answer.status, answer.json["code"], answer.json["subject"]) == (400, code, subject)
    assert daemon.listing() == []


@pytest.mark.parametrize("part", ["count", "app", "instance"])
def test_group_without_a_required_field_is_400(daemon, part):
    body = {key: value for key, value in dict(NAMES, count=2).items() if key != part}
    answer = daemon.request("POST", "/v1/groups", body)
    assert (answer.status, answer.json["subject"]) == (400, part)
    assert daemon.listing() == []


@pytest.mark.parametrize(
    "part, value",
    [("count", "2"), ("count", 1.5), ("count", True), ("count", 2**63), ("count", []), ("roles", "web"),
     ("roles", ["web", 7]), ("roles", {}), ("contiguous", "yes"), ("contiguous", 1), ("range", 4000), ("range", []),
     ("tags", "web"), ("metadata", []), ("project", {"root": "/"})],
)
def test_group_field_of_the_wrong_type_is_400(daemon, part, value):
    answer = allocate_group(daemon, ["web", "db"], **{"count": 2, part: value})
    assert (answer.status, answer.json["code"]) == (400, "invalid_json")
    assert daemon.listing() == []


@pytest.mark.parametrize("query", ["app=%0A", "app=%20", f"instance={'x' * 129}", "root=relative"])
def test_invalid_group_filter_is_400(daemon, query):
    for method in ("GET", "HEAD"):
        assert daemon.request(method, f"/v1/groups?{query}").status == 400


@pytest.mark.parametrize("identifier", ["x", "1", "-1", "000000000000", "%20", "x" * 200])
def test_unknown_group_is_404(daemon, identifier):
    made = allocate_group(daemon, ["web", "db"]).json
    for method in ("GET", "DELETE"):
        answer = group(daemon, identifier, method)
        assert (answer.status, answer.json["code"]) == (404, "group_not_found")
    assert group(daemon, identifier, "HEAD").status == 404
    assert groups(daemon) == [made]


# Ending a group.


def test_releasing_a_group_ends_exactly_its_allocations(daemon):
    single = daemon.allocate(SINGLE).json
    first, second = (allocate_group(daemon, ["web", "db", "db"]).json for _ in range(2))
    answer = group(daemon, first["id"], "DELETE")
    assert (answer.status, answer.json) == (200, first)
    assert daemon.listing() == [single, *second["allocations"]]
    assert groups(daemon) == [second]
    for method in ("GET", "DELETE"):
        answer = group(daemon, first["id"], method)
        assert (answer.status, answer.json["code"], answer.json["subject"]) == (404, "group_not_found", first["id"])


def test_group_lists_only_its_remaining_allocations(daemon):
    made = allocate_group(daemon, ["web", "api", "db"]).json
    web, api, database = made["allocations"]
    assert daemon.request("DELETE", f"/v1/allocations/{api['id']}").status == 200
    left = dict(made, allocations=[web, database])
    assert group(daemon, made["id"]).json == left
    assert daemon.request("DELETE", "/v1/allocations", dict(NAMES, service="web")).json == {"deleted": 1}
    assert group(daemon, made["id"], "DELETE").json["allocations"] == [database]
    assert daemon.listing() == []


def test_group_ends_with_its_last_allocation(daemon):
    made = allocate_group(daemon, ["web", "db"]).json
    assert daemon.request("DELETE", "/v1/allocations", NAMES).json == {"deleted": 2}
    assert group(daemon, made["id"]).json["code"] == "group_not_found"
    assert groups(daemon) == []


# The holds of a face.


def test_manager_face_uses_its_pool_and_permanent_holds(daemon):
    lowest = daemon.lowest_free(3000)
    port = daemon.allocate(dict(SINGLE, face="manager")).json["port"]
    assert port == lowest <= 3999
    assert daemon.wide()[0]["holds"] == [{"kind": "permanent", "face": "manager"}]
    assert journal(daemon, port)[0]["face"] == "manager"


def test_ending_the_holds_of_a_face_keeps_the_holds_of_others(daemon):
    daemon.allocate(dict(SINGLE, face="manager"))
    made = allocate_group(daemon, ["web", "db"], face="manager").json
    shared = daemon.allocate(dict(NAMES, service="shared", face="manager")).json
    assert daemon.allocate(dict(NAMES, service="shared", ensure=True)).json == shared
    other = daemon.allocate(dict(NAMES, service="other")).json
    assert [hold["face"] for hold in daemon.wide()[3]["holds"]] == ["manager", "registry"]
    answer = release_holds(daemon, {"face": "manager"})
    assert (answer.status, answer.json) == (200, {"deleted": 3})
    assert daemon.listing() == [shared, other]
    assert [part["holds"] for part in daemon.wide()] == [[{"kind": "permanent", "face": "registry"}]] * 2
    assert group(daemon, made["id"]).status == 404
    answer = release_holds(daemon, {"face": "manager"})
    assert (answer.status, answer.json) == (200, {"deleted": 0})
    assert daemon.listing() == [shared, other]


@pytest.mark.parametrize(
    "body, code",
    [({}, "invalid_request"), ({"face": None}, "invalid_request"), ({"face": ""}, "invalid_request"),
     ({"face": "nobody"}, "invalid_request"), ({"face": "Manager"}, "invalid_request"), ({"face": 1}, "invalid_json"),
     ({"face": ["manager"]}, "invalid_json")],
    ids=str,
)
def test_ending_holds_requires_a_known_face(daemon, body, code):
    made = [daemon.allocate(dict(SINGLE, service=face, face=face)).json for face in ("registry", "manager")]
    answer = release_holds(daemon, body)
    assert (answer.status, answer.json["code"]) == (400, code)
    assert daemon.listing() == made


# Ranges for a single port.


def test_range_replaces_the_pool(daemon):
    first = daemon.free_block(2)
    within = f"{first}-{first + 1}"
    assert [daemon.allocate(dict(NAMES, service=service, face="leases", range=within)).json["port"]
            for service in ("web", "db")] == [first, first + 1]
    before = daemon.listing()
    answer = daemon.allocate(dict(NAMES, service="api", range=within))
    assert (answer.status, answer.json["code"], answer.json["subject"]) == (503, "pool_full", within)
    assert daemon.listing() == before
    assert daemon.allocate(dict(NAMES, service="api", range=None)).status == 201


def test_ranges_are_used_in_the_given_order(daemon):
    first = daemon.free_block(4)
    ranges = f"{first + 3},{first}-{first + 1}"
    assert [daemon.allocate(dict(NAMES, service=service, range=ranges)).json["port"]
            for service in ("web", "api", "db")] == [first + 3, first, first + 1]


def test_remembered_port_outside_the_range_is_not_granted(daemon):
    first = daemon.free_block(2)
    for port in (first, first + 1):
        answer = daemon.allocate(dict(SINGLE, range=str(port)))
        assert answer.status == 201 and answer.json["port"] == port and "warnings" not in answer.json
        daemon.request("DELETE", "/v1/allocations", SINGLE)
    # The higher one is the port that it had last.
    assert daemon.allocate(dict(SINGLE, range=f"{first}-{first + 1}")).json["port"] == first + 1


@pytest.mark.parametrize("text", ["", " ", "x", "5000-4000", "0", "0-10", "4000-65536", "-1", "4000-", "4000-4001-4002",
                                  "4000-4001,", ",", "4000..4001", "+4000", "4000 - 4001"])
def test_invalid_range_is_400(daemon, text):
    reservation = daemon.request("POST", "/v1/reservations", dict(SINGLE, port=25432, range=text))
    for answer in (daemon.allocate(dict(SINGLE, range=text)), allocate_group(daemon, ["web"], range=text), reservation):
        assert (answer.status, answer.json["code"]) == (400, "invalid_request")
    assert daemon.listing() == []


def test_reservation_accepts_a_range_and_the_manager_face(daemon):
    port = daemon.lowest_free(4000)
    body = dict(SINGLE, port=port, range="4000-4999", face="manager")
    answer = daemon.request("POST", "/v1/reservations", body)
    assert (answer.status, answer.json["port"]) == (201, port)
    assert daemon.wide()[0]["holds"] == [{"kind": "permanent", "face": "manager"}]


# Listening processes and callers.


def test_wide_listing_names_the_listening_processes(daemon):
    port = daemon.allocate(SINGLE).json["port"]
    assert "occupiers" not in daemon.wide()[0]
    with socket.create_server(("127.0.0.1", port)):
        [process] = daemon.wide()[0]["occupiers"]
        assert process["pid"] == os.getpid() and process["folder"] == os.getcwd() and process["command"]
        assert "occupiers" not in daemon.listing()[0]
        # The listing of listeners does not repeat the processes in the allocation.
        [listener] = daemon.request("GET", f"/v1/listeners?port={port}").json
        assert listener["processes"] == [process]
        assert listener["allocation"]["state"] == "active" and "occupiers" not in listener["allocation"]
    assert "occupiers" not in daemon.wide()[0]


def test_wide_listing_shows_the_first_caller(daemon):
    daemon.allocate(SINGLE)
    allocate_group(daemon, ["web", "db"])
    assert [part["requested_by_pid"] for part in daemon.wide()] == [os.getpid()] * 3
    assert not [part for part in daemon.listing() if "requested_by_pid" in part]


def test_port_status_shows_whether_a_socket_holds_it(daemon):
    port = daemon.lowest_free(4000)

    def status():
        answer = daemon.request("GET", f"/v1/ports/{port}").json
        return answer["available"], answer["in_use"], "holder" in answer

    assert status() == (True, False, False)
    with socket.create_server(("127.0.0.1", port)):
        assert status() == (False, True, False)
    daemon.allocate(dict(SINGLE, port=port))
    assert status() == (False, False, True)
    with socket.create_server(("127.0.0.1", port)):
        assert status() == (False, True, True)
