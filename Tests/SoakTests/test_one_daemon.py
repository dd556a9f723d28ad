"""Promise 4: a home has one daemon, whatever files are in it or are removed."""

import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess

import pytest
from conftest import BINARIES, Client, Daemon, wait_until

CROWD = 50
ROUNDS = 20
NAMES = {"app": "shop", "instance": "main", "service": "web"}


def start_at_once(daemon, *command, **environment):
    """Starts processes that wait at a pipe, so that all execute the command at the same time."""
    reading, writing = os.pipe()
    processes = [
        subprocess.Popen(
            ["sh", "-c", 'read go; exec "$@"', "sh", *command],
            env=daemon.environment | environment,
            stdin=reading,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(CROWD)
    ]
    os.close(reading)
    os.close(writing)
    return processes


def pids_of_daemons():
    """Returns the pids of the daemons in this pid namespace, which no other test shares."""
    found = []
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            program = os.readlink(process / "exe")
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has just ended, or is a zombie
        if program == str(BINARIES / "port-server"):
            found.append(int(process.name))
    return found


def status(daemon):
    return daemon.client().send("GET", "/v1/status")


def already_running(home):
    return f"port-server: a daemon for {home} is already running (see portctl status)\n"


def start_in_vain(daemon):
    """Starts a second daemon on the home of a running one, which must refuse to start."""
    second = subprocess.run(
        [BINARIES / "port-server", "--listen", "127.0.0.1:0"],
        env=daemon.environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (second.returncode, second.stderr) == (1, already_running(daemon.home))


def over_tcp(address, method, path, body=None):
    client = Client(socket.create_connection(address, timeout=20))
    answer = client.send(method, path, body, {"Host": "{}:{}".format(*address)})
    client.close()
    return answer


@pytest.fixture
def running(daemon):
    return daemon.start()


@pytest.fixture
def bystander():
    """A process that no test may signal."""
    process = subprocess.Popen(["sleep", "1000"])
    yield process
    process.kill()
    process.wait()


# Many starts at once.


def test_one_of_fifty_daemons_started_at_once_survives(daemon, figure):
    for _ in range(ROUNDS):
        processes = start_at_once(daemon, BINARIES / "port-server", "--listen", "127.0.0.1:0")
        wait_until(lambda: sum(process.poll() is not None for process in processes) >= CROWD - 1, "all but one end")
        survivor, = [process for process in processes if process.poll() is None]
        losers = [process for process in processes if process is not survivor]
        assert {(loser.returncode, loser.stderr.read()) for loser in losers} == {(1, already_running(daemon.home))}
        assert survivor.stderr.readline() == f"port-server: ready (pid {survivor.pid})\n"
        assert status(daemon)[1]["pid"] == survivor.pid
        assert pids_of_daemons() == [survivor.pid]
        # The socket and the pid file remain for the next round.
        survivor.kill()
        survivor.wait()
    figure(
        f"{ROUNDS} times {CROWD} daemons started at once on one home: 1 survivor each time",
        f"{ROUNDS} times {CROWD} starts: 1 daemon each time",
    )


def test_fifty_commands_at_once_start_one_daemon(daemon, figure):
    for _ in range(5):
        processes = start_at_once(daemon, BINARIES / "portctl", "port", "shop/main/web", PORTCTL_AUTOSTART="1")
        outputs = [process.communicate(timeout=60) for process in processes]
        pid, = pids_of_daemons()
        assert {(process.returncode, output) for process, (output, _) in zip(processes, outputs)} == {(0, "3000\n")}
        notes = "".join(notes for _, notes in outputs)
        # The tests run in a network namespace of their own, which the command that starts the daemon says.
        notes = re.sub(r"warning: port-server runs in a network namespace of its own.*\n", "", notes)
        assert notes == f"port-server started (pid {pid})\n"
        assert status(daemon)[1]["pid"] == pid
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: pids_of_daemons() == [], "the daemon's end")
    figure(
        f"5 times {CROWD} commands at once without a daemon: 1 daemon, and all print the same port",
        f"5 times {CROWD} commands: 1 daemon, 1 port",
    )


# The pid file.


def test_stale_pid_file_causes_no_signal_to_another_process(daemon, bystander, figure):
    pid_file = pathlib.Path(daemon.home, "port-server.pid")
    for words in (["stop"], ["restart"], ["status"], ["doctor"]):
        pid_file.write_text(f"{bystander.pid}\n")
        daemon.portctl(*words)
        assert bystander.poll() is None, f"portctl {words[0]} ended the process"
        assert pids_of_daemons() == []
    pid_file.write_text(f"{bystander.pid}\n")
    daemon.start()
    assert bystander.poll() is None
    assert pid_file.read_text() == f"{daemon.process.pid}\n"
    figure("a stale pid file that names another process: no process signalled", "0 signals")


def test_stop_ignores_a_pid_file_that_names_another_process(running, bystander, figure):
    pathlib.Path(running.home, "port-server.pid").write_text(f"{bystander.pid}\n")
    stop = running.portctl("stop")
    assert (stop.returncode, stop.stdout) == (0, f"port-server stopped (pid {running.process.pid})\n")
    assert running.process.wait(timeout=20) == 0
    assert bystander.poll() is None
    figure("a pid file that names another process: stop ends the daemon, not that process", "only the daemon ends")


def test_wrong_pid_file_without_a_socket_causes_no_signal(running, bystander, figure):
    pathlib.Path(running.home, "port-server.pid").write_text(f"{bystander.pid}\n")
    os.unlink(running.socket_path)
    for words in (["stop"], ["restart"]):
        command = running.portctl(*words)
        assert command.returncode == 1 and "does not listen on" in command.stderr, command
    assert (running.process.poll(), bystander.poll()) == (None, None)
    figure("a pid file that names another process, and no socket: no process signalled", "0 signals")


# Files that are removed or moved.


def test_daemon_keeps_its_home_without_pid_file_and_socket(running, figure):
    tcp = running.tcp
    for name in ("port-server.pid", "port-server.sock"):
        os.unlink(os.path.join(running.home, name))
        start_in_vain(running)
        assert over_tcp(tcp, "GET", "/v1/status")[1]["pid"] == running.process.pid
    assert over_tcp(tcp, "POST", "/v1/allocations", NAMES)[0] == 201
    figure("pid file and socket removed: no second daemon, and the first answers over TCP", "no second daemon")


def test_suspended_daemon_keeps_its_home(running, figure):
    running.process.send_signal(signal.SIGSTOP)
    start_in_vain(running)
    running.process.send_signal(signal.SIGCONT)
    assert status(running)[0] == 200
    figure("a daemon that is suspended by SIGSTOP: no second one", "no second daemon")


@pytest.fixture
def moved(running):
    """A daemon whose home was moved away, its TCP address, and another daemon that has a new home in that place."""
    tcp = running.tcp
    assert over_tcp(tcp, "POST", "/v1/allocations", NAMES)[0] == 201
    os.rename(running.home, f"{running.home}.away")
    second = Daemon(home=running.home).start()
    yield running, tcp, second
    second.remove()
    running.home = f"{running.home}.away"


def test_daemon_of_a_moved_home_refuses_changes(moved, figure):
    _, tcp, second = moved
    try:
        refusal = over_tcp(tcp, "POST", "/v1/allocations", dict(NAMES, service="api"))
        assert (refusal[0], refusal[1]["code"]) == (503, "storage_failed")
        assert over_tcp(tcp, "DELETE", "/v1/allocations", NAMES)[0] == 503
    except (ConnectionRefusedError, ConnectionResetError):
        pass  # it has already ended by itself
    assert status(second)[1]["pid"] == second.process.pid
    assert second.client().send("POST", "/v1/allocations", NAMES)[0] == 201
    figure(
        "a home moved away and created again: the old daemon refuses every change, the new one works",
        "the old daemon refuses changes, the new one works",
    )


def test_daemon_of_a_moved_home_ends_and_leaves_the_new_home_alone(moved, figure):
    first, _, second = moved
    assert first.process.wait(timeout=60) == 1
    assert second.process.poll() is None
    assert {"port-server.pid", "port-server.sock"} <= set(os.listdir(second.home)), "it removed files of the new daemon"
    assert status(second)[1]["pid"] == second.process.pid
    figure(
        "a home moved away and created again: the old daemon ends by itself and leaves the new one's files",
        "the old daemon ends by itself",
    )


def test_daemon_of_a_removed_home_ends(running, figure):
    shutil.rmtree(running.home)
    assert running.process.wait(timeout=60) == 1
    figure("a home that was removed: its daemon ends by itself", "the daemon ends by itself")
