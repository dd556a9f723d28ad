"""What HTTP/1 says of a connection: when the daemon asks for a body that it is to wait for, and when it closes."""

import http.client
import json
import shutil
import socket
import subprocess

import pytest

BODY = json.dumps({"app": "shop", "instance": "main", "service": "web"}).encode()
JSON = "Content-Type: application/json\r\n"
OVER = pytest.mark.parametrize("over", ["socket", "tcp"])


class Conversation:
    """One connection, on which bytes are sent, and responses are read as they arrive."""

    def __init__(self, daemon, over="tcp"):
        self.connection = daemon.connect(over)
        self.host = f"Host: 127.0.0.1:{daemon.port}\r\n"
        self.received = b""

    def send(self, line, headers="", body=b"", host=None):
        self.connection.sendall(f"{line}\r\n{self.host if host is None else host}{headers}\r\n".encode() + body)

    def head(self):
        """Returns the status line and the headers of the next response; None at the end of the connection."""
        while b"\r\n\r\n" not in self.received:
            if not (more := self.connection.recv(65536)):
                return None
            self.received += more
        head, self.received = self.received.split(b"\r\n\r\n", 1)
        line, *headers = head.decode().split("\r\n")
        return line, {name.lower(): value for name, value in (header.split(": ", 1) for header in headers)}

    def body(self, headers):
        size = int(headers["content-length"])
        while len(self.received) < size:
            self.received += self.connection.recv(65536)
        body, self.received = self.received[:size], self.received[size:]
        return json.loads(body)

    def response(self):
        line, headers = self.head()
        return int(line.split()[1]), headers, self.body(headers)

    def is_at_end(self):
        return self.received == b"" and self.connection.recv(65536) == b""

    def is_open(self):
        """Whether another request is answered."""
        self.send("GET /healthz HTTP/1.1")
        return self.response()[0] == 200


@pytest.fixture
def connect(daemon):
    conversations = []

    def connect(over="tcp"):
        conversations.append(Conversation(daemon, over))
        return conversations[-1]

    yield connect
    for conversation in conversations:
        conversation.connection.close()


# Expect: 100-continue


@OVER
@pytest.mark.parametrize("value", ["100-continue", "100-Continue", " 100-continue\t"])
def test_body_that_a_client_holds_back_is_requested(connect, over, value):
    client = connect(over)
    client.send("POST /v1/allocations HTTP/1.1", JSON + f"Expect: {value}\r\nContent-Length: {len(BODY)}\r\n")
    assert client.head() == ("HTTP/1.1 100 Continue", {})
    client.connection.sendall(BODY)
    status, headers, body = client.response()
    assert (status, body["service"]) == (201, "web")
    assert "connection" not in headers and client.is_open()


def test_chunked_body_that_a_client_holds_back_is_requested(connect):
    client = connect()
    client.send("POST /v1/allocations HTTP/1.1", JSON + "Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n")
    assert client.head()[0] == "HTTP/1.1 100 Continue"
    client.connection.sendall(f"{len(BODY):x}\r\n".encode() + BODY + b"\r\n0\r\n\r\n")
    assert client.response()[0] == 201
    assert client.is_open()


def test_body_that_is_already_there_is_not_requested(connect):
    client = connect()
    client.send("POST /v1/allocations HTTP/1.1", JSON + f"Expect: 100-continue\r\nContent-Length: {len(BODY)}\r\n", BODY)
    assert client.response()[0] == 201
    assert client.is_open()


def test_missing_body_is_not_requested(connect):
    client = connect()
    client.send("GET /healthz HTTP/1.1", "Expect: 100-continue\r\n")
    assert client.response()[0] == 200
    assert client.is_open()


@OVER
@pytest.mark.parametrize(
    "line, headers, status, code",
    [
        ("POST /v1/allocations HTTP/1.1", JSON + "Content-Length: 65537\r\n", 413, "body_too_large"),
        ("POST /v1/allocations HTTP/1.1", "Content-Type: text/plain\r\nContent-Length: 9\r\n", 415,
         "unsupported_media_type"),
        ("POST /nothing HTTP/1.1", JSON + "Content-Length: 9\r\n", 404, "no_such_route"),
        ("PUT /v1/allocations HTTP/1.1", JSON + "Content-Length: 9\r\n", 405, "method_not_allowed"),
        ("POST /v1/allocations HTTP/1.1", JSON + "Content-Length: 9\r\nOrigin: http://evil.example\r\n", 403,
         "foreign_origin"),
    ],
)
def test_client_that_waits_learns_of_a_refusal_without_sending_its_body(connect, over, line, headers, status, code):
    client = connect(over)
    client.send(line, headers + "Expect: 100-continue\r\n")
    answer, headers, body = client.response()
    assert (answer, body["code"], headers["connection"]) == (status, code, "close")
    # The body may come or not: what comes is no request.
    client.send("DELETE /v1/allocations HTTP/1.1", JSON + "Content-Length: 2\r\n", b"{}")
    assert client.is_at_end()


def test_client_that_waits_with_a_foreign_host_is_refused_at_once(connect):
    client = connect()
    client.send("POST /v1/allocations HTTP/1.1", JSON + "Expect: 100-continue\r\nContent-Length: 9\r\n",
                host="Host: evil.example\r\n")
    status, headers, body = client.response()
    assert (status, body["code"], headers["connection"]) == (403, "foreign_origin", "close")


@OVER
@pytest.mark.parametrize("value", ["coffee", "100-continue, coffee", "200-ok"])
def test_other_expectation_is_417(connect, over, value):
    client = connect(over)
    client.send("POST /v1/allocations HTTP/1.1", JSON + f"Expect: {value}\r\nContent-Length: {len(BODY)}\r\n")
    status, headers, body = client.response()
    assert (status, body["code"], headers["connection"]) == (417, "expectation_failed", "close")


def test_expectation_of_a_client_with_http_1_0_is_ignored(connect):
    client = connect("socket")
    for value in ("100-continue", "coffee"):
        client.send("POST /v1/allocations HTTP/1.0",
                    JSON + f"Connection: keep-alive\r\nExpect: {value}\r\nContent-Length: {len(BODY)}\r\n")
        client.connection.sendall(BODY)
        assert client.response()[0] in (201, 409)


def test_body_that_was_requested_is_limited_to_64_kib(connect):
    client = connect()
    client.send("POST /v1/allocations HTTP/1.1", JSON + "Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n")
    assert client.head()[0] == "HTTP/1.1 100 Continue"
    client.connection.sendall(b"10001\r\n" + b" " * 0x10001 + b"\r\n")
    status, headers, body = client.response()
    assert (status, body["code"], headers["connection"]) == (413, "body_too_large", "close")


def test_client_that_never_sends_the_requested_body_is_disconnected(connect):
    client = connect()
    client.send("POST /v1/allocations HTTP/1.1", JSON + f"Expect: 100-continue\r\nContent-Length: {len(BODY)}\r\n")
    assert client.head()[0] == "HTTP/1.1 100 Continue"
    head = client.head()
    assert head is None or " 400 " in head[0]


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_curl_that_waits_for_100_continue_is_served(daemon):
    command = ["curl", "-sv", "--expect100-timeout", "15", "--max-time", "10", "-H", "Expect: 100-continue",
               "-H", "Content-Type: application/json", "-d", "@-", f"http://127.0.0.1:{daemon.port}/v1/allocations"]
    result = subprocess.run(command, input=BODY, capture_output=True)
    assert result.returncode == 0 and json.loads(result.stdout)["service"] == "web", result.stderr.decode()


# Whether the connection stays open


@OVER
@pytest.mark.parametrize("line, headers", [
    ("GET /healthz HTTP/1.0", ""),
    ("GET /healthz HTTP/1.0", "Connection: close\r\n"),
    ("GET /healthz HTTP/1.1", "Connection: close\r\n"),
    ("GET /healthz HTTP/1.1", "Connection: Close\r\n"),
    ("GET /healthz HTTP/1.1", "Connection: TE, close\r\n"),
])
def test_connection_ends_with_the_response_when_the_request_says_so(connect, over, line, headers):
    client = connect(over)
    client.send(line, headers)
    status, headers, body = client.response()
    assert (status, body, headers["connection"]) == (200, {"status": "ok"}, "close")
    # Nothing more is answered, and what follows is no request.
    client.send("GET /healthz HTTP/1.1")
    assert client.is_at_end()


@OVER
def test_client_with_http_1_0_may_keep_the_connection(connect, over):
    client = connect(over)
    for _ in range(2):
        client.send("GET /healthz HTTP/1.0", "Connection: Keep-Alive\r\n")
        status, headers, _ = client.response()
        assert (status, headers["connection"]) == (200, "keep-alive")
    assert client.is_open()


def test_requests_that_follow_each_other_at_once_are_all_answered(connect):
    client = connect()
    client.send("GET /healthz HTTP/1.1", "", b"GET /healthz HTTP/1.1\r\n" + client.host.encode() + b"\r\n")
    client.send("GET /healthz HTTP/1.1", "Connection: close\r\n")
    answers = [client.response() for _ in range(3)]
    assert [answer[0] for answer in answers] == [200] * 3
    assert [answer[1].get("connection") for answer in answers] == [None, None, "close"]
    assert client.is_at_end()


def test_stream_to_a_client_with_http_1_0_has_no_chunks(connect):
    client = connect()
    client.send("GET /v1/events HTTP/1.0", "Connection: keep-alive\r\n")
    line, headers = client.head()
    assert (line, headers["connection"]) == ("HTTP/1.0 200 OK", "close")
    assert "transfer-encoding" not in headers
    while b"\n" not in client.received:
        client.received += client.connection.recv(65536)
    assert client.received.startswith((b"id:", b"event:", b":", b"retry:", b"data:"))


def test_refused_body_that_is_still_being_sent_does_not_cost_the_response(daemon):
    connection = http.client.HTTPConnection("127.0.0.1", daemon.port)
    connection.connect()
    connection.putrequest("POST", "/v1/allocations")
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Content-Length", str(1 << 20))
    connection.endheaders()
    for _ in range(16):
        connection.send(b" " * 65536)
    connection.sock.shutdown(socket.SHUT_WR)
    response = connection.getresponse()
    assert (response.status, response.headers["Connection"]) == (413, "close")
    connection.close()
