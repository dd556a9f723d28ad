"""Promise 16: no web page can act."""

import json

import pytest

BODY = json.dumps({"app": "evil", "instance": "page", "service": "attack"}).encode()


def post(host="Host: {own}", origin="", kind="application/json", method="POST", extra=""):
    """Returns a request as text. `send` replaces {own} and {port} by the daemon's address and port."""
    lines = [f"{method} /v1/allocations HTTP/1.1", host, origin, f"Content-Type: {kind}", extra,
             f"Content-Length: {len(BODY)}"]
    return "\r\n".join(line for line in lines if line) + "\r\n\r\n"


REFUSED = {
    "a rebound name": post("Host: evil.example:{port}"),
    "a rebound name without port": post("Host: evil.example"),
    "our address without port": post("Host: 127.0.0.1"),
    "our name without port": post("Host: localhost"),
    "another port": post("Host: 127.0.0.1:1"),
    "a wildcard name": post("Host: 127.0.0.1.nip.io:{port}"),
    "localhost as a subdomain": post("Host: localhost.evil.example:{port}"),
    "a subdomain of localhost": post("Host: evil.localhost:{port}"),
    "the unspecified address": post("Host: 0.0.0.0:{port}"),
    "the unspecified IPv6 address": post("Host: [::]:{port}"),
    "an address as a number": post("Host: 2130706433:{port}"),
    "an address in hexadecimal": post("Host: 0x7f.0.0.1:{port}"),
    "an address in short": post("Host: 127.1:{port}"),
    "an address in octal": post("Host: 0177.0.0.1:{port}"),
    "a mapped address": post("Host: [::ffff:127.0.0.1]:{port}"),
    "another loopback address": post("Host: 127.0.0.2:{port}"),
    "a trailing dot": post("Host: localhost.:{port}"),
    "a user before the name": post("Host: 127.0.0.1@evil.example:{port}"),
    "a path behind the name": post("Host: {own}/x"),
    "no host": post(""),
    "an empty host": post("Host:"),
    "two hosts": post("Host: {own}\r\nHost: {own}"),
    "two hosts, ours last": post("Host: evil.example\r\nHost: {own}"),
    "a null origin": post(origin="Origin: null"),
    "an empty origin": post(origin="Origin:"),
    "a foreign origin": post(origin="Origin: http://evil.example"),
    "a foreign secure origin": post(origin="Origin: https://evil.example"),
    "our origin, but secure": post(origin="Origin: https://{own}"),
    "our origin without port": post(origin="Origin: http://127.0.0.1"),
    "a neighbour's origin": post(origin="Origin: http://127.0.0.1:3000"),
    "a neighbour's origin by name": post(origin="Origin: http://localhost:3000"),
    "an address as origin": post(origin="Origin: http://192.168.1.1"),
    "an extension": post(origin="Origin: chrome-extension://abcdef"),
    "a file": post(origin="Origin: file://"),
    "our origin as a prefix": post(origin="Origin: http://{own}.evil.example"),
    "two origins": post(origin="Origin: http://{own}\r\nOrigin: http://evil.example"),
    "a form from elsewhere": post(origin="Origin: http://evil.example", kind="application/x-www-form-urlencoded"),
    "a preflight": post(origin="Origin: http://evil.example", method="OPTIONS",
                        extra="Access-Control-Request-Method: POST"),
    "a web socket": post(origin="Origin: http://evil.example", method="GET",
                         extra="Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13"),
    "a page's delete": post(origin="Origin: http://evil.example", method="DELETE"),
    "an unknown method": post(origin="Origin: http://evil.example", method="PROPFIND"),
    "a foreign absolute target": post("Host: evil.example").replace("/v1", "http://127.0.0.1:{port}/v1", 1),
}


def send(daemon, text, over="tcp"):
    text = text.replace("{own}", f"127.0.0.1:{daemon.port}").replace("{port}", str(daemon.port))
    return daemon.raw(text.encode() + BODY, over=over)


@pytest.mark.parametrize("case", REFUSED)
def test_foreign_page_request_is_refused_without_effect(daemon, case):
    assert send(daemon, REFUSED[case]) == 403
    assert daemon.listing() == []


def test_no_route_answers_a_foreign_page(daemon):
    daemon.allocate(json.loads(BODY))
    before = daemon.listing()
    body = json.dumps({
        **json.loads(BODY), "port": before[0]["port"], "service_name": "page", "project": "evil/page/attack",
    }).encode()
    for template, item in daemon.document["paths"].items():
        path = template.replace("{id}", str(before[0]["id"])).replace("{port}", "3000").replace("{name}", "attack")
        for method in set(item) - {"parameters"}:
            head = f"{method.upper()} {path} HTTP/1.1\r\nHost: 127.0.0.1:{daemon.port}\r\n"
            head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            head += "Origin: http://evil.example\r\n\r\n"
            for over in ("tcp", "socket"):
                assert daemon.raw(head.encode() + body, over=over) == 403, (method, path, over)
    assert daemon.listing() == before


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"])
def test_form_post_without_an_origin_has_no_effect(daemon, kind):
    assert send(daemon, post(kind=kind)) == 415
    assert daemon.listing() == []


@pytest.mark.parametrize("origin", ["Origin: http://{own}", "Origin: null", "Origin: http://localhost"])
def test_socket_refuses_every_origin(daemon, origin):
    assert send(daemon, post("Host: localhost", origin), over="socket") == 403
    assert daemon.listing() == []


@pytest.mark.parametrize(
    "text",
    [post(), post(origin="Origin: http://{own}"), post("Host: localhost:{port}"), post("Host: LOCALHOST:{port}"),
     post("Host: localhost:{port}", "Origin: http://localhost:{port}"), post("Host: [::1]:{port}")],
    ids=range(6),
)
def test_own_host_names_and_origins_are_served(daemon, text):
    assert send(daemon, text) == 201


@pytest.mark.parametrize("host", ["Host: anything.example", "Host: localhost", ""])
def test_socket_ignores_the_host_name(daemon, host):
    assert send(daemon, post(host), over="socket") == 201


# A tunnel with another port at this end: the browser names a port that the daemon does not have.


def page(daemon, host, accept="text/html,application/xhtml+xml,*/*;q=0.8", method="GET"):
    return daemon.request(method, "/", headers={"Host": host, "Accept": accept}, over="tcp")


@pytest.mark.parametrize("host", ["localhost:8123", "evil.example", "127.0.0.1"])
def test_browser_at_another_address_reads_what_to_do(daemon, host):
    answer = page(daemon, host)
    assert (answer.status, answer.headers["Content-Type"]) == (403, "text/plain; charset=utf-8")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    text = answer.body.decode()
    assert f"ssh -L {daemon.port}:127.0.0.1:{daemon.port} HOST" in text
    assert f"http://127.0.0.1:{daemon.port}/" in text
    assert "8123" not in text and "evil" not in text


def test_program_at_another_address_gets_the_error_as_json(daemon):
    for answer in (page(daemon, "localhost:8123", accept="*/*"), page(daemon, "localhost:8123", method="POST")):
        assert (answer.status, answer.json["code"]) == (403, "foreign_origin")
