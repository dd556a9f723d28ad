"""Tables in a terminal, a pipe and a file: widths, colours, times and names."""

import datetime
import re
import select
import socket
import subprocess

import pytest

from conftest import PORTCTL, Terminal, free_ports, reset_signals

ESCAPES = re.compile(r"\x1b\[[\d;]*m")
LONG = "a-long-name-of-an-app/feature-with-a-long-name/background-worker"


@pytest.fixture
def registry(new_home):
    """A home with a service of long names, a machine-wide name, and a port in conflict with this process."""
    first = free_ports(10, 28200)
    new_home.environment["PORT_SERVER_POOLS_REGISTRY"] = f"{first}-{first + 9}"
    new_home.environment["HOME"] = new_home.path
    # A conflict needs a project whose directory is not this process's.
    subprocess.run(["git", "init", "-q", "shop-checkout"], check=True)
    in_checkout = {"cwd": "shop-checkout", "env": new_home.environment, "preexec_fn": reset_signals}
    answer = subprocess.run([PORTCTL, "port", "web"], capture_output=True, text=True, check=True, **in_checkout)
    for name in (LONG, "sticky/default/default"):
        assert new_home.portctl("port", name).returncode == 0
    with socket.create_server(("127.0.0.1", int(answer.stdout))):
        yield new_home


def shown(home, *words, size=(24, 80), **environment):
    """Returns what a command prints in a terminal of that size, as lines."""
    with Terminal([PORTCTL, *words], environment={**home.environment, **environment}, size=size) as terminal:
        output, _ = terminal.end()
    return output.decode().replace("\r\n", "\n").removesuffix("\n").split("\n")


TABLES = [["list", "--all"], ["list", "--all", "--wide"], ["ps"], ["events"]]


@pytest.mark.parametrize("words", TABLES, ids=" ".join)
@pytest.mark.parametrize("width", [20, 40, 80, 160])
def test_no_line_is_longer_than_the_window(registry, words, width):
    for line in shown(registry, *words, size=(24, width)):
        assert len(ESCAPES.sub("", line)) <= width


@pytest.mark.parametrize("words", TABLES, ids=" ".join)
def test_pipe_gets_everything_without_color(registry, words):
    registry.environment["COLUMNS"] = "40"
    output = registry.portctl(*words).stdout.decode()
    assert "\x1b" not in output and "…" not in output and " ago" not in output
    if words != ["ps"]:
        assert LONG.split("/")[1] in output


def test_terminal_without_a_size_is_not_cut_unless_columns_gives_it(registry):
    whole = shown(registry, "list", "--all", size=(0, 0))
    assert any(LONG.split("/")[0] in line for line in whole)
    assert all(len(ESCAPES.sub("", line)) <= 40 for line in shown(registry, "list", "--all", size=(0, 0), COLUMNS="40"))
    for bad in ("0", "-1", "x", "9" * 30):
        assert shown(registry, "list", "--all", size=(0, 0), COLUMNS=bad) == whole


def test_states_have_colors_and_signs_in_a_terminal(registry):
    text = "\n".join(shown(registry, "list", "--all", "--wide", size=(24, 200)))
    assert text.startswith("\x1b[1mID") and "\x1b[94m○ reserved\x1b[0m" in text
    # The conflict is in the first row.
    assert re.search(r"\x1b\[1;31m◈ conflict: \S+ \(pid \d+\)\x1b\[0m", text.split("\n")[1])
    assert "\x1b[1;31m◈ conflict\x1b[0m" in shown(registry, "ps", size=(24, 200))[1]


@pytest.mark.parametrize("name, value", [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_no_color_when_it_is_unwanted(registry, name, value):
    for words in [*TABLES, ["doctor"], ["dashboard"], ["status"]]:
        text = "\n".join(shown(registry, *words, **{name: value}))
        assert "\x1b" not in text, words
        assert ("○" in text) <= (name == "NO_COLOR")


def test_machine_wide_name_is_shown_as_it_was_typed(registry):
    assert any(re.match(r"\S+ +sticky +- +- ", line) for line in shown(registry, "list", "--all", NO_COLOR="1"))
    assert re.search(r"sticky +default +default +\d", registry.portctl("list", "--all").stdout.decode())
    events = registry.portctl("events").stdout.decode()
    assert " sticky " in events and "sticky/default/default" not in events
    assert '"sticky/default/default"' in registry.portctl("events", "--json").stdout.decode()


@pytest.mark.parametrize("zone, hours", [("UTC0", 0), ("TST-9", 9), ("TST+5:30", -5.5), ("No/Such_Zone", 0)])
def test_times_are_local_and_utc_in_json(registry, zone, hours):
    registry.environment["TZ"] = zone
    json = registry.portctl("list", "--all", "--json").stdout.decode()
    year, month, day, hour, minute, second = map(int, re.search(r"(\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+)Z", json).groups())
    local = datetime.datetime(year, month, day, hour, minute, second) + datetime.timedelta(hours=hours)
    for words in (["list", "--all"], ["list", "--all", "--wide"], ["events"]):
        assert local.strftime("%Y-%m-%d %H:%M") in registry.portctl(*words).stdout.decode()


def test_age_is_shown_in_a_terminal(registry):
    for words in (["events"], ["list", "--all", "--wide"]):
        assert re.search(r" AGE .*(?:now|\d+[smh] ago)", " ".join(shown(registry, *words, NO_COLOR="1", size=(24, 160))))


def test_followed_events_are_aligned(registry):
    environment = {**registry.environment, "NO_COLOR": "1"}
    with Terminal([PORTCTL, "events", "--follow"], environment=environment) as terminal:

        def release(name):
            assert registry.portctl("port", name).returncode == 0
            assert registry.portctl("release", name).returncode == 0

        # Nothing says that it has subscribed but an event.
        while not select.select([terminal.controller], [], [], 0)[0]:
            release("begin/main/x")
        lines = []
        for letter, length in (("y", 1), ("z", 60)):
            release(f"shop/main/{letter * length}")
            lines.append(terminal.wait_for(rb"[^\n]*released[^\n]*%s\b[^\n]*\n" % letter.encode())[0].decode().rstrip())
    assert all(len(line) <= 80 for line in lines)
    assert len({line.index("shop") for line in lines}) == 1 and len({line.index("pid") for line in lines}) == 1


def test_dashboard_watch_on_a_dumb_terminal_is_refused(new_home):
    output = shown(new_home, "dashboard", "--watch", TERM="dumb")
    assert not any("\x1b" in line for line in output)
    assert any("--watch needs a terminal" in line and "TERM=dumb" in line for line in output)
