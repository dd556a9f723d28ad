"""Fixtures of the scenarios: one daemon for all, a directory with repositories and processes for each."""

import ctypes
import os
import pathlib
import shutil
import subprocess

import pytest

from world import BINARIES, OWNER, PROGRAMS, SUBORDINATES, Daemon, World

USERS = pathlib.Path("/proc/self/uid_map")
IS_LINUX = USERS.exists()
# Root of a new user namespace has no other users.
IS_ROOT = IS_LINUX and os.geteuid() == 0 and USERS.read_text().split() == ["0", "0", "4294967295"]
# Of linux/sched.h.
CLONE_NEWNS = 0x20000
NEEDS = {
    "root": (IS_ROOT, "it needs the machine's root"),
    "tmux": (shutil.which("tmux"), "tmux is not installed"),
    "node": (shutil.which("node"), "node is not installed"),
    "make": (shutil.which("make"), "make is not installed"),
    "cc": (shutil.which("cc"), "there is no C compiler"),
    "systemd": (shutil.which("systemd-run") and os.path.exists("/lib/systemd/systemd"), "systemd is not installed"),
    "ssh": (shutil.which("ssh") and shutil.which("ssh-keygen"), "the client of SSH is not installed"),
    "tun": (os.path.exists("/dev/net/tun"), "there is no /dev/net/tun"),
    "programs": (PROGRAMS.exists(), "scripts/other-programs.sh has fetched nothing"),
}


def skip_without(needs):
    for need in needs:
        is_there, reason = NEEDS[need]
        if not is_there:
            pytest.skip(f"{reason}: not tested")


@pytest.fixture(scope="session", autouse=True)
def linux():
    if not IS_LINUX:
        pytest.skip("the scenarios are made of Linux processes")


@pytest.fixture(scope="session", autouse=True)
def own_machine(linux):
    """Moves the tests into a mount namespace of their own, with an empty /run, in which a machine was booted with
    systemd, and has a user for sshd. Their processes are in it, too: those of another are hidden from portctl."""
    if not IS_ROOT:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.unshare(CLONE_NEWNS) == 0, os.strerror(ctypes.get_errno())
    users = pathlib.Path("/etc/passwd").read_text()
    script = """
        mount --make-rprivate /
        mount -t tmpfs tmpfs /run
        mkdir -p /run/systemd/system /run/sshd
        printf %s "$1" >/run/passwd
        mount --bind /run/passwd /etc/passwd
    """
    if "\nsshd:" not in users:
        users += "sshd:x:432:65534::/run/sshd:/usr/sbin/nologin\n"
    subprocess.run(["sh", "-ec", script, "sh", users], check=True)


@pytest.fixture(scope="session")
def session_daemon():
    daemon = Daemon()
    yield daemon
    daemon.stop()


@pytest.fixture
def world(session_daemon):
    world = World(session_daemon)
    yield world
    world.close()
    assert session_daemon.process.poll() is None, "the daemon died"


@pytest.fixture(scope="session")
def session_daemon_of_user():
    daemon = Daemon(user=OWNER)
    yield daemon
    daemon.stop()


@pytest.fixture
def world_of_user(session_daemon_of_user):
    """A world whose daemon and commands are a user's, who is not root. Actors may `become` others before they listen,
    which root must start."""
    world = World(session_daemon_of_user)
    yield world
    world.close()


@pytest.fixture
def world_of_user_with_subordinates(tmp_path):
    """A world of a user who has subordinate users, as containers without root need them."""
    table = tmp_path / "subuid"
    table.write_text(f"{SUBORDINATES}\n")
    table.chmod(0o644)
    mounted = ["unshare", "--mount", "sh", "-ec", 'mount --bind "$0" /etc/subuid; exec "$@"', str(table)]
    daemon = Daemon(user=OWNER, through=mounted)
    world = World(daemon)
    yield world
    world.close()
    daemon.stop()


@pytest.fixture
def stepping_clock(tmp_path):
    """A daemon whose wall clock is wrong by as many seconds as the file `step` says."""
    skip_without(["cc"])
    # The path of the dynamic linker is in every executable that has one.
    if b"/ld-linux" not in (BINARIES / "port-server").read_bytes():
        pytest.skip("the daemon is linked statically, and nothing can be loaded before it: not tested")
    library, step = tmp_path / "clock.so", tmp_path / "step"
    step.write_text("0")
    source = pathlib.Path(__file__).with_name("clock.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source], check=True)
    daemon = Daemon(LD_PRELOAD=str(library), CLOCK_STEP=str(step))
    daemon.step = lambda seconds: step.write_text(str(seconds))
    yield daemon
    daemon.stop()
