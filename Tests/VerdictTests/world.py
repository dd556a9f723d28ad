"""What the scenarios are made of: a daemon with a home of its own, repositories, and processes that a test directs."""

import contextlib
import dataclasses
import http.client
import itertools
import json
import os
import pathlib
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse

BINARIES = pathlib.Path(
    os.environ.get("PORTCTL_BIN", pathlib.Path(__file__).parents[2] / ".build" / "debug")
).resolve()
# The system's, where there is one: other users can execute it.
PYTHON = next(path for path in ("/usr/bin/python3", sys.executable) if os.path.exists(path))
# In seconds. Everything here takes milliseconds; the rest is for a machine under load.
TIMEOUT = 30
# Separate from the ports of other tests.
POOLS = {"REGISTRY": "25000-25499", "LEASES": "25500-25799", "PROJECTS": "25800-26199"}
# What scripts/other-programs.sh has fetched.
PROGRAMS = pathlib.Path(__file__).parents[2] / ".build" / "programs"
OWNER, OTHER, SYSTEM = 1233, 1234, 433
# Users that OWNER's containers without root have, where a test gives OWNER a range.
SUBORDINATE, SUBORDINATES = 300_005, "1233:300000:65536"
MINE, UNKNOWN, FOREIGN, NONE = "mine", "unknown", "foreign", "none"
EXIT_CODES = {MINE: 0, UNKNOWN: 2, FOREIGN: 3, NONE: 4}
_numbers = itertools.count(1)


def clean_environment(**further):
    """The environment without what steers portctl and git, and with what every process of the tests has."""
    kept = {name: value for name, value in os.environ.items() if not re.match("PORT|GIT_|TMUX|VIRTUAL_ENV", name)}
    return kept | {"LC_ALL": "C", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"} | further


def free_port(first=26300):
    """A port that is free and outside of the range from which the kernel chooses."""
    for port in range(first, 30000):
        with contextlib.suppress(OSError), socket.create_server(("", port)):
            return port
    raise AssertionError("no port is free")


def wait_until(condition, what, seconds=TIMEOUT):
    """Evaluates the condition until it is true, and returns its value. For what nothing announces."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, f"not within {seconds} seconds: {what}"
        time.sleep(0.02)
    return value


class Daemon:
    """A daemon, and the programs that reach it. `user`: runs as this user, who must be root's to become."""

    def __init__(self, *, user=None, through=(), **settings):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="pct-", dir="/tmp"))
        self.root.chmod(0o755)
        self.programs = self.root / "bin"
        self.programs.mkdir()
        for name in ("portctl", "port-server"):
            # Another user may not reach the build directory.
            if user is None:
                (self.programs / name).symlink_to(BINARIES / name)
            else:
                shutil.copy(BINARIES / name, self.programs)
        for name in ("get-port", "list-ports", "release-port"):
            (self.programs / name).symlink_to("portctl")
        shutil.copy(pathlib.Path(__file__).with_name("actor.py"), self.root)
        self.home = self.root / "home"
        self.home.mkdir(mode=0o700)
        self.user = user
        self.prefix = []
        if user is not None:
            os.chown(self.home, user, user)
            self.prefix = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", "--"]
        self.environment = clean_environment(
            HOME=str(self.home),
            PORT_SERVER_HOME=str(self.home),
            PORTCTL_AUTOSTART="0",
            PATH=f"{self.programs}:{os.environ['PATH']}",
        )
        pools = {f"PORT_SERVER_POOLS_{face}": ports for face, ports in POOLS.items()}
        reading, writing = os.pipe()
        self.process = subprocess.Popen(
            [*through, *self.prefix, self.programs / "port-server", "--listen", "127.0.0.1:0"],
            env=self.environment | pools | settings | {"PORT_SERVER_READY_FD": str(writing)},
            pass_fds=[writing],
            cwd="/",
        )
        os.close(writing)
        with os.fdopen(reading) as pipe:
            assert pipe.readline() == "ready\n"

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            assert (code := self.process.wait(TIMEOUT)) == 0, code
        finally:
            shutil.rmtree(self.root)

    def pause(self):
        self.process.send_signal(signal.SIGSTOP)

    def resume(self):
        self.process.send_signal(signal.SIGCONT)

    def connect(self):
        connection = http.client.HTTPConnection("localhost", timeout=TIMEOUT)
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.settimeout(TIMEOUT)
        connection.sock.connect(str(self.home / "port-server.sock"))
        return connection

    def send(self, method, path, body=None):
        """Returns the status and the parsed body."""
        connection = self.connect()
        with contextlib.closing(connection):
            connection.request(method, path, json.dumps(body) if body else None, {"Content-Type": "application/json"})
            response = connection.getresponse()
            return response.status, json.loads(response.read() or b"null")

    def get(self, path, **query):
        """Returns the parsed body of an answer that must be 200."""
        query = {name: value for name, value in query.items() if value is not None}
        status, body = self.send("GET", path + ("?" + urllib.parse.urlencode(query) if query else ""))
        assert status == 200, (path, query, status, body)
        return body

    def allocation(self, port):
        """Returns the allocation of a port from the wide listing, or None."""
        found = self.get("/v1/allocations", wide="true", port=port)
        return found[0] if found else None

    @contextlib.contextmanager
    def events(self):
        connection = self.connect()
        connection.request("GET", "/v1/events")
        stream = Events(connection.getresponse(), connection.sock)
        stream.wait_for(lambda event: event["event"] == "ready")
        yield stream
        connection.close()


class Events:
    """A stream of server-sent events."""

    def __init__(self, response, connection):
        self.response = response
        self.connection = connection
        self.seen = []

    def wait_for(self, condition, seconds=TIMEOUT):
        """Reads until an event fulfils the condition, and returns it."""
        deadline = time.monotonic() + seconds
        while True:
            event = self._next(deadline)
            assert event, f"not within {seconds} seconds; received: {self.seen}"
            self.seen.append(event)
            if condition(event):
                return event

    def none_until(self, condition, seconds):
        """Reads for some seconds, in which no event may fulfil the condition."""
        deadline = time.monotonic() + seconds
        while event := self._next(deadline):
            assert not condition(event), event

    def _next(self, deadline):
        event = {}
        while (left := deadline - time.monotonic()) > 0:
            self.connection.settimeout(left)
            try:
                line = self.response.readline().decode().rstrip("\n")
            except TimeoutError:
                return None
            name, _, value = line.partition(": ")
            if name == "event":
                event["event"] = value
            elif name == "data":
                event |= json.loads(value)
            elif not line and event:
                return event
        return None


class Actor:
    """A process that runs actor.py. Its methods are the steps of that program."""

    def __init__(self, connection):
        self.connection = connection
        self.lines = connection.makefile("r")
        self.pid = int.from_bytes(connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)[:4], sys.byteorder)
        self.descriptor = os.pidfd_open(self.pid)

    def step(self, step, **arguments):
        self.connection.sendall(json.dumps({"step": step, **arguments}).encode() + b"\n")
        answer = json.loads(self.lines.readline() or '{"error": "the process has ended"}')
        assert "error" not in answer, (step, arguments, answer["error"])
        return answer["value"]

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda **arguments: self.step(name, **arguments)

    def listen(self, port, *addresses, **options):
        """Listens on 127.0.0.1, or on these addresses. Returns itself."""
        for address in addresses or ("127.0.0.1",):
            self.step("listen", port=int(port), address=address, **options)
        return self

    def run(self, *command, **options):
        """Runs a command as a child, and returns what it prints. It must succeed."""
        code, output, errors = self.step("run", command=list(command), **options)
        assert code == 0, (command, code, output, errors)
        return output.strip()

    @property
    def is_alive(self):
        return not select.select([self.descriptor], [], [], 0)[0]

    def end(self):
        """Ends the process, and returns when it has ended."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.descriptor, signal.SIGKILL)
        assert select.select([self.descriptor], [], [], TIMEOUT)[0], f"{self.pid} has not ended"

    def dispose(self):
        self.end()
        os.close(self.descriptor)
        self.lines.close()
        self.connection.close()


class World:
    """A temporary directory with repositories, and the processes that were started in it."""

    def __init__(self, daemon):
        self.daemon = daemon
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="pct-world-", dir="/tmp")).resolve()
        self.root.chmod(0o755)
        self.number = next(_numbers)
        self.name = f"{self.root.name}"
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind("\0" + self.name)
        self.server.listen()
        self.server.settimeout(TIMEOUT)
        self.actors = []
        self.processes = []
        self.cleanups = []

    def close(self):
        for cleanup in reversed(self.cleanups):
            cleanup()
        for actor in self.actors:
            actor.dispose()
        for process in self.processes:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            process.wait()
        self.server.close()
        for held in self.daemon.get("/v1/allocations", wide="true"):
            if held.get("id") is not None:
                self.daemon.send("DELETE", f"/v1/allocations/{held['id']}")
        shutil.rmtree(self.root, ignore_errors=True)

    # Directories.

    def repository(self, name="shop"):
        """A git repository with one commit. Its name is used nowhere else, and so is its app's."""
        checkout = self.directory(name)
        checkout.git("init", "-q", "-b", "main")
        checkout.commit()
        return checkout

    def directory(self, name):
        """A directory that is no repository."""
        path = self.root / f"{name}{self.number}"
        path.mkdir()
        if self.daemon.user is not None:
            os.chown(path, self.daemon.user, self.daemon.user)
        return Checkout(self, path)

    # Processes.

    def command(self, *options, program=None):
        """The words that start actor.py. `program`: under this name, as the kernel and its first argument have it."""
        python = PYTHON
        if program:
            python = str(self.root / program)
            if not os.path.exists(python):
                os.symlink(os.path.realpath(PYTHON), python)
        return [python, "-I", "-S", str(self.daemon.root / "actor.py"), self.name, *options]

    def start(self, directory, *through, parent=None, options=(), program=None, as_root=False, **environment):
        """Starts a process in a directory, and returns when it runs. `through`: words before its command, or, without
        `options`, the whole command that starts it. `parent`: the actor that starts it, instead of the test. `options`:
        those of actor.py. `program`: its name. `as_root`: not as the daemon's user."""
        path = str(getattr(directory, "path", directory))
        prefix = [] if as_root else self.daemon.prefix
        words = [*prefix, *through]
        if options is not None:
            words += self.command(*options, program=program)
        if parent:
            environment = {**parent.environment(), **environment} if environment else None
            parent.spawn(command=words, directory=path, environment=environment)
        else:
            self.processes.append(
                subprocess.Popen(
                    words, cwd=path, env=self.daemon.environment | environment, stdin=subprocess.DEVNULL
                )
            )
        return self.arrived()

    def arrived(self):
        """Waits for the process that was started last."""
        try:
            connection, _ = self.server.accept()
        except TimeoutError:
            raise AssertionError("the process did not start") from None
        connection.settimeout(TIMEOUT)
        self.actors.append(Actor(connection))
        return self.actors[-1]

    @property
    def path(self):
        """PATH with the programs of others."""
        return f"{self.daemon.environment['PATH']}:{PROGRAMS}"

    def launch(self, *command, directory="/", descriptors=(), stdin=subprocess.DEVNULL, **environment):
        """Starts a program of others, which ends with this world."""
        process = subprocess.Popen(
            [str(word) for word in command], cwd=str(directory), stdin=stdin, pass_fds=descriptors,
            env={**self.daemon.environment, "PATH": self.path, "LD_LIBRARY_PATH": str(PROGRAMS), **environment},
        )

        def end():
            process.terminate()
            process.wait(TIMEOUT)

        self.cleanups.append(end)
        return process

    def listening(self, port):
        """Waits until somebody listens, and returns the port."""
        wait_until(lambda: self.daemon.get("/v1/listeners", port=port), f"somebody listens on {port}")
        return port

    def allocated(self, checkout, name):
        """Waits until the service has a port, and returns it."""
        return int(wait_until(lambda: checkout.portctl("lookup", "--claim", name).stdout, f"{name} has a port"))

    def run(self, directory, name, *words, options=(), **environment):
        """Starts a process with `portctl run NAME`, and returns it."""
        return self.start(directory, "portctl", "run", name, "--quiet", "--", *words, options=options, **environment)

    def serve(self, directory, port, *addresses, **options):
        """Starts a server as a child of the test, which is no owner. Returns when it listens."""
        return self.start(directory, **options).listen(port, *addresses)

    def serve_daemon(self, port, directory="/", **environment):
        """Starts a server that has left its starter, and listens. Process 1, or a service manager, is its parent."""
        server = self.start(directory, options=["daemon"], **environment)
        if directory != "/":
            server.change_directory(path=str(getattr(directory, "path", directory)))
        return server.listen(port)

    def completed(self, directory, *command, **environment):
        path = getattr(directory, "path", directory)
        return subprocess.run(
            [*self.daemon.prefix, *command], cwd=path, env=self.daemon.environment | environment,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=TIMEOUT,
        )


class Checkout:
    """A directory in which commands run."""

    def __init__(self, world, path):
        self.world = world
        self.path = pathlib.Path(path)

    def __str__(self):
        return str(self.path)

    def __truediv__(self, name):
        """A directory in it, which is made."""
        path = self.path / name
        path.mkdir(parents=True, exist_ok=True)
        return Checkout(self.world, path)

    def git(self, *words):
        ended = self.world.completed(
            self, "git", "-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "protocol.file.allow=always", *words
        )
        assert ended.returncode == 0, (words, ended.stderr)
        return ended.stdout

    def commit(self):
        self.git("commit", "-q", "--allow-empty", "-m", "x")

    def worktree(self, name="feat", path=None):
        """A linked worktree, beside the repository if no path within it is given."""
        path = self.path / path if path else self.world.root / f"{name}{self.world.number}"
        self.git("worktree", "add", "-q", "-f", "--detach", str(path))
        return Checkout(self.world, path)

    def remove_worktree(self, worktree):
        self.git("worktree", "remove", "--force", str(worktree))

    def portctl(self, *words, **environment):
        return self.world.completed(self, "portctl", *words, **environment)

    def printed(self, *words, **environment):
        """What a command prints. It must succeed."""
        ended = self.world.completed(self, *words, **environment)
        assert ended.returncode == 0, (words, ended)
        return ended.stdout.strip()

    def port(self, name, *options):
        """Allocates a port with `portctl port`: permanent, without an owner, and this directory is the service's."""
        return Service(self, name, int(self.printed("portctl", "port", name, *options)))

    def service(self, name, port):
        """A service that has its port already."""
        return Service(self, name, int(port))

    def verify(self, *arguments, **environment):
        ended = self.portctl("verify", *(str(argument) for argument in arguments), "--json", **environment)
        assert ended.returncode in EXIT_CODES.values(), ended
        answer = json.loads(ended.stdout)
        assert EXIT_CODES[answer["verdict"]] == ended.returncode, ended
        return answer


@dataclasses.dataclass
class Service:
    """A service, in whose directory it is asked about, by its name, or by something else that `verify` takes."""

    checkout: Checkout
    name: str
    port: int
    argument: str | None = None

    def by(self, argument):
        return dataclasses.replace(self, argument=str(argument))

    def verify(self):
        return self.checkout.verify(self.argument or self.name)
