"""What a command inherits, and which processes are beside it: started directly and under `portctl run`."""

import contextlib
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess

import pytest
from conftest import PYTHON, RUN, SIGNALS, TIMEOUT, preparation, stat


# Signals


def signals(home, starter, prepare):
    """Returns the signals that are pending, blocked, ignored and caught in a command. cat(1) changes none of them."""
    code, output, complaint = home.completed([*starter, "cat", "/proc/self/status"], prepare=prepare)
    assert code == 0, complaint
    masks = dict(re.findall(r"^(SigPnd|ShdPnd|SigBlk|SigIgn|SigCgt):\t(\w+)$", output.decode(), re.MULTILINE))
    seen = {name: {bit + 1 for bit in range(64) if int(mask, 16) >> bit & 1} for name, mask in masks.items()}
    # Programs cannot set the signals of the C library; they are as pytest inherited them.
    return {name: numbers & signal.valid_signals() for name, numbers in seen.items()}


def block(*numbers):
    signal.pthread_sigmask(signal.SIG_BLOCK, numbers)


def ignore(*numbers):
    for number in numbers:
        signal.signal(number, signal.SIG_IGN)


# What a starter does before it starts the command, and with which signals.
STARTERS = {
    "default": (ignore, ()),
    "blocks-USR1": (block, (signal.SIGUSR1,)),
    "blocks-CHLD": (block, (signal.SIGCHLD,)),
    "blocks-every-signal": (block, SIGNALS),
    "ignores-PIPE": (ignore, (signal.SIGPIPE,)),
    "ignores-INT": (ignore, (signal.SIGINT,)),
    "ignores-CHLD": (ignore, (signal.SIGCHLD,)),
    "ignores-every-signal": (ignore, SIGNALS),
}


@pytest.mark.parametrize("how", STARTERS)
def test_command_inherits_signal_mask_and_dispositions(any_home, how):
    change, numbers = STARTERS[how]
    seen = any_home.same(lambda starter: signals(any_home, starter, lambda: change(*numbers)))
    nothing = {"SigPnd": set(), "ShdPnd": set(), "SigBlk": set(), "SigIgn": set(), "SigCgt": set()}
    assert seen == {**nothing, "SigBlk" if change is block else "SigIgn": set(numbers)}


def test_pending_blocked_signal_stays_pending_for_the_command(any_home):
    def leave_pending():
        block(signal.SIGUSR1)
        os.kill(os.getpid(), signal.SIGUSR1)

    seen = any_home.same(lambda starter: signals(any_home, starter, leave_pending))
    assert seen["ShdPnd"] == {signal.SIGUSR1}


def test_command_under_nohup_ignores_hangup(any_home):
    seen = any_home.same(lambda starter: signals(any_home, ["nohup", *starter], ignore))
    assert seen["SigIgn"] == {signal.SIGHUP}


# Descriptors


def descriptors(pid):
    """Returns the target, the position and the flags of each open descriptor; close-on-exec is one of the flags."""
    directory = f"/proc/{pid}/fd"
    return {
        int(number): (os.readlink(f"{directory}/{number}"), pathlib.Path(f"{directory}info/{number}").read_text())
        for number in os.listdir(directory)
    }


def test_command_inherits_exactly_the_open_descriptors(any_home):
    seen = any_home.same(lambda starter: any_home.frozen(starter, descriptors))
    assert {0, 1, 2} <= seen.keys()


@pytest.mark.parametrize("number", [3, 9, 200])
def test_passed_descriptor_reaches_the_command(any_home, tmp_path, number):
    path = tmp_path / "passed"
    path.write_text("some text")
    with open(path, "r+b", buffering=0) as file:
        file.seek(4)
        os.set_blocking(file.fileno(), False)
        seen = any_home.same(
            lambda starter: any_home.frozen(starter, descriptors, prepare=lambda: os.dup2(file.fileno(), number))
        )
    target, details = seen[number]
    assert target == str(path) and "pos:\t4\n" in details and int(details.split("flags:\t")[1][:7], 8) & os.O_NONBLOCK


@pytest.mark.parametrize("closed", [(0,), (1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2)], ids=str)
def test_closed_standard_streams_stay_closed(any_home, closed):
    def close():
        for number in closed:
            os.close(number)

    seen = any_home.same(lambda starter: any_home.frozen(starter, descriptors, prepare=close))
    assert {0, 1, 2} & seen.keys() == {0, 1, 2} - set(closed)


# Everything else that a process inherits


def attributes(pid):
    """Returns what execve(2) keeps beside descriptors, signals and the environment."""
    process = pathlib.Path(f"/proc/{pid}")
    kept = "Umask|PPid|TracerPid|Uid|Gid|Groups|Cap\\w+|NoNewPrivs|Seccomp|Cpus_allowed|Mems_allowed|Threads"
    return {
        "status": re.findall(f"^(?:{kept}):.*", (process / "status").read_text(), re.MULTILINE),
        "nice": os.getpriority(os.PRIO_PROCESS, pid),
        "scheduler": os.sched_getscheduler(pid),
        "processors": os.sched_getaffinity(pid),
        "limits": (process / "limits").read_text(),
        "directory": os.readlink(os.fsencode(process / "cwd")),
        "root": os.readlink(process / "root"),
        **{name: (process / name).read_text() for name in ("cgroup", "oom_score_adj", "comm")},
    }


def test_command_inherits_limits_priority_and_directory(any_home):
    assert any_home.same(lambda starter: any_home.frozen(starter, attributes))["directory"] == os.fsencode(os.getcwd())


@pytest.mark.parametrize("mask", [0o000, 0o027, 0o777], ids="{:03o}".format)
def test_umask_is_inherited(home, mask):
    seen = home.same(lambda starter: home.frozen(starter, attributes, prepare=lambda: os.umask(mask)))
    assert f"Umask:\t{mask:04o}" in seen["status"]


def test_niceness_and_cpu_affinity_are_inherited(any_home):
    processors = {min(os.sched_getaffinity(0))}

    def prepare():
        os.nice(7)
        os.sched_setaffinity(0, processors)

    seen = any_home.same(lambda starter: any_home.frozen(starter, attributes, prepare=prepare))
    assert (seen["nice"] - os.getpriority(os.PRIO_PROCESS, 0), seen["processors"]) == (7, processors)


def test_resource_limits_are_inherited(any_home):
    def prepare():
        resource.setrlimit(resource.RLIMIT_NOFILE, (100, 200))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 1 << 20))
        resource.setrlimit(resource.RLIMIT_STACK, (4 << 20, 16 << 20))
        resource.setrlimit(resource.RLIMIT_CPU, (1000, 2000))

    limits = any_home.same(lambda starter: any_home.frozen(starter, attributes, prepare=prepare))["limits"]
    assert re.search(r"Max open files +100 +200 ", limits) and re.search(r"Max cpu time +1000 +2000 ", limits)


@pytest.mark.parametrize("name", [b"two words", "\N{SNOWMAN}".encode(), b"\xff\xfe"], ids=ascii)
def test_working_directory_is_inherited(home, tmp_path, name):
    directory = os.path.join(os.fsencode(tmp_path), name)
    os.mkdir(directory)
    seen = home.same(lambda starter: home.frozen(starter, attributes, directory=directory))
    assert seen["directory"] == directory


# Environment and arguments


def environment(pid):
    """Returns the entries of the environment in their order, except for the command's port and portctl's own."""
    entries = pathlib.Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    return [entry for entry in entries if not entry.startswith((b"PORT=", b"PORTCTL_"))]


def test_environment_is_inherited_except_for_the_port_and_variables_of_portctl(any_home):
    given = {
        **{os.fsencode(name): os.fsencode(value) for name, value in any_home.environment.items()},
        **{b"EMPTY": b"", b"SPACES": b" a  b\n", b"EQUALS": b"a=b=", b"BYTES": b"\xff\xfe", b"\xff": b"name"},
        **{b"PORTAL": b"$PORT", b"NO_COLOR": b"1", b"PORT_SERVER_READY_FD": b"99"},
    }
    seen = any_home.same(lambda starter: any_home.frozen(starter, environment, environment=given))
    assert seen == [name + b"=" + value for name, value in given.items()] + [b""]


def test_port_replaces_an_inherited_port_variable(home):
    def ports(pid):
        entries = pathlib.Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        return [entry for entry in entries if entry.startswith(b"PORT=")]

    given = {**home.environment, "PORT": "none"}
    (entry,) = home.frozen(RUN, ports, environment=given)
    assert re.fullmatch(rb"PORT=\d+", entry)


def test_variable_of_portctl_that_is_set_already_is_inherited(home):
    def own(pid):
        entries = pathlib.Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        return [entry for entry in entries if entry.startswith(b"PORTCTL_X_")]

    given = {os.fsencode(name): os.fsencode(value) for name, value in home.environment.items()}
    for value in (b"", b"4000", b"\xff"):
        assert home.frozen(RUN, own, environment={**given, b"PORTCTL_X_PORT": value}) == [b"PORTCTL_X_PORT=" + value]
    (entry,) = home.frozen(RUN, own, environment=given)
    assert re.fullmatch(rb"PORTCTL_X_PORT=\d+", entry)


def arguments(home, words):
    """Returns the arguments of a shell that is started with these words, as the kernel has them."""
    script = 'cat "/proc/$$/cmdline"; exit 0'

    def observe(starter):
        code, output, complaint = home.completed([*starter, "sh", "-c", script, *words])
        assert code == 0, complaint
        return output.split(b"\0")[3:-1]

    return home.same(observe)


@pytest.mark.parametrize(
    "words",
    [
        [b"two words", b" ", b"", b"", b"\t\n\r\n"],
        [b"'", b'"', b"\\", b"`id`", b"$(id)", b"$HOME", b"$$", b"*", b"~", b"!!", b"a'b\"c"],
        [b"--", b"-", b"--quiet", b"--help", b"-h", b"--version", b"--port", b"1", b"--", b"x"],
        [b"--generate-completion-script", b"--experimental-dump-help", b"@file"],
        [b"$PORTAL", b"$POR", b"{ports}", b"${PORTS}", b"{{}}", b"$", b"{port", b"PORT"],
        [text.encode() for text in ("\N{SNOWMAN}", "e\u0301", "\u00e9", "\ufeff", "\U0001f1e9\U0001f1ea")],
        [b"\x01\x7f\x1b[0m", b"x" * 100_000],
    ],
    ids=["blanks-and-nothing", "quotes", "options", "hidden-options", "near-placeholders", "utf-8", "control-and-long"],
)
def test_arguments_arrive_unchanged(home, words):
    assert arguments(home, words) == words


@pytest.mark.parametrize("word", [b"\xff\xfe", b"caf\xe9 two", b"\xc3", b"\xed\xa0\x80", b"\xc0\x80"], ids=ascii)
def test_argument_that_is_not_utf_8_arrives_unchanged(home, word):
    assert arguments(home, [word]) == [word]


def test_command_with_a_name_that_is_not_utf_8_is_found(home, tmp_path):
    path = os.path.join(os.fsencode(tmp_path), b"\xff\xfe")
    os.symlink(shutil.which("echo"), path)
    assert home.same(lambda starter: home.completed([*starter, path, "text"])) == (0, b"text\n", b"")


# Processes beside the command


def descendants(root):
    """Returns the name and executable of each descendant of process `root`."""
    children = {}
    for directory in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            children.setdefault(stat(directory.name)[0], []).append(int(directory.name))
    found, level = [], children.get(root, [])
    while level:
        found += level
        level = [child for pid in level for child in children.get(pid, [])]
    return [
        (pathlib.Path(f"/proc/{pid}/comm").read_text().strip(), os.path.basename(os.readlink(f"/proc/{pid}/exe")))
        for pid in found
    ]


def test_no_portctl_process_remains_beside_the_command(any_home):
    waiter = """
import os
try:
    print("child", os.waitpid(-1, os.WNOHANG), flush=True)
except ChildProcessError:
    print("no child", flush=True)
input()
"""

    def tree(starter):
        # The shell stays, so that every process that the starter leaves beside the command is its descendant.
        command = ["sh", "-c", '"$@"; exit 0', "sh", *starter, *PYTHON, waiter]
        shell = subprocess.Popen(
            command,
            env=any_home.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            preexec_fn=preparation(),
        )
        with shell:
            children = shell.stdout.readline()
            below = descendants(shell.pid)
            shell.communicate(b"\n", timeout=TIMEOUT)
        return children, below

    children, below = any_home.same(tree)
    assert children == b"no child\n" and len(below) == 1
    assert any_home.portctl("status").returncode == 0
