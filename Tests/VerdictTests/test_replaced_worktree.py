"""The server of a worktree that was removed, in the one that was made again under its name: it keeps its page in
memory, and nothing may lead to it."""

import json

import pytest

from rows_holds import port_of
from world import EXIT_CODES, FOREIGN, MINE


def replaced(world, start):
    """A worktree that was removed and made again while its server goes on. Returns it, and the server's port."""
    shop = world.repository()
    old = shop.worktree()
    port = start(old)
    shop.remove_worktree(old)
    return shop.worktree(), port


def by_run(world):
    def start(old):
        server = world.run(old, "web")
        server.listen(port_of(server))
        return port_of(server)

    return start


def by_port(world):
    def start(old):
        web = old.port("web")
        world.serve(old, web.port)
        return web.port

    return start


def by_get_port(world):
    def start(old):
        shell = world.start(old)
        port = int(shell.run("get-port"))
        world.start(old, parent=shell).listen(port)
        return port

    return start


def test_lookup_and_verify_refuse_the_old_server(world):
    new, port = replaced(world, by_run(world))
    ended = new.portctl("lookup", "web")
    assert (ended.returncode, ended.stdout) == (EXIT_CODES[FOREIGN], "") and "removed" in ended.stderr
    assert new.verify("web")["verdict"] == FOREIGN
    held = world.daemon.allocation(port)
    assert held["verdict"] == FOREIGN and held["state"] == "conflict"
    [listed] = [one for one in json.loads(new.printed("portctl", "list", "--wide", "--json")) if one["port"] == port]
    assert listed["state"] == "conflict"


@pytest.mark.parametrize("before", [by_run, by_port])
def test_run_gives_the_new_server_another_port_which_lookup_prints(world, before):
    new, port = replaced(world, before(world))
    server = world.run(new, "web")
    assert port_of(server) != port
    server.listen(port_of(server))
    ended = new.portctl("lookup", "web")
    assert (ended.returncode, ended.stdout) == (0, f"{port_of(server)}\n"), ended
    [entry] = [one for one in new.verify("web")["ports"] if one["port"] == port_of(server)]
    assert entry["verdict"] == MINE


def test_port_moves_away_from_the_old_server_and_says_so(world):
    new, port = replaced(world, by_port(world))
    ended = new.portctl("port", "web")
    assert ended.returncode == 0 and int(ended.stdout) != port and str(port) in ended.stderr, ended
    web = new.service("web", int(ended.stdout))
    world.serve(new, web.port)
    assert web.verify()["verdict"] == MINE


def test_get_port_moves_away_from_the_old_server_and_says_so(world):
    new, port = replaced(world, by_get_port(world))
    code, output, errors = world.start(new).step("run", command=["get-port"])
    assert code == 0 and int(output) != port and str(port) in errors, (code, output, errors)
    world.serve(new, int(output))
    assert new.service("default", int(output)).verify()["verdict"] == MINE


def test_strict_port_is_refused_beside_the_old_server(world):
    new, port = replaced(world, by_port(world))
    ended = new.portctl("port", "web", "--strict")
    assert ended.returncode == 1 and ended.stdout == ""
