"""Requests that deviate more and more from HTTP. A seed determines them."""

import json
import random

NAMES = {"app": "fuzz", "instance": "main", "service": "web"}
VALID = [
    ("GET", "/v1/allocations?wide=true&app=fuzz", None),
    ("GET", "/v1/ports/3000", None),
    ("HEAD", "/v1/journal?limit=3", None),
    ("GET", "/dashboard/main.js", None),
    ("GET", "/lookup?service=fuzz", None),
    ("POST", "/v1/allocations", dict(NAMES, ensure=True, tags=["näh"], metadata={"a": "b"})),
    ("POST", "/v1/reservations", dict(NAMES, service="reserved", port=3100)),
    ("POST", "/v1/groups", {"app": "fuzz", "instance": "main", "count": 2, "roles": ["a", "b"]}),
    ("DELETE", "/v1/allocations", {"app": "fuzz"}),
    ("POST", "/alloc", {"service_name": "fuzz", "ttl_seconds": 60}),
    ("POST", "/ports/request", {"project": "fuzz", "preferred": 3150}),
    ("DELETE", "/v1/holds", {"face": "leases"}),
]


def valid_request(method, path, body, *headers):
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", *headers]
    sent = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
    if sent:
        lines += ["Content-Type: application/json", f"Content-Length: {len(sent)}"]
    return "\r\n".join([*lines, "", ""]).encode() + sent


def with_body(data, body, *headers):
    """Returns the request with another body, and with its right length unless `headers` are given."""
    head = data.split(b"\r\n\r\n")[0].split(b"\r\n")
    head = [line for line in head if not line.lower().startswith((b"content-length", b"transfer-encoding"))]
    return b"\r\n".join([*head, *(headers or [b"Content-Length: %d" % len(body)]), b"", body])


def body_of(data):
    return data.partition(b"\r\n\r\n")[2]


def somewhere(chance, data):
    return chance.randrange(len(data) + 1)


def flip_bits(data, chance):
    flipped = bytearray(data)
    for _ in range(chance.randrange(1, 9)):
        flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
    return bytes(flipped)


def truncate(data, chance):
    return data[: chance.randrange(len(data))]


def double(data, chance):
    start, end = sorted((somewhere(chance, data), somewhere(chance, data)))
    return data[:end] + data[start:end] * chance.choice((1, 2, 50)) + data[end:]


def leave_out(data, chance):
    start, end = sorted((somewhere(chance, data), somewhere(chance, data)))
    return data[:start] + data[end:]


def insert_bytes(data, chance):
    at = somewhere(chance, data)
    strange = [chance.randbytes(chance.randrange(1, 40)), b"\x00", b"\x00" * 100, b"\xff\xfe", b"\xc3", b"\r", b"\n",
               b"\r\n\r\n", b" ", b"%", b"%00", b"%ff", b"%2e%2e%2f", b"\xed\xa0\x80", b"\xef\xbb\xbf"]
    return data[:at] + chance.choice(strange) + data[at:]


def huge_headers(data, chance):
    line, rest = data.split(b"\r\n", 1)
    size = chance.choice((1000, 16000, 16384, 17000, 100_000))
    extra = chance.choice((b"X: " + b"x" * size, b"X" * size + b": x", b"\r\n".join([b"X: y"] * (size // 10)),
                           b"Cookie: " + b"a=b;" * (size // 4), b"Host: " + b"h" * size))
    return line + b"\r\n" + extra + b"\r\n" + rest


def strange_header(data, chance):
    line, rest = data.split(b"\r\n", 1)
    extra = chance.choice((
        b"Host: other", b": none", b"No colon", b"Name : space", b" folded: line", b"X: a\r\n b", b"X: \x00",
        b"X: \x80\xff", b"X\x01: y", b"Connection: close", b"Connection: upgrade\r\nUpgrade: h2c",
        b"Upgrade: websocket", b"Expect: 1", b"Expect: 100-continue", b"Content-Type: text/plain", b"Origin: null",
        b"Authorization: Bearer x", b"X-PID: 1", b"X-PID: 99999999999999999999", b"Last-Event-ID: \xff",
        b"Range: bytes=0-1", b"Content-Encoding: gzip", b"Accept-Encoding: gzip", b"TE: trailers", b"Trailer: X",
        b"Max-Forwards: 0", b"X-HTTP-Method-Override: DELETE",
    ))
    return line + b"\r\n" + extra + b"\r\n" + rest


def wrong_length(data, chance):
    body = body_of(data)
    length = chance.choice((
        b"-1", b"0", b"1", b"%d" % (len(body) + 1), b"%d" % (len(body) + 10_000), b"0x10", b"+5", b"", b"99999999999",
        b"9" * 40, b"1, 1", b"5\r\nContent-Length: 6", b"1 1", b"65537", b"NaN",
    ))
    return with_body(data, body, b"Content-Length: " + length)


def chunked(data, chance):
    body = body_of(data)
    cut = somewhere(chance, body)
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:cut], body[cut:]) if part)
    sent = chance.choice((
        chunks, chunks + b"0\r\n\r\n", chunks + b"0\r\n", chunks + b"0\r\nX: trailer\r\n\r\n",
        chunks + b"0\r\n" + b"X: y\r\n" * 3000 + b"\r\n", b"0\r\n\r\n", b"0" * 500 + b"\r\n\r\n", b"zz\r\n",
        b"-1\r\n\r\n", b"ffffffffffffffffff\r\n", b"7fffffffffffffff\r\nx", b"1\r\nxx\r\n0\r\n\r\n",
        b"1;a=b\r\n{\r\n0\r\n\r\n", b"5;" + b"x" * 20_000, b"1\r\n{\r\n" * 3000 + b"0\r\n\r\n", b"1\n{\n0\n\n",
        b"10000\r\n" + b"x" * 65536 + b"\r\n1\r\nx\r\n0\r\n\r\n",
    ))
    headers = chance.choice((
        (b"Transfer-Encoding: chunked",), (b"Transfer-Encoding: chunked, chunked",), (b"Transfer-Encoding: identity",),
        (b"Transfer-Encoding: gzip, chunked",), (b"Transfer-Encoding: \x0bchunked",),
        (b"Transfer-Encoding: chunked", b"Content-Length: 3"),
    ))
    return with_body(data, sent, *headers)


def strange_body(data, chance):
    depth = chance.choice((31, 32, 33, 1000, 30_000))
    name = chance.choice("\u202e\ufeff\u2028\U0001f600\u0301")
    many = {str(n): "x" for n in range(4000)}
    return with_body(data, chance.choice((
        b"", b"{", b"[]", b"null", b'"x"', b"1", b"{} {}", b"\xff\xfe{}", b"\xef\xbb\xbf{}", b" " * 65_537,
        b"[" * depth, b'{"a":' * depth + b"1" + b"}" * depth, b'{"app":"\xff"}', b'{"app":"\\ud800"}',
        b'{"app":"\\u0000","instance":"a","service":"b"}', b'{"app":"a","app":"b","instance":"i","service":"s"}',
        b'{"port":1e400}', b'{"port":-0}', b'{"port":NaN}', b'{"port":99999999999999999999999999}',
        b'{"port":3000.0000000000000001}', b'{"ttl_seconds":1e-9}', b'{"app":"' + b"a" * 65_520 + b'"}',
        b'{"tags":[' + b'"t",' * 9000 + b'"t"]}', json.dumps(dict(NAMES, metadata=many)).encode(),
        json.dumps(dict(NAMES, app=name), ensure_ascii=False).encode(),
    )))


def strange_target(data, chance):
    method, target, rest = data.split(b" ", 2)
    target = chance.choice((
        b"*", b"//", b"", b"/%", b"/%zz", b"/%00", b"/%2e%2e/", b"/../../etc/passwd", b"/\xff\xfe", b"/" + b"a/" * 5000,
        b"/v1/ports/%ff", b"/v1/ports/" + b"9" * 5000, b"/v1/services/%2F%2F%2F", b"/v1/services/" + b"%2F" * 3000,
        b"http://localhost" + target, b"http://evil.example/", b"localhost:80", b"\\v1\\list", target + b"#x",
        target + b";x=y", target + b"?" + b"&=" * 5000, target + b"?app=%ff%fe", target + b"?app=%",
        target + b"?limit=99999999999999999999",
    ))
    method = chance.choice((method, method, b"TRACE", b"CONNECT", b"OPTIONS", b"PRI", b"get", b"M" * 5000, b"\x00"))
    version = chance.choice((b"1.1", b"1.1", b"1.0", b"2.0", b"0.9", b"1.9", b"1", b""))
    return method + b" " + target + b" HTTP/" + version + rest.removeprefix(b"HTTP/1.1")


def only_line_feeds(data, chance):
    return data.replace(b"\r\n", chance.choice((b"\n", b"\r", b"\n\r", b"\r\r\n")))


def pipeline(data, chance):
    others = [valid_request(*chance.choice(VALID)) for _ in range(chance.randrange(1, 20))]
    return b"".join([*others, data, *others])


SHAPES = [huge_headers, strange_header, wrong_length, chunked, strange_body, strange_target, only_line_feeds, pipeline]
BYTES = [flip_bits, truncate, double, leave_out, insert_bytes]


def changed_request(seed, number):
    """Returns the bytes of a request, and whether the client shuts down its side of the connection after them."""
    chance = random.Random(f"{seed}-{number}")
    data = valid_request(*chance.choice(VALID))
    shapes, damages = chance.choice(((0, 1), (0, 2), (1, 0), (1, 0), (1, 1), (1, 2)))
    for change in chance.sample(SHAPES, shapes) + chance.sample(BYTES, damages):
        data = change(data, chance) or b"\0"
    return data, chance.random() < 0.95
