"""Processes and sockets that go while they are looked at."""

import json

from world import MINE, NONE, UNKNOWN

ROUNDS = 300


def test_listener_that_comes_and_goes_is_never_foreign(world):
    """Its process may be gone when it is looked for: unknown, then."""
    shop = world.repository()
    web = shop.port("web")
    held = world.daemon.allocation(web.port)
    query = {"app": held["app"], "instance": held["instance"]}
    world.start(shop).flicker(port=web.port)
    seen = {world.daemon.get("/v1/services/web/verdict", **query)["verdict"] for _ in range(ROUNDS)}
    assert seen - {NONE} and seen <= {MINE, NONE, UNKNOWN}


def test_listing_and_listeners_answer_while_processes_come_and_go(world):
    shop = world.repository()
    web = shop.port("web")
    for _ in range(20):
        server = world.serve(shop, web.port)
        server.connection.sendall(b'{"step": "end"}\n')
        for _ in range(5):
            allocation = world.daemon.allocation(web.port)
            assert allocation["verdict"] in (MINE, NONE, UNKNOWN), json.dumps(allocation)
            world.daemon.get("/v1/listeners", port=web.port)
        server.end()
