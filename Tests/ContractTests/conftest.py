"""A real daemon, and a client that checks every answer against the daemon's own OpenAPI document."""

import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid

import jsonschema
import pytest
import referencing
import referencing.jsonschema
from received import Received

BINARIES = pathlib.Path(
    os.environ.get("PORTCTL_BIN", pathlib.Path(__file__).parents[2] / ".build" / "debug")
)
RECEIVED = Received()
# Ports that browsers refuse to connect to.
REFUSED_BY_BROWSERS = (6000, 6566, 6665, 6697, 10080)


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)


def identities(value):
    """Yields the identities that occur in a request's or an answer's body."""
    if isinstance(value, list):
        for item in value:
            yield from identities(item)
    if isinstance(value, dict):
        names = tuple(value.get(part) for part in ("app", "instance", "service"))
        if all(isinstance(name, str) for name in names):
            yield names
        for name in (value.get("service_name"), value.get("project")):
            if isinstance(name, str):
                # An app that is an npm scope has a slash.
                path = re.fullmatch(r"((?:@[^/]+/)?[^/]+)/([^/]+)/([^/]+)", name)
                yield path.groups() if path else (name, "default", "default")
        for item in value.values():
            yield from identities(item)


class Daemon:
    """A daemon with its own home."""

    def __init__(self, **settings):
        self.home = tempfile.mkdtemp(prefix="pct-", dir="/tmp")
        reading, writing = os.pipe()
        environment = dict(os.environ, PORT_SERVER_HOME=self.home, PORT_SERVER_READY_FD=str(writing), **settings)
        self.process = subprocess.Popen(
            [BINARIES / "port-server", "--listen", "127.0.0.1:0"], env=environment, pass_fds=[writing]
        )
        os.close(writing)
        with os.fdopen(reading) as pipe:
            assert pipe.read() == "ready\n"
        self.socket_path = os.path.join(self.home, "port-server.sock")
        self.mentioned = set()  # identities
        self.document = None  # needed before the first request
        self.document = self.request("GET", "/openapi.json").json
        self.registry = referencing.Registry().with_resource(
            "urn:document",
            referencing.Resource(contents=self.document, specification=referencing.jsonschema.DRAFT202012),
        )
        RECEIVED.document = self.document
        address = self.request("GET", "/v1/status").json["listeners"][0]["address"]
        self.port = int(address.split(":")[1])

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(timeout=20) == 0
        shutil.rmtree(self.home)

    def connect(self, over="socket"):
        if over == "tcp":
            return socket.create_connection(("127.0.0.1", self.port), timeout=20)
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(20)
        connection.connect(self.socket_path)
        return connection

    def request(self, method, path, body=None, headers=None, over="socket"):
        """Sends a request. `body`: a value for JSON, or bytes as they are."""
        headers = dict(headers or {})
        sent = body
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            headers.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection("127.0.0.1", self.port if over == "tcp" else 0)
        connection.sock = self.connect(over)
        try:
            connection.request(method, path, body=body, headers=headers)
        except (BrokenPipeError, ConnectionResetError):
            pass  # refused before everything was sent; the answer can be read
        response = connection.getresponse()
        answer = Answer(response.status, response.headers, response.read())
        connection.close()
        self.check(method, path, sent, answer)
        if answer.status < 300:
            received = json.loads(answer.body) if answer.body and path != "/openapi.json" else None
            self.mentioned.update(identities([sent, received]))
        return answer

    def raw(self, data, over="tcp"):
        """Sends bytes, valid HTTP or not. Returns the status of the first answer, or None without one."""
        with self.connect(over) as connection:
            connection.sendall(data)
            answer = b""
            while b"\r\n\r\n" not in answer:
                more = connection.recv(65536)
                if not more:
                    break
                answer += more
        assert b"access-control-" not in answer.lower()
        match = re.match(rb"HTTP/1\.1 (\d+) ", answer)
        return int(match[1]) if match else None

    def allocate(self, *arguments, **keywords):
        return self.request("POST", "/v1/allocations", *arguments, **keywords)

    def listing(self):
        return self.request("GET", "/v1/allocations").json

    def wide(self):
        return self.request("GET", "/v1/allocations?wide=true").json

    def until(self, condition, seconds=10):
        """Evaluates the condition until it is true, and returns its value."""
        end = time.monotonic() + seconds
        while not (value := condition()):
            assert time.monotonic() < end, f"the condition was not true within {seconds} seconds"
        return value

    def lowest_free(self, port):
        """Returns the lowest port, from `port` on, that the registry can choose by itself."""
        while True:
            answer = self.request("GET", f"/v1/ports/{port}").json
            if answer["available"] and "warnings" not in answer:
                return port
            port += 1

    def free_block(self, count, first=4000):
        """Returns the first of `count` consecutive ports, from `first` on, each of which the registry can choose."""
        while taken := [port for port in range(first, first + count) if self.lowest_free(port) != port]:
            first = taken[-1] + 1
        return first

    def unsuitable_port(self):
        """Returns a free port that browsers refuse to connect to, so that it is granted only with a warning."""
        for port in REFUSED_BY_BROWSERS:
            if self.request("GET", f"/v1/ports/{port}").json["available"]:
                return port
        raise AssertionError("every port that browsers refuse is in use")

    def clear(self):
        """Ends every allocation, and forgets every identity that occurred in a request or an answer."""
        self.listing()  # adds to what is forgotten
        for app, instance, service in list(self.mentioned):
            names = {"app": app, "instance": instance, "service": service}
            assert self.request("DELETE", "/v1/remembered", names).status in (200, 404)
        self.mentioned.clear()
        assert self.listing() == []

    def check(self, method, path, sent, answer):
        """Checks an answer against the document, and records that it was received."""
        assert not [name for name in answer.headers if name.lower().startswith("access-control-")]
        if self.document is None:
            return
        path = path.split("?")[0]
        template = self.template(path)
        if template is None:
            # 400: a path whose last part is left out.
            expected = (400, 403, 404) if path.endswith("/") else (403, 404)
            assert answer.status in expected, f"{path} is not documented and answered {answer.status}"
            # A browser that is refused the dashboard gets a text for people.
            if not (path == "/" and answer.headers["Content-Type"].startswith("text/plain")):
                self.validate(answer.json, {"$ref": "#/components/schemas/Error"})
            return
        item = self.document["paths"][template]
        operation = item.get(method.lower())
        if operation is None:
            assert answer.status in (403, 405), f"{method} {path} is not documented and answered {answer.status}"
            if method != "HEAD":
                self.validate(answer.json, {"$ref": "#/components/schemas/Error"})
            return
        response = operation["responses"].get(str(answer.status))
        assert response is not None, f"{method} {path} answered {answer.status}, which is not documented"
        RECEIVED.answers.add((method, template, answer.status))
        if isinstance(sent, dict) and answer.status < 300:
            self.validate(sent, operation["requestBody"]["content"]["application/json"]["schema"])
        if "$ref" in response:
            response = self.document["components"]["responses"][response["$ref"].split("/")[-1]]
        if "content" in response:
            [(kind, content)] = response["content"].items()
            assert answer.headers["Content-Type"] == kind
            value = answer.json if kind == "application/json" else answer.body.decode()
            self.validate(value, content["schema"])
        else:
            assert answer.body == b""

    def template(self, path):
        for template in self.document["paths"]:
            if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
                return template
        return None

    def validate(self, value, schema):
        def absolute(part):
            if isinstance(part, dict):
                return {
                    key: "urn:document" + item if key == "$ref" else absolute(item) for key, item in part.items()
                }
            return [absolute(item) for item in part] if isinstance(part, list) else part

        jsonschema.Draft202012Validator(absolute(schema), registry=self.registry).validate(value)


@pytest.fixture(scope="session")
def session_daemon():
    daemon = Daemon()
    yield daemon
    daemon.stop()


@pytest.fixture
def daemon(session_daemon):
    """The session's daemon, without allocations and remembered ports."""
    session_daemon.clear()
    yield session_daemon
    assert session_daemon.process.poll() is None, "the daemon died"


@pytest.fixture
def daemon_with_two_leases(daemon):
    """A daemon whose pool of leases has two ports, from `first_lease` on. Both are free on this machine."""
    first = daemon.free_block(2, 8000)
    small = Daemon(PORT_SERVER_POOLS_LEASES=f"{first}-{first + 1}")
    small.first_lease = first
    yield small
    small.stop()


@pytest.fixture
def unique():
    """A name that no other test uses: the registry keeps which directory an app's name was assigned to."""
    return f"app-{uuid.uuid4().hex[:12]}"


@pytest.fixture
def start():
    """Starts processes that end with the test."""
    processes = []

    def start(*command, **options):
        processes.append(subprocess.Popen(command or ("sleep", "600"), **options))
        return processes[-1]

    yield start
    for process in processes:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


# At the end of a session of the whole directory: what the document describes and no test received is a failure.


def pytest_configure(config):
    config.is_partial = any("::" in argument for argument in config.args)
    config.missing = []


def pytest_deselected(items):
    for item in items:
        item.config.is_partial = True


def pytest_collection_finish(session):
    files = {path.name for path in pathlib.Path(__file__).parent.glob("test_*.py")}
    if {item.path.name for item in session.items} != files:
        session.config.is_partial = True


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error):
    """With pytest-xdist: a worker process has ended."""
    if output := getattr(node, "workeroutput", {}).get("received"):
        RECEIVED.add(output["document"], output["answers"], output["events"])
        node.config.is_partial = output["is_partial"]


def pytest_sessionfinish(session, exitstatus):
    config = session.config
    if hasattr(config, "workeroutput"):
        config.workeroutput["received"] = {
            "document": RECEIVED.document, "answers": sorted(RECEIVED.answers), "events": sorted(RECEIVED.events),
            "is_partial": config.is_partial,
        }
    elif exitstatus == pytest.ExitCode.OK and not config.is_partial and not config.option.collectonly:
        config.missing = RECEIVED.missing()
        if config.missing:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter):
    if missing := terminalreporter.config.missing:
        terminalreporter.section("documented, but not received by any test")
        for sentence in missing:
            terminalreporter.line(sentence)
