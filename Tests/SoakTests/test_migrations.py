"""A daemon that is killed at any write of any migration loses nothing."""

import collections
import os
import re
import shutil
import signal
import sqlite3

from conftest import Daemon, check_integrity

COUNT = 40
# The system calls that change or synchronise files. "?": not every architecture has it.
WRITES = (
    "?write,?writev,?pwrite64,?pwritev,?pwritev2,?ftruncate,?fallocate,?fsync,?fdatasync,"
    "?unlink,?unlinkat,?rename,?renameat,?renameat2"
)
CALL = re.compile(r"(\d+) +(\w+)\(")


def old_database(path):
    """As the original port-server leaves it: every migration has something to do."""
    database = sqlite3.connect(path)
    database.execute(
        "CREATE TABLE allocations (id INTEGER PRIMARY KEY AUTOINCREMENT, app TEXT NOT NULL, instance TEXT NOT NULL,"
        " service TEXT NOT NULL, port INTEGER NOT NULL UNIQUE, created_at DATETIME NOT NULL)"
    )
    rows = [(f"app{number}", "main", "web", 5000 + number, "2025-02-08 15:04:05") for number in range(COUNT)]
    columns = "app, instance, service, port, created_at"
    database.executemany(f"INSERT INTO allocations ({columns}) VALUES (?, ?, ?, ?, ?)", rows)
    database.commit()
    database.close()
    os.chmod(path, 0o600)


def start_under_strace(daemon, path, log, *options):
    """Starts the daemon under strace, which traces only the calls on the database and its journals, and ends it once it
    is ready. AssertionError: the daemon was killed before."""
    files = ["-P", path, "-P", f"{path}-wal", "-P", f"{path}-journal"]
    daemon.start(through=["strace", "-f", "-qq", "-o", log, *files, *options])
    # strace's child, not strace; and not by a signal that lets it write once more.
    os.kill(daemon.client().send("GET", "/v1/status")[1]["pid"], signal.SIGKILL)


def calls_of_an_undisturbed_start(log):
    """Returns the number of each system call."""
    daemon = Daemon()
    path = os.path.join(daemon.home, "ports.db")
    try:
        old_database(path)
        start_under_strace(daemon, path, log, "-e", f"trace={WRITES}")
        daemon.process.wait()
    finally:
        daemon.remove()
    calls = [call.groups() for line in log.read_text().splitlines() if (call := CALL.match(line))]
    # strace counts the calls of each thread separately, and kills at the first thread that reaches the number.
    assert len({thread for thread, _ in calls}) == 1, calls
    return collections.Counter(name for _, name in calls)


def test_crash_at_any_write_of_a_migration_loses_nothing(figure, tmp_path):
    calls = calls_of_an_undisturbed_start(tmp_path / "strace")
    crashes = collections.Counter()
    applied = set()
    # One system call after the other, because strace counts several that are injected together separately.
    for call in calls:
        while crash(call, crashes[call] + 1, applied):
            crashes[call] += 1
    assert crashes == calls
    # Also between any two migrations.
    assert applied == {0, 1, 2, 3, 4, 5, 6}
    counts = ", ".join(f"{count} {call}" for call, count in crashes.most_common())
    figure(
        f"{crashes.total()} crashes, one at each call that writes ({counts}): nothing lost",
        f"{crashes.total()} crashes, 0 losses",
    )


def crash(call, number, applied):
    """Kills a migrating daemon at its call of this number, and checks the listing of the next daemon. Returns whether
    there was such a call."""
    daemon = Daemon()
    path = os.path.join(daemon.home, "ports.db")
    try:
        old_database(path)
        try:
            kill = f"inject={call}:signal=KILL:when={number}"
            start_under_strace(daemon, path, os.devnull, "-e", f"trace={call}", "-e", kill)
            survived = True
        except AssertionError:
            survived = False
        # strace ends as the daemon did.
        assert daemon.process.wait() == -signal.SIGKILL
        applied.add(migrations(path))
        daemon.start()
        _, listed = daemon.client().send("GET", "/v1/allocations")
        assert sorted((entry["app"], entry["port"]) for entry in listed) == sorted(
            (f"app{number}", 5000 + number) for number in range(COUNT)
        ), f"after a crash at {call} {number}"
        assert not [name for name in os.listdir(daemon.home) if "damaged" in name]
        daemon.stop()
        check_integrity(daemon)
    finally:
        daemon.remove()
    return not survived


def migrations(path):
    """Returns how many migrations were complete at the crash. Reads a copy, because reading repairs a file."""
    copy = path + ".copy"
    for suffix in ("", "-wal", "-journal"):
        if os.path.exists(path + suffix):
            shutil.copyfile(path + suffix, copy + suffix)
    try:
        database = sqlite3.connect(copy)
        try:
            return database.execute("SELECT count(*) FROM grdb_migrations").fetchone()[0]
        except sqlite3.OperationalError as error:
            assert "no such table" in str(error)
            return 0
        finally:
            database.close()
    finally:
        for suffix in ("", "-wal", "-journal", "-shm"):
            if os.path.exists(copy + suffix):
                os.unlink(copy + suffix)
