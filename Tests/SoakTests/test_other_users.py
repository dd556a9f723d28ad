"""Promise 17, no other user can act: no request of another user has an effect, however it is sent."""

import http.client
import json
import multiprocessing
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import sys
import tempfile

import pytest
from conftest import BINARIES, Daemon, sockets_of, wait_until
from users import OTHER, OWNER, THIRD, needs_other_users

TIMEOUT = 20
LISTENER = """
import signal, socket, sys
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print(flush=True)
signal.pause()
"""

pytestmark = needs_other_users


# Running as another user.


def become(user):
    # Python loads the codec of host names on first use, from files that other users may not be able to read.
    "localhost".encode("idna")
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def start_as(user, function, *arguments):
    """Runs the function in a process of this user. Returns the process, and a pipe with the function's result."""

    def run():
        become(user)
        writing.send(function(*arguments))

    context = multiprocessing.get_context("fork")
    reading, writing = context.Pipe(duplex=False)
    process = context.Process(target=run, daemon=True)
    process.start()
    writing.close()
    return process, reading


def run_as(user, function, *arguments):
    """Returns the function's result in a process of this user. EOFError: it failed; standard error has the reason."""
    process, reading = start_as(user, function, *arguments)
    try:
        return reading.recv()
    finally:
        process.join()


@pytest.fixture
def programs():
    """A directory with programs that every user can execute."""
    directory = tempfile.mkdtemp(prefix="pct-", dir="/tmp")
    os.chmod(directory, 0o755)
    for name in ("portctl", "port-server"):
        shutil.copy(BINARIES / name, directory)
    yield directory
    shutil.rmtree(directory)


def portctl_as(user, programs, *arguments, **environment):
    environment.setdefault("HOME", "/nonexistent")
    return subprocess.run(
        [f"{programs}/portctl", *arguments],
        env=dict(environment, PATH=f"{programs}:/usr/bin:/bin"),
        cwd="/",
        user=user,
        group=user,
        extra_groups=[],
        capture_output=True,
        text=True,
        timeout=60,
    )


# A daemon with allocations.


class Address:
    """One of a daemon's two addresses."""

    def __init__(self, daemon, over):
        self.over = over
        self.host, self.port = daemon.tcp
        self.socket_path = daemon.socket_path

    def connect(self):
        if self.over == "tcp":
            return socket.create_connection((self.host, self.port), timeout=TIMEOUT)
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(TIMEOUT)
        connection.connect(self.socket_path)
        return connection

    def raw(self, body, *headers):
        """Returns the bytes of a request for an allocation."""
        body = json.dumps(body)
        lines = ["POST /v1/allocations HTTP/1.1", f"Host: {self.host}:{self.port}", "Content-Type: application/json"]
        return "\r\n".join([*lines, f"Content-Length: {len(body)}", *headers, "", body]).encode()

    def send_all(self, requests, headers=None):
        """Sends each request on a new connection. Returns the statuses and codes of the answers."""
        answers = []
        for method, path, body in requests:
            connection = http.client.HTTPConnection(self.host, self.port)
            connection.sock = self.connect()
            sent = dict(headers or {}, **({"Content-Type": "application/json"} if body is not None else {}))
            connection.request(method, path, None if body is None else json.dumps(body), sent)
            response = connection.getresponse()
            # A stream of events does not end, and HEAD has no body.
            is_json = response.headers["Content-Type"] == "application/json" and method != "HEAD"
            answer = json.loads(response.read()) if is_json else None
            answers.append((response.status, answer.get("code") if isinstance(answer, dict) else None))
            response.close()
            connection.close()
        return answers


@pytest.fixture
def listener():
    """Starts servers as root."""
    started = []

    def start(port):
        process = subprocess.Popen([sys.executable, "-c", LISTENER, str(port)], stdout=subprocess.PIPE)
        started.append(process)
        assert process.stdout.read(1) == b"\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def names(service, app="shop"):
    return {"app": app, "instance": "main", "service": service}


PROJECT = "?app=shop&instance=main"
QUERIES = {"/lookup": "?service=beaten", "/v1/verdict": PROJECT, "/v1/ports/{port}/verdict": PROJECT}


def every_request(daemon, listener):
    """Returns a request for each documented method of each path, and for some files of the dashboard. The last ones
    change something when they are served; returns their number, too."""
    client = daemon.client()

    def made(path, body):
        status, answer = client.send("POST", path, body)
        assert status in (200, 201), answer
        return answer

    services = ("filtered", "by-id", "named", "remembered")
    allocated = {service: made("/v1/allocations", names(service)) for service in services}
    beating = made("/v1/allocations", dict(names("beating"), face="leases", ttl_seconds=1000))["id"]
    leases = [made("/alloc", {"service_name": name, "ttl_seconds": 1000})["port"] for name in ("released", "beaten")]
    made("/ports/request", {"project": "project"})
    group = made("/v1/groups", {"app": "shop", "instance": "main", "count": 2})["id"]
    target, occupied = 4000, 4001
    listener(target)
    listener(occupied)
    changing = [
        ("POST", "/v1/allocations", names("new")),
        ("POST", f"/v1/allocations/{beating}/heartbeat", {"face": "leases"}),
        ("DELETE", f"/v1/allocations/{allocated['by-id']['id']}", None),
        ("DELETE", "/v1/allocations", names("filtered")),
        ("DELETE", "/v1/services/shop%2Fmain%2Fnamed", None),
        ("DELETE", "/v1/remembered", names("remembered")),
        ("POST", f"/v1/ports/{target}/kill", {"force": True}),
        ("POST", "/v1/reservations", dict(names("reserved"), port=occupied, kill_if_occupied=True, force=True)),
        ("POST", "/v1/groups", {"app": "other", "instance": "main", "count": 2}),
        ("DELETE", f"/v1/groups/{group}", None),
        ("POST", "/alloc", {"service_name": "lease"}),
        ("POST", "/release", {"port": leases[0]}),
        ("POST", "/heartbeat", {"port": leases[1]}),
        ("POST", "/ports/request", {"project": "another"}),
        ("POST", "/ports/cleanup", None),
        ("POST", "/v1/prune", {}),
        ("POST", "/v1/import", {"source": "get-port", "entries": [dict(names("imported"), port=4002)]}),
        ("DELETE", "/ports/release", {"project": "project"}),
        ("DELETE", "/v1/holds", {"face": "leases"}),
    ]
    reading = [("GET", "/", None), ("GET", "/dashboard/main.js", None), ("HEAD", "/", None)]
    waiting = [("POST", "/v1/wait", {"names": ["beaten"], "timeout_ms": 1})]
    document = client.send("GET", "/openapi.json")[1]
    for template, item in document["paths"].items():
        path = template.format(id=group if "groups" in template else beating, port=target, name="beating")
        query = QUERIES.get(template, "")
        reading += [(method, path + query, None) for method in ("GET", "HEAD") if method.lower() in item]
    documented = sum(len(item.keys() - {"parameters", "get", "head"}) for item in document["paths"].values())
    assert documented == len(changing + waiting), "a request that is not for reading is missing here"
    client.close()
    return reading + waiting + changing, len(changing)


def strange_requests():
    """Returns requests that are answered with 404, 405 or 415 when they are served."""
    methods = ("PUT", "PATCH", "OPTIONS", "TRACE", "PROPFIND")
    return [(method, "/v1/allocations", names("strange")) for method in methods] + [("GET", "/nothing", None)]


def everything(daemon):
    """Returns everything that a request could have changed."""
    client = daemon.client()
    listing = client.send("GET", "/v1/allocations?wide=true")[1]
    for allocation in listing:
        for hold in allocation["holds"]:
            hold.pop("seconds_left", None)
    paths = ("/v1/journal?limit=1000", "/v1/pools", "/v1/groups", "/v1/listeners")
    answers = [client.send("GET", path)[1] for path in paths]
    client.close()
    return listing, answers


def open_to_all(daemon):
    """Opens the home and the socket to all users, so that only the daemon's check of the client's user is left."""
    os.chmod(daemon.home, 0o711)
    os.chmod(daemon.socket_path, 0o666)


@pytest.fixture
def token(daemon):
    daemon.start()
    return pathlib.Path(daemon.home, "token").read_text().strip()


@pytest.mark.parametrize("over", ["tcp", "socket"])
def test_every_request_of_another_user_is_refused(daemon, token, listener, figure, over):
    requests, changing = every_request(daemon, listener)
    open_to_all(daemon)
    address = Address(daemon, over)
    before = everything(daemon)
    headers = [None, {"Authorization": "Bearer " + "0" * len(token)}, {"Authorization": f"Bearer {token}"}]
    count = 0
    for sent in headers:
        answers = run_as(OTHER, address.send_all, requests + strange_requests(), sent)
        assert {status for status, _ in answers} == {403}
        assert {code for _, code in answers} == {"another_user", None}
        assert sum(code is None for _, code in answers) == sum(method == "HEAD" for method, _, _ in requests)
        count += len(answers)
    assert everything(daemon) == before
    # The same requests of root are all served.
    for request, (status, code) in zip(requests, address.send_all(requests)):
        assert status < 300, (request, status, code)
    assert everything(daemon) != before
    figure(
        f"over {over}: {count} requests of another user, with no, a wrong and the right token: {count} refused, "
        f"0 effects; {changing} of them change something when root sends them",
        f"{count} requests refused, 0 effects",
    )


def test_home_directory_is_closed_to_others(daemon, token):
    assert os.stat(daemon.home).st_mode & 0o777 == 0o700
    assert os.stat(daemon.socket_path).st_mode & 0o777 == os.stat(f"{daemon.home}/token").st_mode & 0o777 == 0o600

    def denied():
        errors = []
        for reach in (lambda: os.listdir(daemon.home), lambda: open(f"{daemon.home}/token"), daemon.connect):
            try:
                reach()
            except PermissionError as error:  # this must happen
                errors.append(error.errno)
        return errors

    assert len(run_as(OTHER, denied)) == 3


def test_command_line_of_another_user_is_refused(daemon, token, programs, figure):
    address = "{}:{}".format(*daemon.tcp)
    before = everything(daemon)
    ways = {
        "the directory": dict(PORT_SERVER_HOME=daemon.home),
        "its address": dict(PORT_SERVER_ADDR=address),
        "its address, with the token": dict(PORT_SERVER_ADDR=address, PORT_SERVER_TOKEN=token),
    }
    commands = (["list", "--all"], ["port", "web"], ["release", "--port", "3000"], ["kill", "3000", "--yes"])
    for way, environment in ways.items():
        for command in commands:
            outcome = portctl_as(OTHER, programs, *command, PORTCTL_APP="evil", **environment)
            assert (outcome.returncode, outcome.stdout) == (1, ""), (way, command, outcome)
            assert way == "the directory" or f"you are {OTHER}" in outcome.stderr, outcome.stderr
    assert everything(daemon) == before
    root = portctl_as(0, programs, "port", "web", PORT_SERVER_ADDR=address, PORTCTL_APP="mine")
    assert root.returncode == 0, root.stderr
    figure(
        f"{len(ways) * len(commands)} commands of another user, by the directory and by the address: all refused",
        f"{len(ways) * len(commands)} commands, all refused",
    )


# A daemon of a user other than root.


def listen_until_closed(port, pipe):
    with socket.create_server(("127.0.0.1", port)):
        pipe.recv()


def test_user_whom_no_file_lists_is_served_by_the_released_programs(programs, tmp_path, figure):
    """As users of a directory service are. The programs are linked statically, and may not ask for users by name."""
    home = tempfile.mkdtemp(prefix="pct-", dir="/tmp")
    os.chown(home, OWNER, OWNER)
    pipe, closing = multiprocessing.get_context("fork").Pipe(duplex=False)

    def run(*words, code=0):
        ended = portctl_as(OWNER, programs, *words, PORT_SERVER_HOME=home, PORTCTL_APP="mine", PORTCTL_AUTOSTART="0")
        assert ended.returncode == code, (words, ended)
        return ended.stdout

    try:
        run("start")
        port = run("port", "web").strip()
        # On the second start there is a file of this user's to be read.
        run("restart")
        start_as(THIRD, listen_until_closed, int(port), pipe)
        wait_until(lambda: f"user id {THIRD}" in run("who", port), "the other user listens")
        for words, code in ((["verify", "web"], 3), (["lookup", "web"], 3), (["list", "--wide"], 0), (["ps"], 0)):
            run(*words, code=code)
        assert run("port", "web").strip() != port
    finally:
        closing.send(None)
        portctl_as(OWNER, programs, "stop", PORT_SERVER_HOME=home)
        shutil.rmtree(home)
    figure("a user whom /etc/passwd does not list: served by the released programs", "such a user is served")


# Clients that close the connection before the answer.


def close(connection):
    connection.close()


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def close_half_and_go(connection):
    connection.shutdown(socket.SHUT_WR)
    connection.close()


def close_both_halves(connection):
    connection.shutdown(socket.SHUT_RDWR)
    connection.close()


def close_half_and_read(connection):
    connection.shutdown(socket.SHUT_WR)
    answer = connection.recv(65536)
    connection.close()
    return answer[9:12]


WAYS = (close, reset, close_half_and_go, close_both_halves, close_half_and_read)


def send_and_close(address, app, count, *headers):
    """Sends requests and closes each connection in one of WAYS. Returns the statuses that were read."""
    read = set()
    for way in WAYS:
        for n in range(count):
            connection = address.connect()
            connection.sendall(address.raw(names(f"{way.__name__}-{n}", app), *headers))
            read.add(way(connection))
    return read - {None}


def allocated_to(daemon, app):
    client = daemon.client()
    listing = client.send("GET", f"/v1/allocations?app={app}")[1]
    client.close()
    return len(listing)


@pytest.mark.parametrize("over, count", [("tcp", 1000), ("socket", 200)])
def test_disconnecting_client_of_another_user_has_no_effect(daemon, token, figure, over, count):
    idle = sockets_of(daemon.process.pid)
    open_to_all(daemon)
    address = Address(daemon, over)
    before = everything(daemon)
    assert run_as(OTHER, send_and_close, address, "evil", count) == {b"403"}
    wait_until(lambda: sockets_of(daemon.process.pid) == idle, "that every connection is closed")
    assert everything(daemon) == before
    # Root's requests are served if the kernel still knows the client's user, and with the token always.
    assert run_as(0, send_and_close, address, "mine", 100) == {b"201"}
    assert run_as(0, send_and_close, address, "token", 100, f"Authorization: Bearer {token}") == {b"201"}
    wait_until(lambda: allocated_to(daemon, "token") == 100 * len(WAYS), "that every request with the token is served")
    assert allocated_to(daemon, "mine") >= 100
    figure(
        f"over {over}: {count * len(WAYS):,} clients of another user that disconnect in {len(WAYS)} ways: 0 effects; "
        f"of {100 * len(WAYS)} of root's {allocated_to(daemon, 'mine')} served, with the token "
        f"{allocated_to(daemon, 'token')}",
        f"0 effects of {count * len(WAYS):,} over {over}",
    )


def test_closed_client_is_not_mistaken_for_the_next_on_its_port(daemon, figure):
    """Another user's client resets its connection; root's next client uses the same port, and changes nothing."""
    daemon.start()
    address, turns = Address(daemon, "tcp"), 2000
    with socket.socket() as chosen:
        chosen.bind((address.host, 0))
        source = chosen.getsockname()[1]

    def connect():
        connection = socket.socket()
        connection.settimeout(TIMEOUT)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        connection.bind((address.host, source))
        connection.connect((address.host, address.port))
        return connection

    def attack(mine, theirs):
        theirs.close()
        for n in range(turns):
            connection = connect()
            connection.sendall(address.raw(names(f"s{n}", "evil")))
            reset(connection)
            mine.send(b"x")
            mine.recv(1)

    here, there = socket.socketpair()
    attacker, _ = start_as(OTHER, attack, there, here)
    there.close()
    request = f"GET /healthz HTTP/1.1\r\nHost: {address.host}:{address.port}\r\n\r\n".encode()
    for _ in range(turns):
        assert here.recv(1) == b"x"
        connection = connect()
        connection.sendall(request)
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")
        reset(connection)
        here.send(b"x")
    attacker.join()
    evil = allocated_to(daemon, "evil")
    figure(
        f"{turns:,} times root connects from the port of another user's closed client: {evil} effects of that client",
        f"{turns:,} reused ports, {evil} effects",
    )
    assert evil == 0


# Root, the daemon's user and other users; several homes.


@pytest.mark.parametrize("over", ["tcp", "socket"])
def test_daemon_serves_only_its_user_and_root(programs, figure, over):
    daemon = Daemon()
    os.chown(daemon.home, OWNER, OWNER)
    daemon.environment["HOME"] = daemon.home
    try:
        daemon.start(through=["setpriv", "--reuid", str(OWNER), "--regid", str(OWNER), "--clear-groups"])
        assert os.stat(daemon.socket_path).st_uid == OWNER
        open_to_all(daemon)
        address = Address(daemon, over)
        answers = {}
        for user in (OWNER, 0, OTHER, THIRD):
            requests = [("POST", "/v1/allocations", names(str(user))), ("GET", "/v1/status", None)]
            answers[user] = run_as(user, address.send_all, requests)
        assert answers[OWNER] == answers[0] == [(201, None), (200, None)]
        assert answers[OTHER] == answers[THIRD] == [(403, "another_user")] * 2
        assert {allocation["service"] for allocation in daemon.client().send("GET", "/v1/allocations")[1]} == {
            str(OWNER),
            "0",
        }
    finally:
        daemon.remove()
    figure(
        f"over {over}: the daemon of an ordinary user serves that user and root, and refuses two others",
        "2 users served, 2 refused",
    )


def test_every_user_has_their_own_registry(programs, figure):
    homes = {user: tempfile.mkdtemp(prefix="pct-", dir="/tmp") for user in (0, OTHER, THIRD)}
    for user, home in homes.items():
        os.chown(home, user, user)
    users = range(len(homes))
    try:
        ports = {}
        for user, home in homes.items():
            outcome = portctl_as(user, programs, "port", "web", HOME=home, PORTCTL_APP=f"app{user}")
            assert outcome.returncode == 0, outcome.stderr
            ports[user] = outcome.stdout.strip()
        for user, home in homes.items():
            [listed] = json.loads(portctl_as(user, programs, "list", "--all", "--json", HOME=home).stdout)
            assert (listed["app"], str(listed["port"])) == (f"app{user}", ports[user])
            assert os.stat(f"{home}/.port_server").st_uid == user
            again = portctl_as(user, programs, "release", "--port", ports[user], HOME=home, PORTCTL_APP=f"app{user}")
            assert again.returncode == 0, again.stderr
            assert json.loads(portctl_as(user, programs, "list", "--all", "--json", HOME=home).stdout) == []
    finally:
        for user, home in homes.items():
            portctl_as(user, programs, "stop", HOME=home)
            shutil.rmtree(home)
    figure(
        f"{len(users)} users at once, each with their own daemon and registry",
        f"{len(users)} users, {len(users)} registries",
    )
