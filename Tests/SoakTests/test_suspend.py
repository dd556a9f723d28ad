"""Promise 14, clock-proof: a suspend changes no TTL.

A machine that was suspended for a month is a time namespace here: the clock that counts sleep is a month on in it, the
one that does not is where it was.
"""

import os
import signal
import subprocess
import sys

import pytest

HOUR = 3600
MONTH = 30 * 24 * HOUR
CLOCKS = "import time; print(time.clock_gettime(time.CLOCK_BOOTTIME), time.clock_gettime(time.CLOCK_MONOTONIC))"


def later(*clocks):
    """Before a command: it starts when these clocks are a month on."""
    offsets = [word for clock in clocks for word in (f"--{clock}", f"{MONTH}")]
    return ["unshare", "--time", *offsets, "--fork", "--kill-child"]


def clocks(*through):
    """Boottime and monotonic, in seconds."""
    told = subprocess.run([*through, sys.executable, "-c", CLOCKS], check=True, capture_output=True, text=True)
    return [float(seconds) for seconds in told.stdout.split()]


def seconds_left(daemon):
    """Of each lease, by its service."""
    listing = daemon.client().send("GET", "/v1/allocations?wide=true")[1]
    return {allocation["service"]: allocation["holds"][0]["seconds_left"] for allocation in listing}


def lease_before(daemon):
    """Gives leases of an hour, and stops the daemon. Returns what was left then."""
    daemon.start()
    for service in ("web", "db"):
        body = {"app": "shop", "instance": "main", "service": service, "face": "leases", "ttl_seconds": HOUR}
        assert daemon.client().send("POST", "/v1/allocations", body)[0] == 201
    left = seconds_left(daemon)
    assert len(left) == 2 and all(HOUR - 60 < seconds <= HOUR for seconds in left.values())
    daemon.stop()
    return left


def end(daemon):
    # unshare's child, not unshare.
    os.kill(daemon.client().send("GET", "/v1/status")[1]["pid"], signal.SIGTERM)
    assert daemon.process.wait(timeout=20) == 0


def test_a_suspend_of_a_month_leaves_a_lease_the_time_it_had(daemon, figure):
    suspended = later("boottime")
    before, after = clocks(), clocks(*suspended)
    assert after[0] - before[0] == pytest.approx(MONTH, abs=60) and after[1] - before[1] < 60
    left = lease_before(daemon)
    daemon.start(through=suspended)
    now = seconds_left(daemon)
    assert now.keys() == left.keys()
    # What the restart took has passed for the lease, too.
    passed = [left[service] - now[service] for service in left]
    assert all(0 <= seconds < 60 for seconds in passed), (left, now)
    end(daemon)
    figure(
        f"a suspend of 30 days: a lease of an hour has {min(now.values()):,.0f} s left, {max(passed):.0f} s less than "
        "before"
    )


def test_a_month_without_a_suspend_ends_a_lease(daemon):
    """What tells that the daemon's clock is one that a time namespace can change."""
    lease_before(daemon)
    daemon.start(through=later("boottime", "monotonic"))
    assert seconds_left(daemon) == {}
    end(daemon)
