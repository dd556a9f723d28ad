"""Commands started bare and under `portctl run`, and what can be seen of them from outside.

Nothing here sleeps or tries again: a command that is to be looked at stops itself, which its parent is told; whatever
else is waited for arrives at a descriptor. Every wait ends after PATIENCE seconds, and then the test fails.
"""

import fcntl
import os
import pathlib
import pty
import re
import select
import shutil
import signal
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
# In seconds. Everything here takes milliseconds; this is for a machine that is very busy.
PATIENCE = 20
# Away from the ports of other programs and tests: a port that is in use is a reason for `run` to say something.
POOL = "27000-27999"

PYTHON = [sys.executable, "-I", "-S", "-c"]
SHELLS = {"bash": ["bash", "--norc", "--noprofile", "--noediting", "-i"], "sh": ["sh", "-i"]}
PROMPT = b"ready> "


class Home:
    """A PORT_SERVER_HOME of its own, and commands that are started with it."""

    def __init__(self):
        self.path = tempfile.mkdtemp(prefix="pct-", dir="/tmp")
        # One file for all that are compared, since a command shows which file its standard error is.
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
            [PORTCTL, *arguments], env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE
        )

    def start(self):
        answer = self.portctl("start")
        assert answer.returncode == 0, answer.stderr

    def close(self):
        # Also finds a daemon that a failed command left half started, and waits for it.
        self.portctl("start")
        answer = self.portctl("stop")
        assert answer.returncode == 0, answer.stderr
        self.complaints.close()
        shutil.rmtree(self.path)

    def same(self, observe):
        """Returns what `observe` sees of the bare command; of the command under `run` it must see the same."""
        bare = observe([])
        run = observe(RUN)
        assert run == bare
        return bare

    def completed(self, command, **how):
        """Runs a command to its end. Returns its exit code (negative: the signal it died by) and both outputs."""
        how = {"env": self.environment, "timeout": PATIENCE, **how}
        if "input" not in how:
            how.setdefault("stdin", subprocess.DEVNULL)
        ended = subprocess.run(command, capture_output=True, **how)
        return ended.returncode, ended.stdout, ended.stderr

    def frozen(self, starter, look, *, prepare=None, terminal=None, environment=None, folder=None):
        """What `look(pid)` sees of a command that has stopped itself, started by `starter` (words before it).

        `prepare` runs in the process that becomes the starter. The pid is that of the process which was started.
        """

        def prepared():
            if terminal:
                terminal.adopt()
            if prepare:
                prepare()

        self.complaints.seek(0)
        self.complaints.truncate()
        process = subprocess.Popen(
            [*starter, "sh", "-c", "kill -STOP $$"],
            env=self.environment if environment is None else environment,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self.complaints,
            # What Python opens is closed on exec anyhow, and `prepare` may open more.
            close_fds=False,
            restore_signals=False,
            preexec_fn=prepared,
        )
        try:
            status = wait_for_stop(process.pid)
            self.complaints.seek(0)
            assert os.WIFSTOPPED(status), (os.waitstatus_to_exitcode(status), self.complaints.read())
            assert os.WSTOPSIG(status) == signal.SIGSTOP
            assert os.path.realpath(f"/proc/{process.pid}/exe") == os.path.realpath(shutil.which("sh"))
            return look(process.pid)
        finally:
            process.kill()
            process.wait()

    def terminal(self, command=None, **how):
        return Terminal(command, **{"environment": self.environment, **how})

    def shell(self, name, starter):
        """An interactive shell that has printed its prompt, in which $RUN stands for the starter's words."""
        environment = {**self.environment, "RUN": " ".join(starter), "PS1": PROMPT.decode()}
        shell = Terminal(SHELLS[name], environment=environment)
        shell.wait_for(re.escape(PROMPT))
        return shell


class Terminal:
    """A pseudo-terminal, and the session leader that has it as its controlling terminal."""

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
                preexec_fn=self.adopt,
            )
            # Now only its processes hold the terminal: when they are gone, the output ends.
            os.close(self.replica)
            self.replica = None

    def adopt(self):
        """Makes this process the leader of a session with this terminal."""
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
        """Waits until the output that no earlier call took matches, takes it up to there and returns the match."""
        deadline = time.monotonic() + PATIENCE
        while not (match := re.search(pattern, self.seen, re.DOTALL)):
            assert self._read(deadline), f"ended without {pattern}: {self.seen}"
        self.seen = self.seen[match.end() :]
        return match

    def wait_for_prompt(self):
        self.wait_for(re.escape(PROMPT))

    def status(self):
        """At a prompt: the exit status of what ended before it, as the shell has it."""
        self.enter("echo status=$?")
        status = int(self.wait_for(rb"status=(\d+)\r\n")[1])
        self.wait_for_prompt()
        return status

    def end(self):
        """Waits for the end of the output. Returns what of it was not taken yet, and the exit code."""
        deadline = time.monotonic() + PATIENCE
        while self._read(deadline):
            pass
        return self.seen, self.process.wait(PATIENCE)

    def _read(self, deadline):
        left = deadline - time.monotonic()
        assert left > 0 and select.select([self.controller], [], [], left)[0], f"nothing came after {self.seen}"
        try:
            more = os.read(self.controller, 65536)
        except OSError:  # EIO: nobody has the terminal any more
            return False
        self.seen += more
        return True


def stat(pid):
    """Parent, process group, session, terminal and its foreground group, as /proc has them."""
    return [int(word) for word in pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1:6]]


def wait_for_stop(pid):
    """Waits until a child stops or ends; returns its status."""
    watchdog = threading.Timer(PATIENCE, os.kill, (pid, signal.SIGKILL))
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
    """The session's home, whose daemon runs."""
    monkeypatch.chdir(tmp_path)
    return session_home


@pytest.fixture
def new_home(tmp_path, monkeypatch):
    """A home without a daemon: `run` has to start it."""
    monkeypatch.chdir(tmp_path)
    home = Home()
    yield home
    home.close()


@pytest.fixture(params=["daemon-runs", "run-starts-daemon"])
def any_home(request):
    return request.getfixturevalue("home" if request.param == "daemon-runs" else "new_home")
