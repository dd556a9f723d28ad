"""Promise 1: no two live allocations share a port, whatever face, client or restart."""

import asyncio
import contextlib
import os
import random
import sqlite3

import pytest
from conftest import Daemon, check_integrity
from crowd import DOOR, OPERATIONS, SETTINGS, live
from history import History, contradictions, count_hand_overs, overlaps

# What the checker sees in histories that are made up.


def history_of(*claims, endings=()):
    history = History()
    for claim in claims:
        history.claim(claim.pop("identity", "a/b/c"), **{"port": 1, "is_new": True} | claim)
    for ending in endings:
        history.end(*ending)
    history.work_out()
    return history


def test_two_holders_at_one_time_are_an_overlap():
    history = history_of(dict(asked=1, answered=2), dict(identity="d/e/f", asked=3, answered=4))
    assert [(one.answered, other.answered) for one, other in overlaps(history)] == [(2, 4)]


def test_one_identity_with_two_new_allocations_is_an_overlap():
    assert len(overlaps(history_of(dict(asked=1, answered=2), dict(asked=3, answered=4)))) == 1
    assert len(overlaps(history_of(dict(asked=1, answered=2, id=1), dict(asked=3, answered=4, id=2)))) == 1


def test_a_shared_allocation_is_no_overlap():
    assert not overlaps(history_of(dict(asked=1, answered=2, id=1), dict(asked=3, answered=4, id=1, is_new=False)))


def test_another_port_is_no_overlap():
    history = history_of(dict(asked=1, answered=2), dict(identity="d/e/f", asked=3, answered=4, port=2))
    assert not overlaps(history)


@pytest.mark.parametrize("ending", [("port", 1), ("identity", "a/b/c"), ("app", "a"), ("id", 7), ("face", "registry")])
def test_a_hand_over_is_no_overlap(ending):
    claims = dict(asked=1, answered=2, id=7), dict(identity="d/e/f", asked=4, answered=6)
    assert not overlaps(history_of(*map(dict, claims), endings=[(*ending, 3, 5)]))
    assert len(overlaps(history_of(*map(dict, claims)))) == 1


def test_what_one_answer_tells_of_an_allocation_counts_for_every_other():
    new = dict(asked=1, answered=2, id=7, group="g")
    shared = dict(asked=3, answered=4, id=7, is_new=False)
    printed = dict(asked=5, answered=6, is_new=False)
    other = dict(identity="d/e/f", asked=10, answered=11)
    assert len(overlaps(history_of(*map(dict, (new, shared, printed, other))))) == 3
    for ending in (("id", 7), ("group", "g")):
        assert not overlaps(history_of(*map(dict, (new, shared, printed, other)), endings=[(*ending, 8, 9)]))


def test_an_ending_before_the_grant_ends_nothing():
    claims = dict(asked=3, answered=4), dict(identity="d/e/f", asked=5, answered=6)
    assert len(overlaps(history_of(*claims, endings=[("port", 1, 1, 2)]))) == 1


def test_an_ending_at_the_time_of_the_grant_may_have_ended_it():
    claims = dict(asked=3, answered=5), dict(identity="d/e/f", asked=6, answered=7)
    assert not overlaps(history_of(*claims, endings=[("port", 1, 2, 4)]))


def test_an_ending_without_an_answer_may_have_ended_it():
    claims = dict(asked=1, answered=2), dict(identity="d/e/f", asked=4, answered=6)
    assert not overlaps(history_of(*claims, endings=[("port", 1, 3, 9, False)]))


def test_a_time_to_live_ends_a_claim_and_a_heartbeat_puts_it_off():
    def history(*beats):
        history = History()
        history.claim("a/b/c", 1, 2, port=1, is_new=True, ttl=10, face="leases")
        history.claim("d/e/f", 14, 15, port=1, is_new=True)
        for beat in beats:
            history.heartbeat("port", 1, "leases", *beat)
        history.work_out()
        return history

    assert not overlaps(history())
    assert len(overlaps(history((6, 7)))) == 1
    assert not overlaps(history((6, 7, False))), "it may not have been renewed"
    assert not overlaps(history((10.5, 11.5))), "it may have been somebody else's"


def said(history, *entries, at=(20, 21)):
    listing = [dict(zip(("id", "identity", "replica", "port"), entry)) for entry in entries]
    return [sentence.split(":")[0] for sentence in contradictions(history, listing, *at)]


def test_a_listing_must_have_what_is_held_and_nothing_else():
    history = history_of(dict(asked=1, answered=2, id=7))
    assert said(history, (7, "a/b/c", 0, 1)) == []
    assert said(history) == ["not listed (but None)"]
    assert said(history, (8, "a/b/c", 0, 1)) == ["not listed (but 8)", "listed, but over or never granted"]
    assert said(history, (7, "a/b/c", 0, 1), (8, "x/y/z", 0, 1)) == [
        "('port',) (1,) is listed 2 times", "listed, but over or never granted"
    ]
    assert said(history, at=(0.1, 0.5)) == [], "before it was asked for"


def test_a_listing_must_not_have_what_is_over():
    history = history_of(dict(asked=1, answered=2, id=7), endings=[("port", 1, 3, 4)])
    assert said(history) == []
    assert said(history, (7, "a/b/c", 0, 1)) == ["listed, but over or never granted"]
    assert said(history, (7, "a/b/c", 0, 1), at=(2.5, 5)) == [], "it was not over yet"


def test_what_may_be_over_may_be_listed_or_not():
    history = history_of(dict(asked=1, answered=2, id=7), endings=[("port", 1, 3, 4, False)])
    assert said(history) == said(history, (7, "a/b/c", 0, 1)) == []


def test_what_was_not_answered_may_be_listed_or_not():
    history = history_of(dict(asked=1, answered=2, port=None))
    assert said(history) == said(history, (7, "a/b/c", 0, 1)) == []


# The registry.


@pytest.fixture
def crowded():
    daemon = Daemon(SWIFT_BACKTRACE="enable=no", **SETTINGS)
    daemon.start(listen=DOOR)
    yield daemon
    daemon.remove()


def every_contradiction(crowd):
    return [sentence for listing in crowd.listings for sentence in contradictions(crowd.history, *listing)]


@contextlib.contextmanager
def database(daemon):
    with contextlib.closing(sqlite3.connect(os.path.join(daemon.home, "ports.db"), timeout=20)) as connection:
        yield connection


def test_no_two_live_allocations_share_a_port(crowded, seed, figure):
    random.seed(seed)
    crowd = asyncio.run(live(crowded, 100_000))
    counts = crowd.counts
    assert crowd.surprises == []
    assert [f"{one}\n{other}" for one, other in overlaps(crowd.history)] == []
    assert every_contradiction(crowd) == []
    check_integrity(crowded)
    hand_overs = count_hand_overs(crowd.history)
    assert hand_overs > 10_000, "ports were not used again often enough"
    rarest, successes = min(crowd.successes.items(), key=lambda entry: entry[1])
    assert successes >= 10, f"{rarest} seldom succeeded: {crowd.successes}"
    assert counts["pool_full"] > 1_000, "pools were not full often enough"
    figure(
        f"64 clients, seed {seed}, {counts['operations']:,} operations, {counts['programs']} of them by programs, "
        f"of {len(OPERATIONS)} kinds, of which each succeeded {successes} times or more, "
        f"{counts['kills']} times SIGKILL: {counts['granted']:,} grants, {counts['pool_full']:,} times a full pool, "
        f"{counts['lost']:,} answers lost, {crowd.owner_count:,} owners; {hand_overs:,} ports handed over, overlaps 0"
    )


def test_a_registry_that_loses_allocations_is_found_out(crowded, seed):
    random.seed(seed)

    async def lose(crowd):
        while crowd.has_work():
            await crowd.some_operations(40)
            with database(crowded) as connection, connection:
                connection.execute("PRAGMA foreign_keys = ON")
                connection.execute("DELETE FROM allocation WHERE id = (SELECT max(id) FROM allocation)")

    crowd = asyncio.run(live(crowded, 5_000, lose))
    assert overlaps(crowd.history)
    assert every_contradiction(crowd)
