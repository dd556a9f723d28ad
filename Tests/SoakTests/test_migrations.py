"""A daemon that is killed at any write of any migration loses nothing."""

import os
import shutil
import signal
import sqlite3

from conftest import Daemon

COUNT = 40
WRITES = "write,pwrite64,ftruncate,fsync,fdatasync,unlink,rename"


def old_database(path):
    """As seed 002's own server leaves it: every migration has something to do."""
    database = sqlite3.connect(path)
    database.execute(
        "CREATE TABLE allocations (id INTEGER PRIMARY KEY AUTOINCREMENT, app TEXT NOT NULL, instance TEXT NOT NULL,"
        " service TEXT NOT NULL, port INTEGER NOT NULL UNIQUE, created_at DATETIME NOT NULL)"
    )
    rows = [(f"app{number}", "main", "web", 5000 + number, "2025-02-08 15:04:05") for number in range(COUNT)]
    database.executemany("INSERT INTO allocations (app, instance, service, port, created_at) VALUES (?, ?, ?, ?, ?)", rows)
    database.commit()
    database.close()
    os.chmod(path, 0o600)


def test_a_crash_at_any_write_of_a_migration_loses_nothing(figure, tmp_path):
    crashes = 0
    applied = set()
    survived = False
    while not survived:
        crashes += 1
        daemon = Daemon()
        path = os.path.join(daemon.home, "ports.db")
        try:
            old_database(path)
            strace = ["strace", "-f", "-qq", "-o", os.devnull, "-P", path, "-P", f"{path}-wal", "-P", f"{path}-journal"]
            kill = ["-e", f"trace={WRITES}", "-e", f"inject={WRITES}:signal=KILL:when={crashes}"]
            try:
                daemon.start(through=[*strace, *kill])
                survived = True
                # strace's child, not strace.
                os.kill(daemon.client().send("GET", "/v1/status")[1]["pid"], signal.SIGTERM)
            except AssertionError:
                pass  # killed before it was ready
            daemon.process.wait()
            applied.add(migrations(path))
            daemon.start()
            _, listed = daemon.client().send("GET", "/v1/allocations")
            assert sorted((entry["app"], entry["port"]) for entry in listed) == sorted(
                (f"app{number}", 5000 + number) for number in range(COUNT)
            ), f"after a crash at write {crashes}"
            assert not [name for name in os.listdir(daemon.home) if "damaged" in name]
            daemon.stop()
            assert sqlite3.connect(path).execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        finally:
            daemon.remove()
    # Between any two of them, too.
    assert applied == {0, 1, 2, 3}
    figure(f"{crashes - 1} crashes, one at each write: nothing lost")


def migrations(path):
    """How many were complete at the crash; read from a copy, because reading repairs."""
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
