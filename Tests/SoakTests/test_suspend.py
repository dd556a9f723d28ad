"""Promise 14, clock-proof: suspending the machine changes no time to live.

A time namespace stands for a machine that was suspended for a month: in it the clock that counts the suspended time is
a month ahead, and the clock that does not is unchanged.
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
    """Returns the words before a command that start it with these clocks a month ahead."""
    offsets = [word for clock in clocks for word in (f"--{clock}", f"{MONTH}")]
    return ["unshare", "--time", *offsets, "--fork", "--kill-child"]


def clocks(*through):
    """Returns boottime and monotonic, in seconds."""
    output = subprocess.run([*through, sys.executable, "-c", CLOCKS], check=True, capture_output=True, text=True)
    return [float(seconds) for seconds in output.stdout.split()]


def seconds_left(daemon):
    """Returns the seconds left of each lease, by its service."""
    listing = daemon.client().send("GET", "/v1/allocations?wide=true")[1]
    return {allocation["service"]: allocation["holds"][0]["seconds_left"] for allocation in listing}


def lease_before(daemon):
    """Grants leases of an hour, and stops the daemon. Returns the seconds left then."""
    daemon.start()
    for service in ("web", "db"):
        body = {"app": "shop", "instance": "main", "service": service, "face": "leases", "ttl_seconds": HOUR}
        assert daemon.client().send("POST", "/v1/allocations", body)[0] == 201
    left = seconds_left(daemon)
    assert len(left) == 2 and all(HOUR - 60 < seconds <= HOUR for seconds in left.values())
    daemon.stop()
    return left


def end(daemon):
    # The daemon is the child of unshare, which is the started process.
    os.kill(daemon.client().send("GET", "/v1/status")[1]["pid"], signal.SIGTERM)
    assert daemon.process.wait(timeout=20) == 0


def test_suspend_of_a_month_does_not_shorten_a_lease(daemon, figure):
    suspended = later("boottime")
    before, after = clocks(), clocks(*suspended)
    assert after[0] - before[0] == pytest.approx(MONTH, abs=60) and after[1] - before[1] < 60
    left = lease_before(daemon)
    daemon.start(through=suspended)
    now = seconds_left(daemon)
    assert now.keys() == left.keys()
    # The time of the restart counts for the lease.
    passed = [left[service] - now[service] for service in left]
    assert all(0 <= seconds < 60 for seconds in passed), (left, now)
    end(daemon)
    figure(
        f"a suspend of 30 days: a lease of an hour has {min(now.values()):,.0f} s left, {max(passed):.0f} s less than "
        "before",
        f"30 days suspended, {max(passed):.0f} s of the lease lost",
    )


def test_month_without_a_suspend_ends_a_lease(daemon):
    """The control: a time namespace can change the daemon's clock."""
    lease_before(daemon)
    daemon.start(through=later("boottime", "monotonic"))
    assert seconds_left(daemon) == {}
    end(daemon)
