"""How a command ends, as its parent sees it: started directly and under `portctl run`."""

import concurrent.futures
import itertools
import json
import os
import pathlib
import resource
import signal
import sys

import pytest
from conftest import POOL, PORTCTL, RUN, Home

# A shell that executes the words it is given; it exits with 126 or 127 when exec(2) fails.
SHELL = ["sh", "-c", 'exec "$@"', "sh"]

DEADLY = [
    *(signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGILL, signal.SIGTRAP, signal.SIGABRT, signal.SIGBUS),
    *(signal.SIGFPE, signal.SIGKILL, signal.SIGUSR1, signal.SIGSEGV, signal.SIGUSR2, signal.SIGPIPE, signal.SIGALRM),
    *(signal.SIGTERM, signal.SIGXCPU, signal.SIGXFSZ, signal.SIGVTALRM, signal.SIGPROF, signal.SIGIO, signal.SIGSYS),
    *(signal.SIGRTMIN, signal.SIGRTMAX),
]

# Commands that cannot be executed, some in the directory `unusable`, and the exit code of the shell above.
UNUSABLE = {
    "name-not-on-path": ("no-such-command", 127),
    "path-of-nothing": ("{directory}/nothing", 127),
    "path-through-file": ("{directory}/plain/x", 127),
    "link-to-nothing": ("{directory}/dangling", 127),
    "link-to-itself": ("{directory}/loop", 127),
    "name-too-long": ("x" * 300, 127),
    "interpreter-of-nothing": ("{directory}/orphan", 127),
    "interpreter-with-windows-line-end": ("{directory}/windows", 127),
    "loader-of-nothing": ("{directory}/foreign", 127),
    "file-without-permission": ("{directory}/plain", 126),
    "name-without-permission": ("plain", 126),
    "directory": ("{directory}/directory", 126),
    "directory-with-slash": ("{directory}/directory/", 126),
    "name-of-directory": ("directory", 126),
}


def leave_no_core():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def script(path, text, mode=0o755):
    path.write_text(text)
    path.chmod(mode)
    return str(path)


@pytest.fixture
def unusable(tmp_path):
    directory = tmp_path / "unusable"
    (directory / "directory").mkdir(parents=True)
    script(directory / "plain", "#!/bin/sh\n", mode=0o644)
    script(directory / "orphan", "#! /no/such -x\n")
    script(directory / "windows", "#!/bin/sh\r\n")
    # A program for another C library.
    program = pathlib.Path(sys.executable).resolve().read_bytes()
    foreign = directory / "foreign"
    foreign.write_bytes(program.replace(b"/ld-linux", b"/no-linux"))
    foreign.chmod(0o755)
    (directory / "dangling").symlink_to("nothing")
    (directory / "loop").symlink_to("loop")
    return directory


@pytest.fixture(scope="module")
def unused_home():
    """A home with a daemon and no allocations; the tests that use it check that they make none."""
    home = Home()
    home.start()
    yield home
    home.close()


def test_exit_codes_0_to_255_are_passed_through(home, tmp_path):
    loop = 'code=$1; shift; while [ $code -lt 256 ]; do "$@" sh -c "exit $code"; echo $code $?; code=$((code+4)); done'

    def codes(starter):
        def codes_from(first):
            # To `run` another directory is another project, so that the four loops do not share a service.
            directory = tmp_path / str(first)
            directory.mkdir(exist_ok=True)
            code, output, complaint = home.completed(["sh", "-c", loop, "sh", str(first), *starter], cwd=directory)
            assert code == 0
            # Shown when the test fails.
            print(complaint.decode(), end="")
            return [tuple(map(int, line.split())) for line in output.splitlines()]

        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            return sorted(itertools.chain(*pool.map(codes_from, range(4))))

    assert home.same(codes) == [(code, code) for code in range(256)]


def test_parent_sees_the_signal_that_ended_the_command(home):
    def codes(starter):
        return [
            home.completed([*starter, "sh", "-c", f"kill -{number:d} $$"], prepare=leave_no_core)[0]
            for number in DEADLY
        ]

    assert home.same(codes) == [-number for number in DEADLY]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGSEGV])
def test_signal_to_the_started_pid_reaches_the_command(home, number):
    def code(starter):
        def end(pid):
            os.kill(pid, number)
            os.kill(pid, signal.SIGCONT)
            return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

        return home.frozen(starter, end, prepare=leave_no_core)

    assert home.same(code) == -number


@pytest.mark.parametrize("case", UNUSABLE)
def test_unusable_command_exits_as_in_a_shell_and_takes_no_port(unused_home, unusable, case):
    command, expected = UNUSABLE[case]
    command = command.format(directory=unusable)
    environment = {**unused_home.environment, "PATH": f"{os.environ['PATH']}:{unusable}"}

    def ending(starter):
        code, output, complaint = unused_home.completed([*SHELL, *starter, command], env=environment, cwd=unusable)
        return code, output, command.encode() in complaint

    assert unused_home.same(ending) == (expected, b"", True)
    assert json.loads(unused_home.portctl("list", "--all", "--json").stdout) == []


def test_script_with_a_missing_interpreter_exits_as_in_a_shell(home, tmp_path):
    path = script(tmp_path / "script", "#!/no/such/interpreter\n")

    def ending(starter):
        code, output, complaint = home.completed([*SHELL, *starter, path])
        return code, output, path.encode() in complaint

    assert home.same(ending) == (127, b"", True)


@pytest.mark.parametrize("text", ["", 'printf "<%s>" "$0" "$#" "$@"; exit 7\n'], ids=["empty", "without-interpreter"])
def test_script_without_interpreter_line_runs_as_in_a_shell(home, tmp_path, text):
    path = script(tmp_path / "script", text)
    words = [path, "two words", "", "*"]
    code, output, complaint = home.same(lambda starter: home.completed([*SHELL, *starter, *words]))
    expected = (7, f"<{path}><3><two words><><*>".encode()) if text else (0, b"")
    assert (code, output, complaint) == (*expected, b"")


def test_quiet_run_writes_nothing_of_its_own(any_home):
    command = ["sh", "-c", "echo result; echo complaint >&2"]
    assert any_home.same(lambda starter: any_home.completed([*starter, *command])) == (0, b"result\n", b"complaint\n")


def test_run_writes_nothing_to_standard_output(any_home):
    code, output, _ = any_home.completed([PORTCTL, "run", "x", "--", "echo", "result"])
    assert (code, output) == (0, b"result\n")


def test_command_finds_its_port_in_the_environment(home):
    code, output, _ = home.completed([*RUN, "sh", "-c", 'echo "$PORT"'])
    first, last = POOL.split("-")
    assert code == 0 and int(first) <= int(output) <= int(last)
