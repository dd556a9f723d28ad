"""`portctl dashboard --watch` in a terminal: it shows changes, fits the window, and restores the terminal."""

import os
import re
import signal
import socket
import subprocess
import termios

import pytest

from conftest import PORTCTL, TIMEOUT, Terminal, free_ports, preparation, wait_for_stop

ENTERED = rb"\x1b\[\?1049h\x1b\[\?25l"
LEFT = rb"\x1b\[\?25h\x1b\[\?1049l"


@pytest.fixture
def first(new_home):
    """The first port of the pool of `new_home`: the ports from it on are granted in their order."""
    first = free_ports(10, 28000)
    new_home.environment["PORT_SERVER_POOLS_REGISTRY"] = f"{first}-{first + 9}"
    return first


@pytest.fixture
def screen(new_home, first):
    roles = "frontend,backend,test"
    assert new_home.portctl("group", "allocate", "3", "--roles", roles, "--app", "shop").returncode == 0
    with Terminal([PORTCTL, "dashboard", "--watch"], environment=new_home.environment, size=(24, 60)) as terminal:
        terminal.home = new_home
        terminal.wait_for(ENTERED)
        terminal.wait_for(rb"test +%d  \[FREE\]" % (first + 2))
        yield terminal


def mode(terminal):
    return termios.tcgetattr(terminal.controller)


def test_new_listener_appears(screen, first):
    with socket.create_server(("127.0.0.1", first + 1)):
        screen.wait_for(rb"backend +%d  \[ACTIVE\] \S+ \(PID %d\)" % (first + 1, os.getpid()))
    screen.wait_for(rb"backend +%d  \[FREE\]" % (first + 1))


def test_new_allocation_appears(screen, first):
    assert screen.home.portctl("allocate", "--app", "other", "--service", "db").returncode == 0
    screen.wait_for(rb"App: other.*db +%d  \[FREE\]" % (first + 3))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_ends_it_and_restores_the_terminal(new_home, number):
    with Terminal(environment=new_home.environment) as terminal:
        before = mode(terminal)
        terminal.process = subprocess.Popen(
            [PORTCTL, "dashboard", "--watch"],
            env=new_home.environment,
            stdin=terminal.replica,
            stdout=terminal.replica,
            stderr=terminal.replica,
            restore_signals=False,
            preexec_fn=preparation(terminal.adopt),
        )
        terminal.wait_for(ENTERED)
        assert mode(terminal) != before
        if number == signal.SIGINT:
            terminal.type(b"\x03")
        else:
            terminal.process.send_signal(number)
        assert terminal.process.wait(TIMEOUT) == -number
        terminal.wait_for(LEFT)
        assert mode(terminal) == before


def test_q_ends_it(screen):
    screen.type(b"q")
    left, status = screen.end()
    assert status == 0 and re.search(LEFT + rb"$", left)


def test_output_fits_the_window_after_a_resize(screen):
    screen.seen = b""
    termios.tcsetwinsize(screen.controller, (5, 20))
    frame = screen.wait_for(rb"\x1b\[H(.*?)\x1b\[0m")[1]
    while b"more lines" not in frame:
        frame = screen.wait_for(rb"\x1b\[H(.*?)\x1b\[0m")[1]
    lines = [line.replace(b"\x1b[2K", b"").strip(b"\r").decode() for line in frame.split(b"\n")]
    assert len(lines) == 5 and lines[-1].startswith("… 4 more lines"), lines
    assert all(len(line) <= 20 for line in lines)
    # Longer lines are truncated.
    assert lines[0] == "portctl - Port Alloc"


def test_it_can_be_stopped_and_continued(screen, first):
    screen.process.send_signal(signal.SIGTSTP)
    assert os.WIFSTOPPED(wait_for_stop(screen.process.pid))
    screen.wait_for(LEFT)
    screen.process.send_signal(signal.SIGCONT)
    screen.wait_for(ENTERED)
    screen.wait_for(rb"frontend +%d" % first)


def test_it_outlives_the_daemon_and_does_not_start_it(screen, first):
    assert screen.home.portctl("stop").returncode == 0
    screen.wait_for(rb"port-server is not running; waiting for it")
    assert screen.home.portctl("start").returncode == 0
    screen.wait_for(rb"frontend +%d" % first)


def test_hostile_names_do_not_move_the_cursor(new_home, first):
    # The registry refuses such names of services; a process may set any name for itself.
    assert new_home.portctl("allocate", "--app", "shop", "--service", "web").returncode == 0
    program = (
        "import ctypes, socket, sys; ctypes.CDLL(None).prctl(15, b'\\x1b[2Jevil\\n'); "
        f"s = socket.create_server(('127.0.0.1', {first})); print('ready', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        ["python3", "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as server:
        assert server.stdout.readline() == b"ready\n"
        for words in (["dashboard"], ["ps"], ["who", str(first)], ["kill", str(first)]):
            answer = new_home.portctl(*words)
            assert "�[2Jevil".encode() in answer.stdout + answer.stderr, answer
            assert b"\x1b" not in answer.stdout + answer.stderr, answer
        server.stdin.close()


def test_watch_without_a_terminal_is_an_error(new_home):
    answer = new_home.portctl("dashboard", "--watch")
    assert answer.returncode == 1 and b"--watch needs a terminal" in answer.stderr and answer.stdout == b""
