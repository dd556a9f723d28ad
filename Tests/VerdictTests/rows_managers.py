"""Scenarios about programs that start others: systemd's manager of a user's services, and direnv."""

import os
import select
import signal
import socket
import subprocess

from table import scenario
from world import FOREIGN, MINE, TIMEOUT, UNKNOWN, free_port, wait_until

REAL = ("root", "systemd")


class Manager:
    """systemd as root's service manager, which has no other parent than process 1."""

    def __init__(self, world):
        self.world = world
        directory = world.root / "runtime"
        directory.mkdir(mode=0o700)
        self.environment = {"XDG_RUNTIME_DIR": str(directory)}
        # Two forks: the one that starts it ends.
        subprocess.run(
            ["setsid", "--fork", "/lib/systemd/systemd", "--user"], cwd="/", check=True,
            env=world.daemon.environment | self.environment, stdin=subprocess.DEVNULL,
        )
        private = str(directory / "systemd" / "private")
        with socket.socket(socket.AF_UNIX) as connection:
            wait_until(lambda: connection.connect_ex(private) == 0, "the service manager listens")
            credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
        self.process = os.pidfd_open(int.from_bytes(credentials[:4], "little"))
        world.cleanups.append(self.end)

    def end(self):
        """As the end of a session does: it ends its units, too."""
        signal.pidfd_send_signal(self.process, signal.SIGTERM)
        assert select.select([self.process], [], [], TIMEOUT)[0], "the service manager does not end"
        os.close(self.process)

    def call(self, *words):
        ended = self.world.completed("/", "systemd-run", "--user", "--quiet", "--collect", *words, **self.environment)
        assert ended.returncode == 0, ended

    def start(self, directory, *properties, options=()):
        """Starts an actor as a unit, and returns it."""
        properties = [f"--property={text}" for text in (f"WorkingDirectory={directory}", *properties)]
        self.call(*properties, *self.world.command(*options))
        return self.world.arrived()


@scenario("a unit of systemd's user manager is unknown", UNKNOWN, needs=REAL, faces=True)
def _(world):
    """Step 6: nobody but the manager is its parent, it started after the hold, and it stands in no checkout."""
    manager = Manager(world)
    web = world.repository().port("web")
    manager.start("/").listen(web.port)
    return web


@scenario("a unit of systemd's user manager that stands in the worktree is mine", MINE, needs=REAL)
def _(world):
    """Step 5: WorkingDirectory= is evidence enough."""
    b = world.repository().worktree()
    web = b.port("web")
    Manager(world).start(b).listen(web.port)
    return web


@scenario("a unit of systemd's user manager that stands in another worktree is foreign", FOREIGN, needs=REAL)
def _(world):
    """Step 4."""
    a = world.repository()
    web = a.worktree().port("web")
    Manager(world).start(a).listen(web.port)
    return web


@scenario("a unit that systemd's user manager started before the hold is foreign", FOREIGN, needs=REAL)
def _(world):
    """Step 7."""
    unit = Manager(world).start("/")
    web = world.repository().port("web")
    unit.listen(web.port)
    return web


@scenario("a socket that systemd's user manager holds for a unit is unknown", UNKNOWN, needs=REAL)
def _(world):
    """Step 3: a service manager's socket forwards to a unit, which is not started yet."""
    web = world.repository().port("web")
    Manager(world).call(f"--socket-property=ListenStream=127.0.0.1:{web.port}", "sleep", "600")
    world.listening(web.port)
    return web


@scenario("a socket's proxy of systemd's user manager is unknown", UNKNOWN, needs=REAL)
def _(world):
    """Step 3: both the manager and the proxy have the socket."""
    web = world.repository().port("web")
    proxy = ("/lib/systemd/systemd-socket-proxyd", f"127.0.0.1:{free_port()}")
    Manager(world).call(f"--socket-property=ListenStream=127.0.0.1:{web.port}", *proxy)
    world.listening(web.port)
    with socket.create_connection(("127.0.0.1", web.port)):
        listeners = lambda: world.daemon.get("/v1/listeners", port=web.port)  # noqa: E731
        wait_until(lambda: len(listeners()[0]["processes"]) == 2, "the proxy has the socket, too")
    return web


@scenario("a daemon that systemd's user manager adopted is unknown", UNKNOWN, needs=REAL)
def _(world):
    """Step 6: as with process 1."""
    manager = Manager(world)
    web = world.repository().port("web")
    manager.start("/", "Type=forking", "GuessMainPID=no", options=["daemon"]).listen(web.port)
    return web


# direnv: the environment of a directory that was left a moment ago.


def direnv(world, checkout, then):
    """An actor in the directory `then`, in a shell that has entered the checkout with direnv's hook before."""
    (checkout.path / ".envrc").write_text("export PORT=$(portctl port web)\n")
    script = 'direnv allow && eval "$(direnv export bash)" && cd "$0" && exec "$@"'
    return world.start(checkout, "bash", "-ec", script, str(then), *world.command(), options=None, PATH=world.path)


@scenario("a server that took PORT from direnv in its own worktree is mine", MINE, needs=("programs",))
def _(world):
    """Step 5, by its checkout."""
    a = world.repository()
    server = direnv(world, a, a)
    port = int(server.environment()["PORT"])
    server.listen(port)
    return a.service("web", port)


@scenario("a server in B that took PORT from direnv in A is foreign in A", FOREIGN, needs=("programs",), faces=True)
def _(world):
    """Step 4: the shell in B still has A's variables."""
    a = world.repository()
    server = direnv(world, a, a.worktree())
    port = int(server.environment()["PORT"])
    server.listen(port)
    return a.service("web", port)


@scenario("a server of the worktree with another worktree's exported marker is mine", MINE)
def _(world):
    """The environment says A, the directory B. Step 5 by the checkout."""
    a = world.repository()
    b = a.worktree()
    mark = world.run(a, "web").environment()["PORTCTL_MARK"]
    web = b.port("web")
    world.start(b, PORTCTL_MARK=mark).listen(web.port)
    return web
