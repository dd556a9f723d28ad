"""A server that listens elsewhere than on the port that it was given."""

import json
import os
import signal

from conftest import skip_without
from rows_holds import port_of
from world import MINE, NONE, free_port, wait_until

# What the daemon waits, and what it may take to see it: for these tests, together.
SECONDS = 4


def is_drift(port):
    return lambda event: "drift" in event["event"] and event.get("port") == port


def drifting(world, name="web"):
    """A service whose server ignores PORT. Returns it, its server and the real port."""
    shop = world.repository(name)
    server = world.run(shop, name)
    actual = free_port()
    server.listen(actual)
    return shop.service(name, port_of(server)), server, actual


def test_drift_is_published_within_four_seconds_and_shown_by_every_listing(world):
    with world.daemon.events() as events:
        web, server, actual = drifting(world)
        events.wait_for(is_drift(web.port), SECONDS)
    shop = web.checkout
    ended = shop.portctl("lookup", "web")
    assert (ended.returncode, ended.stdout) == (0, f"{actual}\n")
    assert str(web.port) in ended.stderr and str(actual) in ended.stderr
    assert shop.printed("portctl", "lookup", "--claim", "web") == str(web.port)
    held = world.daemon.allocation(web.port)
    assert held["actual_port"] == actual
    listing = json.loads(shop.printed("portctl", "list", "--wide", "--json"))
    [listed] = [one for one in listing if one["port"] == web.port]
    assert listed["actual_port"] == actual
    arrow = f"{web.port} → {actual}"
    assert arrow in shop.printed("portctl", "list", "--wide")
    assert arrow in shop.printed("list-ports")
    answer = web.verify()
    [entry] = answer["ports"]
    assert answer["verdict"] == MINE and entry["actual_port"] == actual, answer
    query = {"app": held["app"], "instance": held["instance"]}
    assert world.daemon.get("/v1/services/web/verdict", **query)["ports"][0]["actual_port"] == actual


def test_drift_is_in_the_journal_with_the_reason_and_the_cure(world):
    with world.daemon.events() as events:
        web, _, actual = drifting(world)
        events.wait_for(is_drift(web.port))
    entries = json.loads(web.checkout.printed("portctl", "why", "web", "--json"))
    [entry] = [one for one in entries if "drift" in one["action"]]
    assert str(actual) in entry["reason"]


def test_drift_ends_with_its_server(world):
    with world.daemon.events() as events:
        web, server, actual = drifting(world)
        events.wait_for(is_drift(web.port))
        server.close(port=actual)
        events.wait_for(lambda event: event["event"] == "listener_gone" and event["port"] == actual)
    assert "actual_port" not in world.daemon.allocation(web.port)
    assert web.verify()["verdict"] == NONE
    assert web.checkout.printed("portctl", "lookup", "web") == str(web.port)


def test_drift_ends_when_the_service_listens_on_its_own_port(world):
    with world.daemon.events() as events:
        web, server, actual = drifting(world)
        events.wait_for(is_drift(web.port))
        server.listen(web.port)
        events.wait_for(lambda event: event["event"] == "listener_appeared" and event["port"] == web.port)
    assert "actual_port" not in world.daemon.allocation(web.port)
    assert web.verify()["verdict"] == MINE
    assert web.checkout.printed("portctl", "lookup", "web") == str(web.port)


def test_child_of_the_command_drifts_as_the_command_does(world):
    shop = world.repository()
    with world.daemon.events() as events:
        tool = world.run(shop, "web")
        actual = free_port()
        world.start(shop, parent=tool).listen(actual, "::1")
        events.wait_for(is_drift(port_of(tool)))
    assert shop.printed("portctl", "lookup", "web") == str(actual)


def debugger(world, shop, tool):
    """`node --inspect`: the only port of its process, but a debugger's."""
    port = free_port(29200)
    pid = tool.spawn(command=["node", f"--inspect=127.0.0.1:{port}", "-e", "setInterval(() => {}, 1e6)"])
    process = os.pidfd_open(pid)
    world.cleanups += [lambda: os.close(process), lambda: signal.pidfd_send_signal(process, signal.SIGKILL)]
    wait_until(lambda: world.daemon.get("/v1/listeners", port=port), "node listens for its debugger")


def ephemeral(world, shop, tool):
    """A build daemon's port, which the kernel chose."""
    tool.step("listen", port=0)


def build_daemon(world, shop, tool):
    """A daemon with the service's marker, which goes on for other projects, on a port that the kernel chose."""
    world.start(shop, parent=tool, options=["daemon"]).step("listen", port=0)


def of_another_service(world, shop, tool):
    """A port that is allocated to another service."""
    tool.listen(shop.port("api").port)


def in_another_checkout(world, shop, tool):
    """The server of a process in another checkout."""
    world.start(world.repository("elsewhere"), parent=tool).listen(free_port())


def two_ports(world, shop, tool):
    """Which of two would be the service's?"""
    tool.listen(free_port())
    tool.listen(free_port())


def own_port_and_another(world, shop, tool):
    """Somebody is on the service's own."""
    tool.listen(port_of(tool))
    tool.listen(free_port())


def foreigner_on_own_port(world, shop, tool):
    """Somebody is on the service's own, though foreign."""
    world.serve(world.repository("other"), port_of(tool))
    tool.listen(free_port())


def test_what_is_no_drift(world):
    """A service that drifts for sure is started after those that do not, and is reported before any of them."""
    skip_without(["node"])
    cases = [
        debugger, ephemeral, build_daemon, of_another_service, in_another_checkout, two_ports, own_port_and_another,
        foreigner_on_own_port,
    ]
    ports = {}
    with world.daemon.events() as events:
        for case in cases:
            shop = world.repository(case.__name__)
            tool = world.run(shop, "web")
            ports[port_of(tool)] = case.__name__
            case(world, shop, tool)
        control, *_ = drifting(world, "control")
        events.wait_for(is_drift(control.port))
    drifted = {event["port"] for event in events.seen if is_drift(event.get("port"))(event)}
    drifted |= {port for port in ports if "actual_port" in world.daemon.allocation(port)}
    assert sorted(ports[port] for port in drifted if port in ports) == []
