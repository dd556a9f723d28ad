"""A command at a terminal: its input, keys and job control, the window size, and hang-ups."""

import os
import pathlib
import re
import signal
import termios

import pytest
from conftest import TIMEOUT, PYTHON, SHELLS, stat

# The si_code of signals that the kernel sends.
SI_KERNEL = 128
KEYS = pytest.mark.parametrize(
    "key, number", [(b"\x03", signal.SIGINT), (b"\x1c", signal.SIGQUIT)], ids=["ctrl-c", "ctrl-backslash"]
)


# Input


def test_typed_lines_reach_the_command_until_end_of_file(home):
    def output(starter):
        with home.terminal([*starter, "sed", "-u", "s/.*/got <&>/"]) as terminal:
            terminal.type(b"one\n")
            terminal.wait_for(rb"got <one>\r\n")
            terminal.type(b"two words\n")
            terminal.wait_for(rb"got <two words>\r\n")
            terminal.type(b"\x04")
            return terminal.end()

    assert home.same(output) == (b"", 0)


def test_lines_typed_before_the_command_starts_reach_it(home):
    def output(starter):
        gate = 'read line; echo "gate <$line>"; exec "$@"'
        with home.terminal(["sh", "-c", gate, "sh", *starter, "sed", "-u", "s/.*/got <&>/"]) as terminal:
            terminal.type(b"one\ntwo\n\x04")
            return re.findall(rb"\w+ <\w+>", terminal.end()[0])

    assert home.same(output) == [b"gate <one>", b"got <two>"]


@pytest.mark.parametrize("data", [b"", b"one\ntwo", bytes(range(256)) * 4096], ids=["nothing", "lines", "megabyte"])
def test_piped_input_reaches_the_command(home, data):
    assert home.same(lambda starter: home.completed([*starter, "cat"], input=data))[:2] == (0, data)


def test_command_reads_the_rest_of_a_partly_read_file(home, tmp_path):
    (tmp_path / "file").write_bytes(b"first\nsecond\n")

    def output(starter):
        with open(tmp_path / "file", "rb") as file:
            return home.completed(["sh", "-c", 'read line; exec "$@"', "sh", *starter, "cat"], stdin=file)

    assert home.same(output) == (0, b"second\n", b"")


# Keys, and job control


@KEYS
def test_key_sends_the_command_exactly_one_signal(home, key, number):
    # The signals are blocked and stay pending, so that none is missed. The kernel must be the sender, not a wrapper.
    counter = f"""
import signal
signals = {{{number:d}}}
signal.pthread_sigmask(signal.SIG_BLOCK, signals)
print("counting", flush=True)
count, senders = 0, []
def record(info):
    global count
    count += 1
    senders.append((info.si_code, info.si_pid))
record(signal.sigwaitinfo(signals))
print("first", flush=True)
input()
while info := signal.sigtimedwait(signals, 0):
    record(info)
print("count", count, *senders)
"""

    def counted(starter):
        with home.terminal([*starter, *PYTHON, counter]) as terminal:
            terminal.wait_for(rb"counting\r\n")
            terminal.type(key)
            terminal.wait_for(rb"first\r\n")
            terminal.type(b"\n")
            return terminal.wait_for(rb"count (.*?)\r\n")[1], terminal.end()[1]

    assert home.same(counted) == (b"1 (%d, 0)" % SI_KERNEL, 0)


@KEYS
def test_key_signal_ends_a_command_without_a_handler(home, key, number):
    def code(starter):
        with home.terminal([*starter, "sh", "-c", "ulimit -c 0; echo running; exec cat"]) as terminal:
            terminal.wait_for(rb"running\r\n")
            terminal.type(key)
            return terminal.end()[1]

    assert home.same(code) == -number


@pytest.mark.parametrize("shell", SHELLS)
def test_interactive_shell_reports_130_after_ctrl_c(home, shell):
    def status(starter):
        with home.shell(shell, starter) as terminal:
            terminal.enter("$RUN sh -c 'echo $((40 + 2)); exec cat'")
            terminal.wait_for(rb"\r\n42\r\n")
            terminal.type(b"\x03")
            terminal.wait_for_prompt()
            return terminal.status()

    assert home.same(status) == 130


@pytest.mark.parametrize("shell", SHELLS)
def test_interactive_shell_stops_the_command_with_ctrl_z_and_continues_it_with_fg(home, shell):
    def status(starter):
        with home.shell(shell, starter) as terminal:
            terminal.enter("$RUN sed -u 's/.*/got <&>/'")
            terminal.type(b"one\n")
            terminal.wait_for(rb"got <one>\r\n")
            terminal.type(b"\x1a")
            terminal.wait_for(rb"Stopped")
            terminal.wait_for_prompt()
            stopped = terminal.status()
            terminal.enter("jobs")
            terminal.wait_for(rb"Stopped")
            terminal.wait_for_prompt()
            terminal.enter("fg")
            terminal.wait_for(rb"fg\r\n.*?sed.*?\r\n")
            terminal.type(b"two\n")
            terminal.wait_for(rb"got <two>\r\n")
            terminal.type(b"\x04")
            terminal.wait_for_prompt()
            return stopped, terminal.status()

    assert home.same(status) == (128 + signal.SIGTSTP, 0)


@pytest.mark.parametrize("shell", SHELLS)
def test_interactive_shell_continues_the_command_with_bg_and_ends_it_by_job_number(home, shell):
    def status(starter):
        with home.shell(shell, starter) as terminal:
            terminal.enter("$RUN sh -c 'echo $((40 + 2)); exec sleep 1000'")
            terminal.wait_for(rb"\r\n42\r\n")
            terminal.type(b"\x1a")
            terminal.wait_for(rb"Stopped")
            terminal.wait_for_prompt()
            terminal.enter("bg")
            terminal.wait_for_prompt()
            terminal.enter("jobs")
            terminal.wait_for(rb"Running")
            terminal.wait_for_prompt()
            terminal.enter("kill %1; wait %1")
            terminal.wait_for_prompt()
            return terminal.status()

    assert home.same(status) == 128 + signal.SIGTERM


@pytest.mark.parametrize(
    "command, number",
    [(["cat"], signal.SIGTTIN), (["sh", "-c", "stty tostop; echo text"], signal.SIGTTOU)],
    ids=["reads", "writes"],
)
def test_command_in_the_background_is_stopped_when_it_uses_the_terminal(home, command, number):
    starter_of_job = """
import os, sys
pid = os.fork()
if pid == 0:
    os.setpgid(0, 0)
    os.execvp(sys.argv[1], sys.argv[1:])
status = os.waitpid(pid, os.WUNTRACED)[1]
print("stopped by", os.WSTOPSIG(status) if os.WIFSTOPPED(status) else "nothing")
os.killpg(pid, 9)
"""

    def stop(starter):
        with home.terminal([*PYTHON, starter_of_job, *starter, *command]) as terminal:
            return terminal.wait_for(rb"stopped by (\w+)\r\n")[1]

    assert home.same(stop) == b"%d" % number


# Window size, settings, and the owner of the terminal


def test_command_sees_the_window_size_and_is_signalled_on_resize(home):
    reporter = """
import os, signal
signals = {signal.SIGWINCH}
signal.pthread_sigmask(signal.SIG_BLOCK, signals)
print("size", *os.get_terminal_size(0), flush=True)
info = signal.sigwaitinfo(signals)
print("size", *os.get_terminal_size(0), info.si_code, flush=True)
input()
print("more", signal.sigtimedwait(signals, 0))
"""

    def sizes(starter):
        with home.terminal([*starter, *PYTHON, reporter], size=(33, 101)) as terminal:
            before = terminal.wait_for(rb"size (.*?)\r\n")[1]
            termios.tcsetwinsize(terminal.controller, (44, 122))
            after = terminal.wait_for(rb"size (.*?)\r\n")[1]
            terminal.type(b"\n")
            return before, after, terminal.wait_for(rb"more (.*?)\r\n")[1]

    assert home.same(sizes) == (b"101 33", b"122 44 %d" % SI_KERNEL, b"None")


def test_terminal_settings_are_unchanged(any_home):
    def settings(starter):
        with any_home.terminal() as terminal:
            chosen = termios.tcgetattr(terminal.replica)
            chosen[0] &= ~termios.ICRNL
            chosen[3] &= ~(termios.ECHO | termios.ICANON | termios.ISIG)
            chosen[6][termios.VMIN] = b"\x03"
            termios.tcsetattr(terminal.replica, termios.TCSANOW, chosen)
            chosen = termios.tcgetattr(terminal.replica)
            seen = any_home.frozen(starter, lambda pid: termios.tcgetattr(terminal.replica), terminal=terminal)
            assert seen == chosen
            return seen

    any_home.same(settings)


def test_command_is_the_started_process_with_its_session_and_terminal(any_home):
    def relations(starter):
        with any_home.terminal() as terminal:

            def inspect(pid):
                parent, group, session, device, foreground = stat(pid)
                # stat(2) and /proc encode device numbers differently.
                number = os.makedev(device >> 8 & 0xFFF, device & 0xFF | device >> 12 & 0xFFF00)
                links = [os.readlink(f"/proc/{pid}/fd/{number}") for number in range(3)]
                return {
                    "parent": parent == os.getpid(),
                    "group": group == pid,
                    "session": session == pid,
                    "terminal": number == terminal.device,
                    "foreground": foreground == pid,
                    "streams": links == [os.ttyname(terminal.replica)] * 3,
                    "name": pathlib.Path(f"/proc/{pid}/comm").read_text(),
                    "arguments": pathlib.Path(f"/proc/{pid}/cmdline").read_bytes(),
                    "tasks": len(os.listdir(f"/proc/{pid}/task")),
                }

            return any_home.frozen(starter, inspect, terminal=terminal)

    seen = any_home.same(relations)
    assert all(seen[what] for what in ("parent", "group", "session", "terminal", "foreground", "streams"))


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    "line, own_group, foreground",
    [
        ("$RUN cat /proc/self/stat", True, True),
        ("true | $RUN cat /proc/self/stat", False, True),
        ("$RUN cat /proc/self/stat & echo started=$!; wait", True, False),
        ("exec $RUN cat /proc/self/stat", True, True),
    ],
    ids=["foreground", "pipeline", "background", "exec"],
)
def test_command_keeps_the_job_control_group_of_the_shell(home, shell, line, own_group, foreground):
    def job(starter):
        with home.shell(shell, starter) as terminal:
            terminal.enter(line)
            # In the background case, "started=" may come before or after the command's line.
            started = rb"(?=.*started=(\d+)\r\n)" if "started" in line else rb"()"
            match = terminal.wait_for(started + rb".*?(\d+) \(cat\) \w ([\d -]+)[^\n]*\n")
            pid = int(match[2])
            parent, group, session, _, terminal_group = (int(word) for word in match[3].split()[:5])
            leader = terminal.process.pid
            assert match[1] in (b"", b"%d" % pid)
            return {
                "same process": pid == leader,
                "parent": parent == (os.getpid() if pid == leader else leader),
                "own group": group == pid,
                "session": session == leader,
                "foreground": group == terminal_group,
            }

    assert home.same(job) == {
        "same process": line.startswith("exec"),
        "parent": True,
        "own group": own_group,
        "session": True,
        "foreground": foreground,
    }


# Hang-up


def test_nohup_redirects_terminal_output_to_its_file(home):
    def outputs(starter):
        command = ["nohup", *starter, "sh", "-c", "kill -HUP $$; echo survived"]
        with home.terminal(command) as terminal:
            shown, code = terminal.end()
        file = pathlib.Path("nohup.out")
        text = file.read_text()
        file.unlink()
        return shown, code, text

    shown, code, text = home.same(outputs)
    assert b"nohup.out" in shown and (code, text) == (0, "survived\n")


@pytest.mark.parametrize("before, code", [([], -signal.SIGHUP), (["nohup"], 0)], ids=["plain", "nohup"])
def test_terminal_hangup_ends_the_command_unless_under_nohup(home, before, code):
    # cat reads from the terminal until it hangs up.
    script = "echo running >&{0}; cat /dev/tty; echo survived >&{0}"

    def ending(starter):
        reading, writing = os.pipe()
        with open(reading, "rb") as report:
            command = [*before, *starter, "bash", "-c", script.format(writing)]
            try:
                terminal = home.terminal(command, passed=[writing])
            finally:
                os.close(writing)
            with terminal:
                assert report.readline() == b"running\n"
                terminal.hang_up()
                return terminal.process.wait(TIMEOUT), report.read()

    assert home.same(ending) == (code, b"" if code else b"survived\n")
