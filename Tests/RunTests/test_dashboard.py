"""`portctl dashboard --watch` in a terminal: kept up to date, fitted to the window, and gone without a trace."""

import os
import re
import signal
import socket
import subprocess
import termios

import pytest

from conftest import PATIENCE, PORTCTL, Terminal, wait_for_stop

ENTERED = rb"\x1b\[\?1049h\x1b\[\?25l"
LEFT = rb"\x1b\[\?25h\x1b\[\?1049l"


@pytest.fixture
def screen(new_home):
    new_home.environment["PORT_SERVER_POOLS_REGISTRY"] = "28000-28999"
    assert new_home.portctl("group", "allocate", "3", "--roles", "frontend,backend,test", "--app", "shop").returncode == 0
    with Terminal([PORTCTL, "dashboard", "--watch"], environment=new_home.environment, size=(24, 60)) as terminal:
        terminal.home = new_home
        terminal.wait_for(ENTERED)
        terminal.wait_for(rb"test +28002  \[FREE\]")
        yield terminal


def mode(terminal):
    return termios.tcgetattr(terminal.controller)


def test_a_server_that_comes_shows_by_itself(screen):
    with socket.create_server(("127.0.0.1", 28001)):
        screen.wait_for(rb"backend +28001  \[ACTIVE\] \S+ \(PID %d\)" % os.getpid())
    screen.wait_for(rb"backend +28001  \[FREE\]")


def test_an_allocation_that_is_made_shows_by_itself(screen):
    assert screen.home.portctl("allocate", "--app", "other", "--service", "db").returncode == 0
    screen.wait_for(rb"App: other.*db +28003  \[FREE\]")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_and_leaves_the_terminal_as_it_was(new_home, number):
    with Terminal(environment=new_home.environment) as terminal:
        before = mode(terminal)
        terminal.process = subprocess.Popen(
            [PORTCTL, "dashboard", "--watch"],
            env=new_home.environment,
            stdin=terminal.replica,
            stdout=terminal.replica,
            stderr=terminal.replica,
            preexec_fn=terminal.adopt,
        )
        terminal.wait_for(ENTERED)
        assert mode(terminal) != before
        if number == signal.SIGINT:
            terminal.type(b"\x03")
        else:
            terminal.process.send_signal(number)
        assert terminal.process.wait(PATIENCE) == -number
        terminal.wait_for(LEFT)
        assert mode(terminal) == before


def test_q_ends_it(screen):
    screen.type(b"q")
    left, status = screen.end()
    assert status == 0 and re.search(LEFT + rb"$", left)


def test_it_fits_the_window_also_after_a_change_of_its_size(screen):
    screen.seen = b""
    termios.tcsetwinsize(screen.controller, (5, 20))
    frame = screen.wait_for(rb"\x1b\[H(.*?)\x1b\[0m")[1]
    while b"more lines" not in frame:
        frame = screen.wait_for(rb"\x1b\[H(.*?)\x1b\[0m")[1]
    lines = [line.replace(b"\x1b[2K", b"").strip(b"\r").decode() for line in frame.split(b"\n")]
    assert len(lines) == 5 and lines[-1].startswith("… 4 more lines"), lines
    assert all(len(line) <= 20 for line in lines)
    # The first line is cut off.
    assert lines[0] == "portctl - Port Alloc"


def test_it_can_be_stopped_and_continued(screen):
    screen.process.send_signal(signal.SIGTSTP)
    assert os.WIFSTOPPED(wait_for_stop(screen.process.pid))
    screen.wait_for(LEFT)
    screen.process.send_signal(signal.SIGCONT)
    screen.wait_for(ENTERED)
    screen.wait_for(rb"frontend +28000")


def test_it_outlives_the_daemon_and_does_not_start_it(screen):
    assert screen.home.portctl("stop").returncode == 0
    screen.wait_for(rb"port-server is not running; waiting for it")
    assert screen.home.portctl("start").returncode == 0
    screen.wait_for(rb"frontend +28000")


def test_hostile_names_do_not_move_the_cursor(new_home):
    # Names are refused by the registry; what a process calls itself is not.
    new_home.environment["PORT_SERVER_POOLS_REGISTRY"] = "28000-28999"
    assert new_home.portctl("allocate", "--app", "shop", "--service", "web").returncode == 0
    program = (
        "import ctypes, socket, sys; ctypes.CDLL(None).prctl(15, b'\\x1b[2Jevil\\n'); "
        "s = socket.create_server(('127.0.0.1', 28000)); print('ready', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        ["python3", "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as server:
        assert server.stdout.readline() == b"ready\n"
        for words in (["dashboard"], ["ps"], ["who", "28000"], ["kill", "28000"]):
            answer = new_home.portctl(*words)
            assert "�[2Jevil".encode() in answer.stdout + answer.stderr, answer
            assert b"\x1b" not in answer.stdout + answer.stderr, answer
        server.stdin.close()


def test_without_a_terminal_it_says_so(new_home):
    answer = new_home.portctl("dashboard", "--watch")
    assert answer.returncode == 1 and b"--watch needs a terminal" in answer.stderr and answer.stdout == b""
