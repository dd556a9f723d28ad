"""Several ports at once, all or none; and what else their askers need: ranges, a face of their own, who listens."""

import os
import signal
import socket

import pytest

NAMES = {"app": "myapp", "instance": "dev"}
SINGLE = dict(NAMES, service="single")
UNNAMED = {"app": "unnamed", "instance": "default"}
ROLES = ["web", "api", "worker", "db", "cache"]


def together(daemon, roles=(), /, **more):
    """Asks for a group: one port for each role, unless `count` says otherwise."""
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


def free_block(daemon, count, first=4000):
    """The first of `count` ports that follow one another, each of which automatic choice can take."""
    while taken := [port for port in range(first, first + count) if daemon.lowest_free(port) != port]:
        first = taken[-1] + 1
    return first


def journal(daemon, port):
    return daemon.request("GET", f"/v1/ports/{port}/journal").json


def forget(daemon, **names):
    return daemon.request("DELETE", "/v1/remembered", names)


def release_holds(daemon, body):
    return daemon.request("DELETE", "/v1/holds", body)


# Asking for a group.


@pytest.mark.parametrize("over", ["socket", "tcp"])
def test_five_roles_get_five_ports_all_listed_with_the_group_s_id(daemon, over):
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


def test_an_allocation_that_was_made_alone_has_no_group(daemon):
    assert "group" not in daemon.ask(SINGLE).json
    assert "group" not in daemon.wide()[0]
    assert groups(daemon) == []


def test_roles_that_repeat_get_replicas(daemon):
    made = together(daemon, ["web", "worker", "worker", "db", "worker"]).json
    assert [part["service"] for part in made["allocations"]] == ["web", "worker", "worker", "db", "worker"]
    assert replicas(made) == [0, 0, 1, 0, 2]
    assert len(set(ports(made))) == 5


def test_a_role_that_has_a_port_gets_a_further_one(daemon):
    single = daemon.ask(SINGLE).json
    made = together(daemon, ["web", "single"]).json
    assert replicas(made) == [0, 1]
    assert daemon.listing() == [single, *made["allocations"]]


def test_the_same_roles_again_are_a_second_group(daemon):
    first, second = (together(daemon, ["web", "db"]).json for _ in range(2))
    assert first["id"] != second["id"]
    assert (replicas(first), replicas(second)) == ([0, 0], [1, 1])
    assert groups(daemon) == [first, second]


@pytest.mark.parametrize("roles", [[], None], ids=["empty", "null"])
def test_ports_without_a_role_are_replicas_of_one_service(daemon, roles):
    made = together(daemon, count=3, roles=roles).json
    assert [part["service"] for part in made["allocations"]] == ["port"] * 3
    assert replicas(made) == [0, 1, 2]


def test_nothing_is_remembered_for_nameless_ports(daemon):
    first = free_block(daemon, 6)
    within = f"{first}-{first + 5}"
    # What names remember is left alone as long as there are others.
    for names, next_free in ((UNNAMED, first), (NAMES, first + 3)):
        made = together(daemon, **names, count=3, range=within).json
        assert ports(made) == [first, first + 1, first + 2]
        end(daemon, made)
        single = daemon.ask(dict(SINGLE, range=within)).json
        assert single["port"] == next_free
        assert forget(daemon, **SINGLE).status == 200
    assert forget(daemon, **UNNAMED, service="port").json["code"] == "nothing_remembered"
    assert forget(daemon, **NAMES, service="port").status == 200


def test_a_group_has_the_lowest_free_ports_of_its_range(daemon):
    first = free_block(daemon, 5)
    daemon.ask(dict(SINGLE, port=first + 1))
    with socket.create_server(("127.0.0.1", first + 3)):
        made = together(daemon, ["web", "api", "db"], range=f"{first}-{first + 4}").json
    assert ports(made) == [first, first + 2, first + 4]


def test_roles_get_the_ports_that_they_had(daemon):
    made = together(daemon, ["web", "db"]).json
    end(daemon, made)
    again = together(daemon, ["db", "web"]).json
    assert ports(again) == ports(made)[::-1]
    assert again["id"] != made["id"]


def test_a_group_warns_of_a_port_that_is_not_the_expected_one(daemon):
    made = together(daemon, ["web", "db"]).json
    end(daemon, made)
    with socket.create_server(("127.0.0.1", ports(made)[1])):
        again = together(daemon, ["web", "db"]).json
    assert ports(again)[0] == ports(made)[0] and ports(again)[1] != ports(made)[1]
    [warning] = again.pop("warnings")
    assert str(ports(made)[1]) in warning
    assert group(daemon, again["id"]).json == again


def test_contiguous_ports_follow_one_another(daemon):
    first = free_block(daemon, 8)
    daemon.ask(dict(SINGLE, port=first + 1))
    with socket.create_server(("127.0.0.1", first + 4)):
        made = together(daemon, ["web", "api", "db"], contiguous=True, range=f"{first}-{first + 7}").json
    assert ports(made) == [first + 5, first + 6, first + 7]
    assert [part["service"] for part in made["allocations"]] == ["web", "api", "db"]
    made = together(daemon, ROLES, contiguous=True).json
    assert ports(made) == list(range(ports(made)[0], ports(made)[0] + 5))


def test_a_contiguous_group_that_ended_gets_the_same_block_again(daemon):
    first = free_block(daemon, 4)
    within = f"{first}-{first + 3}"
    daemon.ask(dict(SINGLE, port=first))
    made = together(daemon, ["web", "api", "db"], contiguous=True, range=within).json
    assert ports(made) == [first + 1, first + 2, first + 3]
    # From here on a lower block is free, too.
    assert forget(daemon, **SINGLE).status == 200
    for more in ({"range": within}, {}):
        end(daemon, made)
        made = together(daemon, ["web", "api", "db"], contiguous=True, **more).json
        assert ports(made) == [first + 1, first + 2, first + 3]


def test_a_contiguous_group_moves_as_a_whole(daemon):
    first = free_block(daemon, 6)
    within = f"{first}-{first + 5}"
    made = together(daemon, ["web", "api", "db"], contiguous=True, range=within).json
    assert ports(made) == [first, first + 1, first + 2]
    end(daemon, made)
    with socket.create_server(("127.0.0.1", first + 1)):
        made = together(daemon, ["web", "api", "db"], contiguous=True, range=within).json
    assert ports(made) == [first + 3, first + 4, first + 5]


def test_tags_and_metadata_are_each_allocation_s(daemon):
    said = {"tags": ["stack"], "metadata": {"branch": "feature/x"}}
    for part in together(daemon, ["web", "db"], **said).json["allocations"]:
        assert part.items() >= said.items()


def test_a_group_is_held_as_its_face_holds(daemon):
    lowest = daemon.lowest_free(8000)
    made = together(daemon, ["web", "db"], face="leases").json
    assert ports(made)[0] == lowest and ports(made)[1] <= 9000
    hold = {"kind": "ttl", "face": "leases", "ttl_seconds": 300, "seconds_left": 300}
    assert [part["holds"] for part in daemon.wide()] == [[hold], [hold]]


def test_an_owner_s_exit_ends_its_whole_group(daemon, start):
    process = start()
    kept = together(daemon, ["web", "db"]).json
    together(daemon, ROLES, owner_pid=process.pid, grace_seconds=0, ttl_seconds=60)
    process.send_signal(signal.SIGKILL)
    process.wait()
    daemon.until(lambda: daemon.listing() == kept["allocations"])
    assert groups(daemon) == [kept]


def test_groups_are_listed_by_app_and_instance(daemon):
    made = [together(daemon, ["web"], **names).json
            for names in ({}, {"instance": "prod"}, {"app": "other"}, {"app": "other"})]
    for query, expected in {
        "": made, "?app=": made, "?app=myapp": made[:2], "?app=myapp&instance=prod": made[1:2], "?app=other": made[2:],
        "?instance=dev": [made[0], *made[2:]], "?app=nobody": [],
    }.items():
        assert groups(daemon, query) == expected, query


def test_a_group_of_a_second_folder_of_one_name_is_another_app_s(daemon, tmp_path):
    made = []
    for parent in ("client", "server"):
        folder = tmp_path / parent / "stack"
        folder.mkdir(parents=True)
        project = {"root": str(folder), "folder": str(folder)}
        made.append(together(daemon, ["web", "db"], app="stack", project=project).json)
        assert groups(daemon, f"?app=stack&root={folder}") == made[-1:]
    assert [item["app"] for item in made] == ["stack", "server-stack"]


def test_the_head_of_a_group_is_get_without_the_body(daemon):
    made = together(daemon, ["web", "db"]).json
    for path in ("/v1/groups", f"/v1/groups/{made['id']}"):
        get, head = daemon.request("GET", path), daemon.request("HEAD", path)
        assert (get.status, head.status, head.body) == (200, 200, b"")
        assert head.headers["Content-Length"] == get.headers["Content-Length"]


# Refusals: all or none.


@pytest.mark.parametrize("contiguous", [False, True])
def test_a_group_that_does_not_fit_changes_nothing(daemon, contiguous):
    first = free_block(daemon, 4)
    within = f"{first}-{first + 3}"
    daemon.ask(dict(SINGLE, port=first + 2))
    before, stories = daemon.wide(), [journal(daemon, first + offset) for offset in range(4)]
    roles = ["web", "api", "db"] if contiguous else ["web", "api", "worker", "db"]
    answer = together(daemon, roles, contiguous=contiguous, range=within)
    assert (answer.status, answer.json["code"], answer.json["subject"]) == (503, "pool_full", within)
    assert daemon.wide() == before
    assert groups(daemon) == []
    assert [journal(daemon, first + offset) for offset in range(4)] == stories
    # Nor is a port remembered: the lowest is nobody's.
    for role in roles:
        assert forget(daemon, **NAMES, service=role).json["code"] == "nothing_remembered"
    assert daemon.ask(dict(NAMES, service="later", range=within)).json["port"] == first


def test_ports_that_do_not_follow_one_another_do_for_a_group_that_need_not(daemon):
    first = free_block(daemon, 4)
    within = f"{first}-{first + 3}"
    daemon.ask(dict(SINGLE, port=first + 2))
    answer = together(daemon, ["web", "api", "db"], contiguous=True, range=within)
    assert (answer.status, answer.json["code"]) == (503, "pool_full")
    assert ports(together(daemon, ["web", "api", "db"], range=within).json) == [first, first + 1, first + 3]


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
def test_a_group_that_cannot_be_is_400(daemon, change, code, subject):
    answer = together(daemon, ["web", "db"], **{"count": 2, **change})
    assert (answer.status, answer.json["code"], answer.json["subject"]) == (400, code, subject)
    assert daemon.listing() == []


@pytest.mark.parametrize("part", ["count", "app", "instance"])
def test_a_group_without_what_it_needs_is_400(daemon, part):
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
def test_what_is_no_value_of_a_group_is_400(daemon, part, value):
    answer = together(daemon, ["web", "db"], **{"count": 2, part: value})
    assert (answer.status, answer.json["code"]) == (400, "invalid_json")
    assert daemon.listing() == []


@pytest.mark.parametrize("query", ["app=%0A", "app=%20", f"instance={'x' * 129}", "root=relative"])
def test_a_bad_filter_of_groups_is_400(daemon, query):
    for method in ("GET", "HEAD"):
        assert daemon.request(method, f"/v1/groups?{query}").status == 400


@pytest.mark.parametrize("identifier", ["x", "1", "-1", "000000000000", "%20", "x" * 200])
def test_an_unknown_group_is_404(daemon, identifier):
    made = together(daemon, ["web", "db"]).json
    for method in ("GET", "DELETE"):
        answer = group(daemon, identifier, method)
        assert (answer.status, answer.json["code"]) == (404, "group_not_found")
    assert group(daemon, identifier, "HEAD").status == 404
    assert groups(daemon) == [made]


# Ending a group.


def test_a_release_ends_all_of_a_group_and_only_them(daemon):
    single = daemon.ask(SINGLE).json
    first, second = (together(daemon, ["web", "db", "db"]).json for _ in range(2))
    answer = group(daemon, first["id"], "DELETE")
    assert (answer.status, answer.json) == (200, first)
    assert daemon.listing() == [single, *second["allocations"]]
    assert groups(daemon) == [second]
    for method in ("GET", "DELETE"):
        answer = group(daemon, first["id"], method)
        assert (answer.status, answer.json["code"], answer.json["subject"]) == (404, "group_not_found", first["id"])


def test_a_group_is_what_is_left_of_it(daemon):
    made = together(daemon, ["web", "api", "db"]).json
    web, api, database = made["allocations"]
    assert daemon.request("DELETE", f"/v1/allocations/{api['id']}").status == 200
    left = dict(made, allocations=[web, database])
    assert group(daemon, made["id"]).json == left
    assert daemon.request("DELETE", "/v1/allocations", dict(NAMES, service="web")).json == {"deleted": 1}
    assert group(daemon, made["id"], "DELETE").json["allocations"] == [database]
    assert daemon.listing() == []


def test_a_group_is_gone_with_its_last_allocation(daemon):
    made = together(daemon, ["web", "db"]).json
    assert daemon.request("DELETE", "/v1/allocations", NAMES).json == {"deleted": 2}
    assert group(daemon, made["id"]).json["code"] == "group_not_found"
    assert groups(daemon) == []


# A face's holds.


def test_the_manager_has_its_pool_and_permanent_holds(daemon):
    lowest = daemon.lowest_free(3000)
    port = daemon.ask(dict(SINGLE, face="manager")).json["port"]
    assert port == lowest <= 3999
    assert daemon.wide()[0]["holds"] == [{"kind": "permanent", "face": "manager"}]
    assert journal(daemon, port)[0]["face"] == "manager"


def test_the_holds_of_one_face_end_and_others_stay(daemon):
    daemon.ask(dict(SINGLE, face="manager"))
    made = together(daemon, ["web", "db"], face="manager").json
    shared = daemon.ask(dict(NAMES, service="shared", face="manager")).json
    assert daemon.ask(dict(NAMES, service="shared", ensure=True)).json == shared
    other = daemon.ask(dict(NAMES, service="other")).json
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
def test_whose_holds_end_must_be_said(daemon, body, code):
    made = [daemon.ask(dict(SINGLE, service=face, face=face)).json for face in ("registry", "manager")]
    answer = release_holds(daemon, body)
    assert (answer.status, answer.json["code"]) == (400, code)
    assert daemon.listing() == made


# Ranges, for one port.


def test_a_range_is_chosen_from_instead_of_the_pool(daemon):
    first = free_block(daemon, 2)
    within = f"{first}-{first + 1}"
    assert [daemon.ask(dict(NAMES, service=service, face="leases", range=within)).json["port"]
            for service in ("web", "db")] == [first, first + 1]
    before = daemon.listing()
    answer = daemon.ask(dict(NAMES, service="api", range=within))
    assert (answer.status, answer.json["code"], answer.json["subject"]) == (503, "pool_full", within)
    assert daemon.listing() == before
    assert daemon.ask(dict(NAMES, service="api", range=None)).status == 201


def test_several_ranges_are_chosen_from_in_their_order(daemon):
    first = free_block(daemon, 4)
    ranges = f"{first + 3},{first}-{first + 1}"
    assert [daemon.ask(dict(NAMES, service=service, range=ranges)).json["port"]
            for service in ("web", "api", "db")] == [first + 3, first, first + 1]


def test_a_remembered_port_outside_of_the_range_is_not_given(daemon):
    first = free_block(daemon, 2)
    for port in (first, first + 1):
        answer = daemon.ask(dict(SINGLE, range=str(port)))
        assert answer.status == 201 and answer.json["port"] == port and "warnings" not in answer.json
        daemon.request("DELETE", "/v1/allocations", SINGLE)
    # It had the higher one last.
    assert daemon.ask(dict(SINGLE, range=f"{first}-{first + 1}")).json["port"] == first + 1


@pytest.mark.parametrize("text", ["", " ", "x", "5000-4000", "0", "0-10", "4000-65536", "-1", "4000-", "4000-4001-4002",
                                  "4000-4001,", ",", "4000..4001", "+4000", "4000 - 4001"])
def test_what_is_no_range_is_400(daemon, text):
    reservation = daemon.request("POST", "/v1/reservations", dict(SINGLE, port=25432, range=text))
    for answer in (daemon.ask(dict(SINGLE, range=text)), together(daemon, ["web"], range=text), reservation):
        assert (answer.status, answer.json["code"]) == (400, "invalid_request")
    assert daemon.listing() == []


def test_a_reservation_takes_a_range_and_the_manager_s_face(daemon):
    port = daemon.lowest_free(4000)
    body = dict(SINGLE, port=port, range="4000-4999", face="manager")
    answer = daemon.request("POST", "/v1/reservations", body)
    assert (answer.status, answer.json["port"]) == (201, port)
    assert daemon.wide()[0]["holds"] == [{"kind": "permanent", "face": "manager"}]


# Who listens, and who asked.


def test_a_wide_listing_tells_who_listens(daemon):
    port = daemon.ask(SINGLE).json["port"]
    assert "occupiers" not in daemon.wide()[0]
    with socket.create_server(("127.0.0.1", port)):
        [process] = daemon.wide()[0]["occupiers"]
        assert process["pid"] == os.getpid() and process["folder"] == os.getcwd() and process["command"]
        assert "occupiers" not in daemon.listing()[0]
        # A listener's own processes are not told twice.
        [listener] = daemon.request("GET", f"/v1/listeners?port={port}").json
        assert listener["processes"] == [process]
        assert listener["allocation"]["state"] == "active" and "occupiers" not in listener["allocation"]
    assert "occupiers" not in daemon.wide()[0]


def test_a_wide_listing_tells_who_asked_first(daemon):
    daemon.ask(SINGLE)
    together(daemon, ["web", "db"])
    assert [part["asker_pid"] for part in daemon.wide()] == [os.getpid()] * 3
    assert not [part for part in daemon.listing() if "asker_pid" in part]


def test_a_port_tells_whether_a_socket_holds_it(daemon):
    port = daemon.lowest_free(4000)

    def told():
        answer = daemon.request("GET", f"/v1/ports/{port}").json
        return answer["available"], answer["in_use"], "holder" in answer

    assert told() == (True, False, False)
    with socket.create_server(("127.0.0.1", port)):
        assert told() == (False, True, False)
    daemon.ask(dict(SINGLE, port=port))
    assert told() == (False, False, True)
    with socket.create_server(("127.0.0.1", port)):
        assert told() == (False, True, True)
