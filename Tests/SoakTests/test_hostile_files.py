"""Promise 18: the daemon does not start on files and directories that another user owns or could have changed."""

import os
import pathlib
import socket
import sqlite3
import stat
import subprocess

import pytest
from conftest import BINARIES, Daemon
from users import OTHER, OWNER, needs_other_users

pytestmark = needs_other_users


@pytest.fixture(params=[OWNER, 0], ids=["ordinary user", "root"])
def user(request):
    """The user of the daemon. Permissions do not prevent root from opening a file."""
    return request.param


@pytest.fixture
def home(user):
    """A home as the user's own daemon would create it."""
    daemon = Daemon()
    os.chown(daemon.home, user, user)
    os.chmod(daemon.home, 0o700)
    yield pathlib.Path(daemon.home)
    daemon.remove()


@pytest.fixture
def bystander(user):
    """A process that the daemon could signal."""
    process = subprocess.Popen(["sleep", "1000"], user=user, group=user, extra_groups=[])
    yield process
    process.kill()
    process.wait()


def start(home, user):
    """Starts a daemon. Returns its exit status and its standard error."""
    daemon = subprocess.run(
        ["setpriv", "--reuid", str(user), "--regid", str(user), "--clear-groups", BINARIES / "port-server", "--listen",
         "127.0.0.1:0"],
        env={"PORT_SERVER_HOME": str(home), "PATH": "/usr/bin:/bin"},
        cwd="/",
        capture_output=True,
        text=True,
        timeout=20,  # TimeoutExpired: it was not refused
    )
    return daemon.returncode, daemon.stderr


def seen(path):
    """Returns everything about a file or directory that could have changed."""
    status = path.lstat()
    kept = status.st_ino, status.st_uid, status.st_gid, status.st_mode, status.st_size, status.st_mtime_ns
    if stat.S_ISDIR(status.st_mode):
        return kept, {entry.name: seen(entry) for entry in path.iterdir()}
    return kept, path.read_bytes() if stat.S_ISREG(status.st_mode) else None


# The home directory.


@pytest.mark.parametrize("mode", [0o700, 0o755], ids=oct)
def test_home_of_another_user_is_refused(home, user, mode, figure):
    (home / "note").write_text("theirs")
    os.chown(home, OTHER, OTHER)
    os.chmod(home, mode)
    before = seen(home)
    remedy = (
        f"set PORT_SERVER_HOME to a directory of yours, or move this one away: mv {home} {home}.{OTHER}"
        if user
        else "run the command without sudo, or set PORT_SERVER_HOME to a directory of root's"
    )
    assert start(home, user) == (
        1,
        f"port-server: the directory {home} belongs to user id {OTHER}, not to you ({user}) ({remedy})\n",
    )
    assert seen(home) == before
    figure(
        f"a home of another user, mode {mode:o}, of a daemon of user id {user}: refused, nothing changed",
        "refused, nothing changed",
    )


@pytest.mark.parametrize("mode", [0o702, 0o720], ids=oct)
def test_home_writable_by_others_is_refused(home, user, mode, figure):
    os.chmod(home, mode)
    before = seen(home)
    assert start(home, user) == (
        1,
        f"port-server: the directory {home} is writable by others (check what is in it, then: chmod 700 {home})\n",
    )
    assert seen(home) == before
    figure(
        f"a home of mode {mode:o} of a daemon of user id {user}: refused, nothing changed", "refused, nothing changed"
    )


# Files in the home. The daemon would use each of them if its own user owned it.


def database(path, bystander):
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE note (text TEXT)")
    connection.close()


def token(path, bystander):
    path.write_text("0123456789abcdef" * 4 + "\n")


def configuration(path, bystander):
    path.write_text("log:\n  level: debug\n")


def pid_file(path, bystander):
    path.write_text(f"{bystander.pid}\n")


def listening_socket(path, bystander):
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(path))
    server.listen()
    return server


PLANTED = {
    "ports.db": database,
    "token": token,
    "config.yaml": configuration,
    "port-server.pid": pid_file,
    "port-server.sock": listening_socket,
}


@pytest.mark.parametrize("name", PLANTED)
def test_file_of_another_user_is_refused(home, user, bystander, name, figure):
    path = home / name
    server = PLANTED[name](path, bystander)
    # The owner is the only reason to refuse it.
    os.chmod(path, 0o666)
    os.chown(path, OTHER, OTHER)
    before = seen(path)
    status, message = start(home, user)
    assert status == 1
    assert message.startswith("port-server: ") and str(path) in message, message
    assert seen(path) == before
    assert bystander.poll() is None, "the process was signalled"
    if server:
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()  # the daemon did not connect
        server.close()
    figure(
        f"{name} of another user, of a daemon of user id {user}: refused, nothing changed, no process signalled",
        "refused, nothing changed",
    )
