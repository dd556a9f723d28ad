"""A step of the wall clock changes no verdict: before and after a hold is told by the kernel's own clock."""

import pytest

from world import FOREIGN, UNKNOWN, World


@pytest.fixture
def world(stepping_clock):
    world = World(stepping_clock)
    yield world
    world.close()


def test_daemon_after_the_hold_is_unknown_when_the_clock_was_put_back(world):
    """By the wall clock, the daemon started before the hold was placed."""
    world.daemon.step(3600)
    db = world.repository().port("db")
    world.daemon.step(0)
    world.serve_daemon(db.port)
    assert db.verify()["verdict"] == UNKNOWN


def test_daemon_before_the_hold_is_foreign_when_the_clock_was_put_forward(world):
    """By the wall clock, the daemon started after the hold was placed."""
    server = world.start("/", options=["daemon"])
    world.daemon.step(-3600)
    db = world.repository().port("db")
    world.daemon.step(0)
    server.listen(db.port)
    assert db.verify()["verdict"] == FOREIGN


def test_wall_clock_of_the_daemon_is_really_wrong(world):
    shop = world.repository()
    first = world.daemon.allocation(shop.port("one").port)
    world.daemon.step(86_400 * 3)
    second = world.daemon.allocation(shop.port("two").port)
    assert first["created_at"][:10] != second["created_at"][:10]
