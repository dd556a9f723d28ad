"""Every face gives one verdict, and what it prints leads nobody to another's server."""

import json
import re

from faces import all_faces
from rows_holds import port_of
from world import EXIT_CODES, FOREIGN, MINE, NONE, UNKNOWN


def four_services(world):
    """A worktree with one service of each verdict, by verdict, and the checkout that the foreign server is of."""
    a = world.repository()
    b = a.worktree()
    services = {verdict: b.port(verdict) for verdict in EXIT_CODES}
    world.serve(b, services[MINE].port)
    world.serve(a, services[FOREIGN].port)
    world.serve_daemon(services[UNKNOWN].port)
    return a, b, services


def test_every_face_gives_the_same_verdict_on_each_service_of_a_worktree(world):
    _, _, services = four_services(world)
    for verdict, service in services.items():
        found = all_faces(service)
        assert found == dict.fromkeys(found, verdict)


def test_verify_without_argument_gives_the_worst_verdict_of_the_worktree(world):
    _, b, services = four_services(world)
    for worst in (FOREIGN, UNKNOWN, NONE, MINE):
        answer = b.verify()
        assert answer["verdict"] == worst
        assert {entry["port"]: entry["verdict"] for entry in answer["ports"]} == {
            service.port: verdict for verdict, service in services.items()
        }
        b.printed("portctl", "release", worst) if worst != FOREIGN else b.printed(
            "portctl", "release", "--port", str(services[FOREIGN].port)
        )
        del services[worst]


def test_foreign_listener_is_named_with_directory_pid_and_age(world):
    a = world.repository()
    web = a.worktree().port("web")
    server = world.serve(a, web.port)
    ended = web.checkout.portctl("verify", "web")
    assert ended.returncode == EXIT_CODES[FOREIGN]
    assert str(a) in ended.stdout and re.search(rf"\b{server.pid}\b", ended.stdout), ended
    assert re.search(r"\d+ ?(s|m|h|d|ms|seconds?|minutes?)\b", ended.stdout), ended


def test_verify_describes_the_process_in_json(world):
    a = world.repository()
    web = a.worktree().port("web")
    a.port("web")
    server = world.serve(a, web.port)
    [entry] = web.verify()["ports"]
    assert entry["service"] == "web" and entry["port"] == web.port
    [listener] = entry["listeners"]
    assert listener["verdict"] == FOREIGN and listener["project"] == f"{a.path.name}/main"
    assert listener["address"] == "127.0.0.1" and listener["user_id"] == 0 or listener["user_id"]
    process = listener["process"]
    assert process["pid"] == server.pid and process["folder"] == str(a) and process["command"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", process["started_at"])


def test_port_that_is_no_service_of_the_worktree_has_no_identity(world):
    a = world.repository()
    web = a.port("web")
    world.serve(a, web.port)
    [entry] = a.worktree().verify(web.port)["ports"]
    assert entry["verdict"] == FOREIGN
    assert not {"app", "instance", "service"} & {name for name, value in entry.items() if value is not None}


def test_lookup_names_whose_the_foreign_listener_is_and_prints_no_port(world):
    a = world.repository()
    a.port("web")
    web = a.worktree().port("web")
    world.serve(a, web.port)
    ended = web.checkout.portctl("lookup", "web")
    assert (ended.returncode, ended.stdout) == (EXIT_CODES[FOREIGN], "")
    assert f"{a.path.name}/main" in ended.stderr or str(a) in ended.stderr
    assert web.checkout.printed("portctl", "lookup", "--claim", "web") == str(web.port)


def test_lookup_passes_an_unknown_listener_and_says_so(world):
    web = world.repository().port("web")
    world.serve_daemon(web.port)
    ended = web.checkout.portctl("lookup", "web")
    assert (ended.returncode, ended.stdout) == (0, f"{web.port}\n")
    assert len(ended.stderr.splitlines()) == 1


def test_lookup_of_mine_and_of_nobody_prints_the_port_and_nothing_else(world):
    shop = world.repository()
    web, api = shop.port("web"), shop.port("api")
    world.serve(shop, web.port)
    for service in (web, api):
        ended = shop.portctl("lookup", service.name)
        assert (ended.returncode, ended.stdout, ended.stderr) == (0, f"{service.port}\n", "")


def test_lookup_over_http_answers_as_documented_beside_a_foreign_verdict(world):
    a = world.repository()
    web = a.worktree().port("web")
    world.serve(a, web.port)
    held = world.daemon.allocation(web.port)
    answer = world.daemon.get("/lookup", service=f"{held['app']}/{held['instance']}/web")
    assert answer["verdict"] == FOREIGN
    assert answer["port"] == web.port and answer["all_ports"] == [web.port] and answer["lease"]["port"] == web.port


def test_conflict_is_published_when_a_foreign_server_takes_the_port(world):
    a = world.repository()
    web = a.worktree().port("web")
    with world.daemon.events() as events:
        world.serve(a, web.port)
        event = events.wait_for(lambda event: event["event"] == "conflict" and event["port"] == web.port)
    assert event["allocation"]["verdict"] == FOREIGN and event["allocation"]["state"] == "conflict"


def test_no_conflict_is_published_for_an_unknown_server(world):
    a = world.repository()
    db, web = a.port("db"), a.worktree().port("web")
    with world.daemon.events() as events:
        world.serve_daemon(db.port)
        events.wait_for(lambda event: event["event"] == "listener_appeared" and event["port"] == db.port)
        # The same check decides about both, so that the second conflict comes after the first would have.
        world.serve(a, web.port)
        events.wait_for(lambda event: event["event"] == "conflict" and event["port"] == web.port)
    assert not [event for event in events.seen if event["event"] == "conflict" and event["port"] == db.port]


def test_replicas_of_a_service_have_a_verdict_each(world):
    shop = world.repository()
    first, second = world.run(shop, "web"), world.run(shop, "web")
    ports = [port_of(first), port_of(second)]
    first.listen(ports[0])
    world.serve(world.repository("other"), ports[1])
    answer = shop.verify("web")
    assert answer["verdict"] == FOREIGN
    assert {entry["port"]: entry["verdict"] for entry in answer["ports"]} == {ports[0]: MINE, ports[1]: FOREIGN}


def test_who_and_why_take_a_name(world):
    shop = world.repository()
    web = shop.port("web")
    server = world.serve(shop, web.port)
    [listener] = json.loads(shop.printed("portctl", "who", "web", "--json"))
    assert [process["pid"] for process in listener["processes"]] == [server.pid]
    assert json.loads(shop.printed("portctl", "why", "web", "--json"))[0]["port"] == web.port


def test_kill_of_a_name_does_not_end_a_foreign_server_without_yes(world):
    a = world.repository()
    web = a.worktree().port("web")
    server = world.serve(a, web.port)
    assert web.checkout.portctl("kill", "web").returncode != 0
    assert server.is_alive
