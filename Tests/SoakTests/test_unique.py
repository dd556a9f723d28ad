"""Promise 1: no two live allocations share a port, across faces, clients and restarts."""

import asyncio
import contextlib
import os
import random
import sqlite3

import pytest
from conftest import Daemon, check_integrity
from crowd import ADDRESS, OPERATIONS, SETTINGS, live
from history import History, contradictions, count_handovers, overlaps

# The checker, with invented histories.


def history_of(*claims, endings=()):
    history = History()
    for claim in claims:
        history.claim(claim.pop("identity", "a/b/c"), **{"port": 1, "is_new": True} | claim)
    for ending in endings:
        history.end(*ending)
    history.work_out()
    return history


def test_two_holders_at_the_same_time_are_an_overlap():
    history = history_of(dict(sent=1, received=2), dict(identity="d/e/f", sent=3, received=4))
    assert [(one.received, other.received) for one, other in overlaps(history)] == [(2, 4)]


def test_two_new_allocations_of_one_identity_are_an_overlap():
    assert len(overlaps(history_of(dict(sent=1, received=2), dict(sent=3, received=4)))) == 1
    assert len(overlaps(history_of(dict(sent=1, received=2, id=1), dict(sent=3, received=4, id=2)))) == 1


def test_shared_allocation_is_not_an_overlap():
    assert not overlaps(history_of(dict(sent=1, received=2, id=1), dict(sent=3, received=4, id=1, is_new=False)))


def test_different_ports_are_not_an_overlap():
    history = history_of(dict(sent=1, received=2), dict(identity="d/e/f", sent=3, received=4, port=2))
    assert not overlaps(history)


@pytest.mark.parametrize("ending", [("port", 1), ("identity", "a/b/c"), ("app", "a"), ("id", 7), ("face", "registry")])
def test_handover_is_not_an_overlap(ending):
    claims = dict(sent=1, received=2, id=7), dict(identity="d/e/f", sent=4, received=6)
    assert not overlaps(history_of(*map(dict, claims), endings=[(*ending, 3, 5)]))
    assert len(overlaps(history_of(*map(dict, claims)))) == 1


def test_id_and_group_of_one_answer_apply_to_the_whole_allocation():
    new = dict(sent=1, received=2, id=7, group="g")
    shared = dict(sent=3, received=4, id=7, is_new=False)
    printed = dict(sent=5, received=6, is_new=False)
    other = dict(identity="d/e/f", sent=10, received=11)
    assert len(overlaps(history_of(*map(dict, (new, shared, printed, other))))) == 3
    for ending in (("id", 7), ("group", "g")):
        assert not overlaps(history_of(*map(dict, (new, shared, printed, other)), endings=[(*ending, 8, 9)]))


def test_ending_before_the_grant_does_not_end_it():
    claims = dict(sent=3, received=4), dict(identity="d/e/f", sent=5, received=6)
    assert len(overlaps(history_of(*claims, endings=[("port", 1, 1, 2)]))) == 1


def test_ending_during_the_grant_may_have_ended_it():
    claims = dict(sent=3, received=5), dict(identity="d/e/f", sent=6, received=7)
    assert not overlaps(history_of(*claims, endings=[("port", 1, 2, 4)]))


def test_unanswered_ending_may_have_ended_it():
    claims = dict(sent=1, received=2), dict(identity="d/e/f", sent=4, received=6)
    assert not overlaps(history_of(*claims, endings=[("port", 1, 3, 9, False)]))


def test_ttl_ends_a_claim_and_a_heartbeat_extends_it():
    def history(*heartbeats):
        history = History()
        history.claim("a/b/c", 1, 2, port=1, is_new=True, ttl=10, face="leases")
        history.claim("d/e/f", 14, 15, port=1, is_new=True)
        for heartbeat in heartbeats:
            history.heartbeat("port", 1, "leases", *heartbeat)
        history.work_out()
        return history

    assert not overlaps(history())
    assert len(overlaps(history((6, 7)))) == 1
    assert not overlaps(history((6, 7, False))), "the heartbeat may have failed"
    assert not overlaps(history((10.5, 11.5))), "the heartbeat may have renewed the other lease"


def findings(history, *entries, at=(20, 21)):
    listing = [dict(zip(("id", "identity", "replica", "port"), entry)) for entry in entries]
    return [sentence.split(":")[0] for sentence in contradictions(history, listing, *at)]


def test_listing_must_contain_exactly_the_held_allocations():
    history = history_of(dict(sent=1, received=2, id=7))
    assert findings(history, (7, "a/b/c", 0, 1)) == []
    assert findings(history) == ["not listed (but None)"]
    assert findings(history, (8, "a/b/c", 0, 1)) == ["not listed (but 8)", "listed, but over or never granted"]
    assert findings(history, (7, "a/b/c", 0, 1), (8, "x/y/z", 0, 1)) == [
        "('port',) (1,) is listed 2 times", "listed, but over or never granted"
    ]
    assert findings(history, at=(0.1, 0.5)) == [], "before the request"


def test_listing_must_not_contain_ended_allocations():
    history = history_of(dict(sent=1, received=2, id=7), endings=[("port", 1, 3, 4)])
    assert findings(history) == []
    assert findings(history, (7, "a/b/c", 0, 1)) == ["listed, but over or never granted"]
    assert findings(history, (7, "a/b/c", 0, 1), at=(2.5, 5)) == [], "it had not ended yet"


def test_possibly_ended_allocation_may_be_listed_or_not():
    history = history_of(dict(sent=1, received=2, id=7), endings=[("port", 1, 3, 4, False)])
    assert findings(history) == findings(history, (7, "a/b/c", 0, 1)) == []


def test_unanswered_allocation_may_be_listed_or_not():
    history = history_of(dict(sent=1, received=2, port=None))
    assert findings(history) == findings(history, (7, "a/b/c", 0, 1)) == []


# The registry.


@pytest.fixture
def crowded():
    daemon = Daemon(SWIFT_BACKTRACE="enable=no", **SETTINGS)
    daemon.start(listen=ADDRESS)
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
    handovers = count_handovers(crowd.history)
    assert handovers > 10_000, "too few ports were used again"
    rarest, successes = min(crowd.successes.items(), key=lambda entry: entry[1])
    assert successes >= 10, f"{rarest} succeeded too seldom: {crowd.successes}"
    assert counts["pool_full"] > 1_000, "the pools were full too seldom"
    figure(
        f"64 clients, seed {seed}, {counts['operations']:,} operations, {counts['programs']} of them by programs, "
        f"of {len(OPERATIONS)} kinds, of which each succeeded {successes} times or more, "
        f"{counts['kills']} times SIGKILL: {counts['granted']:,} grants, {counts['pool_full']:,} times a full pool, "
        f"{counts['lost']:,} answers lost, {crowd.owner_count:,} owners; {handovers:,} ports handed over, overlaps 0",
        f"{counts['granted']:,} grants, 0 overlaps",
    )


def test_registry_that_loses_allocations_is_detected(crowded, seed):
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
