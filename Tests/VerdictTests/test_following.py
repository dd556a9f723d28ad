"""A hold follows its service: when the owner exits and the service's own server goes on, that is the owner."""

import json

import pytest

from rows_holds import port_of
from world import FOREIGN, MINE, UNKNOWN, wait_until


def entry(world, port):
    """What `list-ports` shows of a port, for programs; None without an allocation."""
    listed = json.loads(world.completed("/", "list-ports", "--json").stdout)["ports"]
    return next((one for one in listed if one["port"] == port), None)


def line(world, port):
    """What `list-ports` shows of a port, for people."""
    return next(line for line in world.completed("/", "list-ports").stdout.splitlines() if line.startswith(str(port)))


def exited(port):
    return lambda event: event["event"] == "owner_exited" and event.get("port") == port


def ended(port):
    return lambda event: event["event"] in ("expired", "released") and event.get("port") == port


def check_followed(world, server, port, service):
    """The server is the owner, whom no grace waits for; when it ends, the allocation ends."""
    assert service.verify()["verdict"] == MINE
    shown = entry(world, port)
    assert (shown["pid"], shown["alive"]) == (server.pid, True), shown
    assert "✅" in line(world, port) and f"PID:{server.pid}" in line(world, port)
    held = world.daemon.allocation(port)
    assert held["state"] == "active" and held["verdict"] == MINE, held
    [hold] = held["holds"]
    assert hold["kind"] == "process" and hold["owner_pid"] == server.pid, hold
    assert not [name for name in hold if "expires" in name or "ends" in name], hold


def test_child_of_a_command_of_run_is_the_owner_after_it(world):
    shop = world.repository()
    tool = world.run(shop, "web")
    port = port_of(tool)
    server = world.start(shop, parent=tool).listen(port)
    with world.daemon.events() as events:
        tool.end()
        events.wait_for(exited(port))
        check_followed(world, server, port, shop.service("web", port))
        server.end()
        events.wait_for(ended(port))
    assert world.daemon.allocation(port) is None


def test_daemon_of_a_command_of_run_is_the_owner_after_it(world):
    shop = world.repository()
    tool = world.run(shop, "db")
    port = port_of(tool)
    server = world.start(shop, parent=tool, options=["daemon"]).listen(port)
    with world.daemon.events() as events:
        tool.end()
        events.wait_for(exited(port))
        check_followed(world, server, port, shop.service("db", port))
        server.end()
        events.wait_for(ended(port))
    assert world.daemon.allocation(port) is None


@pytest.mark.parametrize("name", [[], ["global-name"]], ids=["without NAME", "with NAME"])
def test_server_in_the_shell_of_get_port_is_the_owner_after_the_shell(world, name):
    shop = world.repository()
    shell = world.start(shop)
    port = int(shell.run("get-port", *name))
    server = world.start(shop, parent=shell).listen(port)
    service = shop.service(name[0] if name else "default", port)
    # The parent of a process is known only as long as it lives: without a directory, only who was seen before follows.
    assert service.verify()["verdict"] == MINE
    with world.daemon.events() as events:
        shell.end()
        events.wait_for(exited(port))
        check_followed(world, server, port, service)
        server.end()
        # The grace of the project face begins now.
        events.wait_for(exited(port))
    assert entry(world, port)["alive"] is False


def test_server_in_another_shell_is_the_owner_after_the_shell_of_get_port(world):
    shop = world.repository()
    shell = world.start(shop)
    port = int(shell.run("get-port"))
    server = world.start(shop, parent=world.start(shop)).listen(port)
    with world.daemon.events() as events:
        shell.end()
        events.wait_for(exited(port))
        check_followed(world, server, port, shop.service("default", port))


def test_server_that_comes_after_the_owner_has_exited_is_no_owner_in_grace(world):
    """Only who goes on when the owner exits follows: here nobody did. Whoever comes during the grace is shown."""
    shop = world.repository()
    shell = world.start(shop)
    port = int(shell.run("get-port"))
    with world.daemon.events() as events:
        shell.end()
        events.wait_for(exited(port))
    world.serve(shop, port)
    assert shop.service("default", port).verify()["verdict"] == MINE
    assert world.daemon.allocation(port)["state"] == "active"


def test_foreign_server_is_not_the_owner_after_the_owner(world):
    shop = world.repository()
    tool = world.run(shop, "web")
    port = port_of(tool)
    server = world.serve(world.repository("other"), port)
    with world.daemon.events() as events:
        tool.end()
        events.wait_for(lambda event: event["event"] == "lingers" and event.get("port") == port)
        held = world.daemon.allocation(port)
        assert held["verdict"] == FOREIGN and not [
            hold for hold in held["holds"] if hold.get("owner_pid") == server.pid
        ], held
        server.end()
        events.wait_for(ended(port))
    assert world.daemon.allocation(port) is None


def test_lingering_allocation_is_held_again_by_a_server_that_is_proven(world):
    """The daemon's marker was overwritten before anybody saw it; then it changes to the service's directory."""
    shop = world.repository()
    tool = world.run(shop, "db")
    port = port_of(tool)
    server = world.start("/", options=["daemon"])
    server.listen(port)
    with world.daemon.events() as events:
        tool.end()
        events.wait_for(lambda event: event["event"] == "lingers" and event.get("port") == port)
        held = world.daemon.allocation(port)
        assert (held["state"], held["verdict"]) == ("lingering", UNKNOWN), held
        server.change_directory(path=str(shop))
        assert shop.service("db", port).verify()["verdict"] == MINE
        wait_until(lambda: entry(world, port)["pid"] == server.pid, "the server is the owner")
        server.end()
        events.wait_for(ended(port))
    assert world.daemon.allocation(port) is None
