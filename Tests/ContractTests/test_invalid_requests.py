"""Invalid input is refused with a clear answer and the right code; it changes nothing, and the daemon keeps running."""

import json

import pytest

NAMES = {"app": "myapp", "instance": "dev", "service": "postgres"}
HEARTBEAT = ("POST", "/v1/allocations/1/heartbeat")
KILL = ("POST", "/v1/ports/1/kill")
PRUNE = ("POST", "/v1/prune")
OPTIONAL = (HEARTBEAT, KILL, PRUNE)  # requests whose body may be left out
WITH_BODY = {  # requests with a body, and a key of that body
    ("POST", "/v1/allocations"): b"app",
    ("DELETE", "/v1/allocations"): b"app",
    ("DELETE", "/v1/remembered"): b"app",
    HEARTBEAT: b"face",
    KILL: b"pid",
    ("POST", "/v1/reservations"): b"app",
    ("POST", "/v1/groups"): b"app",
    ("DELETE", "/v1/holds"): b"face",
    ("POST", "/v1/import"): b"source",
    ("POST", "/v1/wait"): b"names",
    PRUNE: b"ids",
    ("POST", "/alloc"): b"service_name",
    ("POST", "/release"): b"port",
    ("POST", "/heartbeat"): b"port",
    ("POST", "/ports/request"): b"project",
    ("DELETE", "/ports/release"): b"project",
}


@pytest.fixture(autouse=True)
def nothing_changes(daemon):
    before = daemon.allocate(dict(NAMES, service="witness")).json
    yield
    assert daemon.listing() == [before]


@pytest.mark.parametrize("port", [-1, 65536, 2**40, "abc", "3000", 3.5, 1e30, True, [], {}])
def test_invalid_port_is_400(daemon, port):
    assert daemon.allocate(dict(NAMES, port=port)).status == 400
    assert daemon.request("DELETE", "/v1/allocations", {"port": port}).status == 400


@pytest.mark.parametrize("port", ["0", "-1", "65536", "abc", "+1", "3000x", "%20", "99999999999999999999"])
def test_invalid_port_in_a_path_is_400(daemon, port):
    assert daemon.request("GET", f"/v1/ports/{port}").status == 400


@pytest.mark.parametrize("name", ["", " ", "\t", "a\nb", "a\u0000b", "a\u007fb", "a\u202eb", "x" * 129, 7, None, []])
@pytest.mark.parametrize("part", ["app", "instance", "service"])
def test_invalid_name_is_400(daemon, part, name):
    assert daemon.allocate(dict(NAMES, **{part: name})).status == 400
    assert daemon.request("DELETE", "/v1/remembered", dict(NAMES, **{part: name})).status == 400
    if name:
        assert daemon.request("DELETE", "/v1/allocations", {part: name}).status == 400


@pytest.mark.parametrize("part", ["app", "instance", "service"])
def test_missing_name_is_400(daemon, part):
    body = {key: value for key, value in NAMES.items() if key != part}
    answer = daemon.allocate(body)
    assert (answer.status, answer.json["subject"]) == (400, part)


@pytest.mark.parametrize("root", ["", "relative", "a\u0000b", "/" + "x" * 5000])
def test_invalid_project_is_400(daemon, root):
    assert daemon.allocate(dict(NAMES, project={"root": root, "folder": "/"})).status == 400
    assert daemon.allocate(dict(NAMES, project={"root": "/"})).status == 400


@pytest.mark.parametrize(
    "body",
    [b"", b" ", b"hello", b"[]", b'"text"', b"3", b"null", b"{", b'{"app":', b"{}}", b'{"app": "\xff\xfe"}', b"{,}",
     b"[" * 10000 + b"]" * 10000, b'{"a":' * 10000 + b"1" + b"}" * 10000, b"\x00", b'{"app": "a" "b"}',
     b'{"app":"a",}', b'{"x":[1,]}', b'{"app":"a"} x', b'{"app":"a"}{}', b'{"app":"a","app":"b"}', b'{"x":01}',
     b'{"x":1e400}', b'{"x":.5}', b'{"x":1.}', b'{"x":NaN}', b"{'app':'a'}", b'{app:"a"}', b'{"x":"\\ud800"}',
     b'{"x":"\\x"}', b'{"x":"a\nb"}', b'{"x":tru}', b'// c\n{}', '{"app":"a"}'.encode("utf-16"),
     '{"app":"a"}'.encode("utf-16-le"), '{"app":"a"}'.encode("utf-32-be"), b'{"x":{"a":1,"\\u0061":2}}'],
    ids=range(37),
)
@pytest.mark.parametrize("over", ["socket", "tcp"])
def test_body_that_is_not_a_json_object_is_400(daemon, body, over):
    for (method, path), key in WITH_BODY.items():
        if not body and (method, path) in OPTIONAL:
            continue
        sent = body.replace(b"app", key)
        answer = daemon.request(method, path, sent, {"Content-Type": "application/json"}, over=over)
        assert (answer.status, answer.json["error"]) == (400, "invalid JSON"), (method, path)


REASONS = {
    b'{"port":3100.5}': "port: expected a whole number",
    b'{"port":1e30}': "port: expected a whole number",
    b'{"port":"3100"}': "port: expected a whole number",
    b'{"port":true}': "port: expected a whole number",
    b'{"app":7}': "app: expected text",
    b'{"ensure":"yes"}': "ensure: expected true or false",
    b'{"tags":"web"}': "tags: expected a list",
    b'{"tags":["a",1]}': "tags[1]: expected text",
    b'{"tags":[null]}': "tags[0]: expected text",
    b'{"metadata":[]}': "metadata: expected an object",
    b'{"project":"/"}': "project: expected an object",
    b'{"project":{"root":"/"}}': "project.folder is missing",
    b'{"port":1e400}': "a number is too large, before byte 14",
    b'{"port":1}x': "unexpected text after the object, at byte 11",
    b'{"port":1,}': "expected a key in quotes at byte 11",
    b'{"port":1,"port":2}': 'the key "port" occurs twice',
    b'{"port":1': "the body ends too early: expected a comma or }",
    b'{"port":01}': "a number begins with 0, at byte 9",
    b"{'port':1}": "expected a key in quotes at byte 2",
    b"[]": "expected a JSON object",
    b" ": "the body is empty: expected a JSON object",
    b"\xff{}": "the body is not UTF-8",
    "{}".encode("utf-16"): "the body is UTF-16 or UTF-32: send UTF-8",
    b"{" + b'"a":{' * 32 + b"}" * 33: "nested deeper than 32 levels",
}


@pytest.mark.parametrize("body", REASONS, ids=range(len(REASONS)))
def test_invalid_json_is_refused_with_the_field_and_what_it_must_be(daemon, body):
    answer = daemon.allocate(body, {"Content-Type": "application/json"})
    assert (answer.status, answer.json["error"], answer.json["code"]) == (400, "invalid JSON", "invalid_json")
    assert answer.json["hint"] == REASONS[body]


def test_roles_that_are_no_list_are_refused_in_plain_words(daemon):
    answer = daemon.request("POST", "/v1/groups", {"app": "a", "instance": "b", "count": 1, "roles": "web"})
    assert (answer.status, answer.json["hint"]) == (400, "roles: expected a list")


@pytest.mark.parametrize("body", [
    b'\xef\xbb\xbf{"app":"myapp","instance":"dev","service":"witness"}',
    b' {\t"app" :\r\n"myapp", "instance":"\\u0064ev","service":"witness","later":{"x":[1,-0.5e+2,{"x":null}]}} ',
])
def test_byte_order_mark_and_unknown_keys_are_ignored(daemon, body):
    answer = daemon.allocate(body, {"Content-Type": "application/json"})
    assert (answer.status, answer.json["error"]) == (409, "service already allocated")


def test_body_may_nest_32_levels_and_not_33(daemon):
    def nested(depth):
        # The object itself is the first level.
        return b'{"app":"a","x":' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}"

    assert daemon.allocate(nested(32), {"Content-Type": "application/json"}).json["subject"] == "instance"
    assert daemon.allocate(nested(33), {"Content-Type": "application/json"}).json["code"] == "invalid_json"


@pytest.mark.parametrize("size", [65537, 10 << 20])
@pytest.mark.parametrize("over", ["socket", "tcp"])
def test_body_over_64_kib_is_413(daemon, size, over):
    body = json.dumps(dict(NAMES, app="x" * size)).encode()
    for method, path in WITH_BODY:
        assert daemon.request(method, path, body, {"Content-Type": "application/json"}, over=over).status == 413


def test_content_length_over_the_limit_is_413_before_the_body_arrives(daemon):
    head = f"POST /v1/allocations HTTP/1.1\r\nHost: 127.0.0.1:{daemon.port}\r\n"
    head += "Content-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n"
    assert daemon.raw(head.encode()) == 413


@pytest.mark.parametrize(
    "kind",
    [None, "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/json",
     "application/jsonx"],
)
def test_other_content_types_are_415(daemon, kind):
    body = json.dumps(NAMES).encode()
    headers = {} if kind is None else {"Content-Type": kind}
    for method, path in WITH_BODY:
        assert daemon.request(method, path, body, headers).status == 415


@pytest.mark.parametrize("path", ["/index.html", "/dashboard", "/dashboard/", "/dashboard/x.js",
                                  "/dashboard/..%2Findex.html", "/v1", "/v1/", "/v1/nothing", "/v2/allocations",
                                  "/v1/ports", "/v1/ports/1/2", "/HEALTHZ", "/healthz/x", "/../etc/passwd", "/%00",
                                  "/v1/services", "/v1/services/a/b",
                                  "/v1/allocations/1/heartbeat/x", "/alloc/8000", "/ports", "/ports/3100", "/Health"])
def test_unknown_route_is_404(daemon, path):
    answer = daemon.request("GET", path)
    assert (answer.status, answer.json["code"]) == (404, "no_such_route")


@pytest.mark.parametrize("method, path, part", [
    ("GET", "/v1/services/", "name"), ("DELETE", "/v1/services/", "name"), ("GET", "/v1/services/%20", "name"),
    ("DELETE", "/v1/services/%20", "name"), ("GET", "/v1/ports/", "port"),
])
def test_blank_name_at_the_end_of_a_path_is_400(daemon, method, path, part):
    answer = daemon.request(method, path)
    assert (answer.status, answer.json["error"]) == (400, f"{part} must not be blank")
    assert answer.json["subject"] == part


def test_every_documented_request_body_is_covered_here(daemon):
    documented = {
        (method.upper(), path.replace("{id}", "1").replace("{port}", "1"))
        for path, item in daemon.document["paths"].items()
        for method, operation in item.items()
        if "requestBody" in operation
    }
    assert documented == WITH_BODY.keys()


def test_wrong_method_is_405_with_the_allowed_methods(daemon):
    for template, item in daemon.document["paths"].items():
        allowed = {method.upper() for method in item if method != "parameters"}
        path = template.replace("{id}", "1").replace("{port}", "3000").replace("{name}", "web")
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"):
            if method in allowed:
                continue
            answer = daemon.request(method, path)
            assert answer.status == 405, (method, path)
            assert set(answer.headers["Allow"].split(", ")) == allowed


@pytest.mark.parametrize("identifier", ["x", "1x", "%20", "1.5", "99999999999999999999"])
def test_invalid_id_is_400(daemon, identifier):
    assert daemon.request("DELETE", f"/v1/allocations/{identifier}").status == 400


@pytest.mark.parametrize("identifier", ["0", "-1", "999999"])
def test_unknown_id_is_404(daemon, identifier):
    assert daemon.request("DELETE", f"/v1/allocations/{identifier}").status == 404


@pytest.mark.parametrize("query", ["port=x", "port=65536", "port=-1", "app=%0A", "app=%20", f"app={'x' * 129}",
                                   "root=relative"])
def test_invalid_filter_is_400(daemon, query):
    assert daemon.request("GET", f"/v1/allocations?{query}").status == 400


@pytest.mark.parametrize("over", ["socket", "tcp"])
def test_large_headers_and_malformed_http_end_the_connection(daemon, over):
    host = f"Host: 127.0.0.1:{daemon.port}\r\n".encode()
    large = b"GET /healthz HTTP/1.1\r\n" + host + b"X: " + b"x" * 20000 + b"\r\n\r\n"
    many = b"GET /healthz HTTP/1.1\r\n" + host + b"".join(b"X%d: x\r\n" % n for n in range(2000)) + b"\r\n"
    for data in (large, many, b"hello\r\n\r\n", b"BREW / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
                 b"GET / HTTP/9.9\r\n\r\n"):
        assert daemon.raw(data, over=over) in (400, None)
