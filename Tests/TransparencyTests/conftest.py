"""Starts commands directly and under `portctl run`, and compares what can be observed of them.

Nothing here sleeps or polls: a command that is inspected stops itself, of which the kernel notifies its parent;
everything else that a test waits for arrives at a descriptor. Every wait ends after TIMEOUT seconds and fails the test.

Every command starts with the same signal mask and dispositions, whatever pytest was started with: under nohup(1), or in
the background of a script, pytest itself ignores signals.
"""

import contextlib
import fcntl
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import termios
import threading
import time

import pytest

BINARIES = pathlib.Path(
    os.environ.get("PORTCTL_BIN", pathlib.Path(__file__).parents[2] / ".build" / "debug")
).resolve()
PORTCTL = str(BINARIES / "portctl")
RUN = [PORTCTL, "run", "x", "--quiet", "--"]
# In seconds. Everything here takes milliseconds; the rest is for a machine under load.
TIMEOUT = 20
# Separate from the ports of other tests.
POOL = "27000-27999"

PYTHON = [sys.executable, "-I", "-S", "-c"]
SHELLS = {"bash": ["bash", "--norc", "--noprofile", "--noediting", "-i"], "sh": ["sh", "-i"]}
PROMPT = b"ready> "
# All that a process can handle or ignore.
SIGNALS = sorted(signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP})
# If pytest inherited that SIGCHLD is ignored, it could not read the exit statuses of the commands.
signal.signal(signal.SIGCHLD, signal.SIG_DFL)


def reset_signals():
    """Blocks no signal and sets the default disposition of each. For a process that becomes a command."""
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)


def preparation(*steps):
    """Returns a function that resets the signals and then runs the steps, for Popen's preexec_fn."""

    def prepare():
        reset_signals()
        for step in steps:
            step()

    return prepare


def free_ports(count, first):
    """Returns the first of `count` consecutive ports, from `first` on, that no socket of this machine uses."""
    while True:
        with contextlib.ExitStack() as sockets:
            try:
                for port in range(first, first + count):
                    sockets.enter_context(socket.create_server(("", port)))
                return first
            except OSError:
                first = port + 1


class Home:
    """A PORT_SERVER_HOME, and commands that are started with it."""

    def __init__(self):
        self.path = tempfile.mkdtemp(prefix="pct-", dir="/tmp")
        # One file for all commands, because the file that is standard error is part of what is compared.
        self.complaints = tempfile.TemporaryFile()
        foreign = re.compile("PORT|PS1$|ENV$|BASH_ENV$|PROMPT_COMMAND$")
        self.environment = {name: value for name, value in os.environ.items() if not foreign.match(name)}
        self.environment.update(
            PORT_SERVER_HOME=self.path,
            PORT_SERVER_LISTEN="127.0.0.1:0",
            PORT_SERVER_POOLS_LEASES=POOL,
            LC_ALL="C",
            TERM="xterm",
            HISTFILE="/dev/null",
        )

    def portctl(self, *arguments):
        return subprocess.run(
            [PORTCTL, *arguments],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT,
            preexec_fn=reset_signals,
        )

    def start(self):
        answer = self.portctl("start")
        assert answer.returncode == 0, answer.stderr

    def close(self):
        # Waits for a daemon that a failed command may have started.
        self.portctl("start")
        answer = self.portctl("stop")
        assert answer.returncode == 0, answer.stderr
        self.complaints.close()
        shutil.rmtree(self.path)

    def same(self, observe):
        """Observes the command started directly and under `run`. Both must be the same, which is returned."""
        bare = observe([])
        run = observe(RUN)
        assert run == bare
        return bare

    def completed(self, command, *, prepare=lambda: None, **how):
        """Runs a command to its end. Returns its exit code (negative: the signal that ended it) and both outputs.

        `prepare` runs in the process that becomes the command, after its signals were reset.
        """
        how = {"env": self.environment, "timeout": TIMEOUT, **how}
        if "input" not in how:
            how.setdefault("stdin", subprocess.DEVNULL)
        ended = subprocess.run(
            command, capture_output=True, restore_signals=False, preexec_fn=preparation(prepare), **how
        )
        return ended.returncode, ended.stdout, ended.stderr

    def frozen(self, starter, inspect, *, prepare=lambda: None, terminal=None, environment=None, directory=None):
        """Returns `inspect(pid)` of a command that has stopped itself, started by `starter` (words before it).

        `prepare` runs in the process that becomes the starter, after its signals were reset and it has its terminal.
        The pid is that of the process which was started.
        """
        self.complaints.seek(0)
        self.complaints.truncate()
        process = subprocess.Popen(
            [*starter, "sh", "-c", "kill -STOP $$"],
            env=self.environment if environment is None else environment,
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self.complaints,
            # Descriptors that Python opens are closed on exec; those that `prepare` opens must stay open.
            close_fds=False,
            restore_signals=False,
            preexec_fn=preparation(terminal.adopt if terminal else lambda: None, prepare),
        )
        try:
            status = wait_for_stop(process.pid)
            self.complaints.seek(0)
            assert os.WIFSTOPPED(status), (os.waitstatus_to_exitcode(status), self.complaints.read())
            assert os.WSTOPSIG(status) == signal.SIGSTOP
            assert os.path.realpath(f"/proc/{process.pid}/exe") == os.path.realpath(shutil.which("sh"))
            return inspect(process.pid)
        finally:
            process.kill()
            process.wait()

    def terminal(self, command=None, **how):
        return Terminal(command, **{"environment": self.environment, **how})

    def shell(self, name, starter):
        """Returns an interactive shell that has printed its prompt. $RUN has the starter's words."""
        environment = {**self.environment, "RUN": " ".join(starter), "PS1": PROMPT.decode()}
        shell = Terminal(SHELLS[name], environment=environment)
        shell.wait_for(re.escape(PROMPT))
        return shell


class Terminal:
    """A pseudo-terminal, and the session leader whose controlling terminal it is."""

    def __init__(self, command=None, *, environment, size=(24, 80), passed=()):
        self.controller, self.replica = pty.openpty()
        termios.tcsetwinsize(self.replica, size)
        self.device = os.stat(self.replica).st_rdev
        self.seen = b""
        self.process = None
        if command:
            self.process = subprocess.Popen(
                command,
                env=environment,
                pass_fds=passed,
                stdin=self.replica,
                stdout=self.replica,
                stderr=self.replica,
                restore_signals=False,
                preexec_fn=preparation(self.adopt),
            )
            # Now only the command's processes hold the terminal: the output ends when they have ended.
            os.close(self.replica)
            self.replica = None

    def adopt(self):
        """Makes the calling process the leader of a session with this terminal."""
        os.setsid()
        if self.replica is not None:
            for number in range(3):
                os.dup2(self.replica, number)
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process:
            self.process.kill()
            self.process.wait()
        self.hang_up()
        if self.replica is not None:
            os.close(self.replica)

    def hang_up(self):
        if self.controller is not None:
            os.close(self.controller)
            self.controller = None

    def type(self, text):
        os.write(self.controller, text)

    def enter(self, line):
        """Types a line at a shell's prompt."""
        self.type(line.encode() + b"\n")

    def wait_for(self, pattern):
        """Waits until the output after the last match matches the pattern, and returns the match."""
        deadline = time.monotonic() + TIMEOUT
        while not (match := re.search(pattern, self.seen, re.DOTALL)):
            assert self._read(deadline), f"ended without {pattern}: {self.seen}"
        self.seen = self.seen[match.end() :]
        return match

    def wait_for_prompt(self):
        self.wait_for(re.escape(PROMPT))

    def status(self):
        """At a prompt: returns the shell's exit status of the last command."""
        self.enter("echo status=$?")
        status = int(self.wait_for(rb"status=(\d+)\r\n")[1])
        self.wait_for_prompt()
        return status

    def end(self):
        """Waits for the end of the output. Returns the output after the last match, and the exit code."""
        deadline = time.monotonic() + TIMEOUT
        while self._read(deadline):
            pass
        return self.seen, self.process.wait(TIMEOUT)

    def _read(self, deadline):
        left = deadline - time.monotonic()
        assert left > 0 and select.select([self.controller], [], [], left)[0], f"nothing came after {self.seen}"
        try:
            more = os.read(self.controller, 65536)
        except OSError:  # EIO: no process has the terminal open
            return False
        self.seen += more
        return True


def stat(pid):
    """Returns a process's parent, group, session, terminal and the terminal's foreground group, from /proc."""
    return [int(word) for word in pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1:6]]


def wait_for_stop(pid):
    """Waits until a child stops or ends. Returns its wait status."""
    watchdog = threading.Timer(TIMEOUT, os.kill, (pid, signal.SIGKILL))
    watchdog.start()
    try:
        return os.waitpid(pid, os.WUNTRACED)[1]
    finally:
        watchdog.cancel()
        watchdog.join()


@pytest.fixture(scope="session")
def session_home():
    home = Home()
    home.start()
    yield home
    home.close()


@pytest.fixture
def home(session_home, tmp_path, monkeypatch):
    """The session's home, with a running daemon."""
    monkeypatch.chdir(tmp_path)
    return session_home


@pytest.fixture
def new_home(tmp_path, monkeypatch):
    """A home without a daemon, so that `run` has to start it."""
    monkeypatch.chdir(tmp_path)
    home = Home()
    yield home
    home.close()


@pytest.fixture(params=["daemon-runs", "run-starts-daemon"])
def any_home(request):
    return request.getfixturevalue("home" if request.param == "daemon-runs" else "new_home")
