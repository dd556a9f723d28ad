#!/usr/bin/env python3
"""How much 100 readers of events, ten of them stalled, cost who allocates, and whether those that read get everything:
bench-events.py SOCKET PID. Prints; asserts that nothing is lost."""

import http.client
import json
import multiprocessing
import pathlib
import socket
import sys
import threading
import time

PATH, DAEMON = sys.argv[1], sys.argv[2]
COUNT, READERS, STALLED = 5000, 100, 10


def connect():
    connection = http.client.HTTPConnection("localhost")
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.connect(PATH)
    return connection


def send(connection, method, path, body=None):
    connection.request(method, path, json.dumps(body) if body else None, {"Content-Type": "application/json"})
    response = connection.getresponse()
    return response.status, response.read()


def allocate(app):
    """Returns how many seconds COUNT allocations of one client took."""
    client = connect()
    start = time.perf_counter()
    for number in range(COUNT):
        status, body = send(client, "POST", "/v1/allocations", {"app": app, "instance": "i", "service": f"s{number}"})
        assert status == 201, body
    took = time.perf_counter() - start
    send(client, "DELETE", "/v1/allocations", {"app": app})
    return took


def memory():
    status = pathlib.Path(f"/proc/{DAEMON}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024


class Reader(threading.Thread):
    """Counts the allocations that it is told of, without taking the JSON apart: Python would be what is measured."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(PATH)
        self.socket.sendall(b"GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        self.seen = 0
        while b"event: ready" not in self.socket.recv(65536):
            pass

    def run(self):
        rest = b""
        while self.seen < COUNT:
            more = self.socket.recv(1 << 20)
            if not more:
                return
            rest += more
            self.seen += rest.count(b"\nevent: allocated\n")
            rest = rest[-20:] if not rest.endswith(b"\nevent: allocated\n") else b""


def read(begin, end):
    """The readers, in a process of their own: who allocates shall not wait for Python's lock."""
    stalled = [Reader() for _ in range(STALLED)]
    reading = [Reader() for _ in range(READERS - STALLED)]
    begin.set()
    for reader in reading:
        reader.start()
    for reader in reading:
        reader.join(60)
    end.put((len(stalled), len(reading), sum(COUNT - reader.seen for reader in reading)))


allocate("warm")
alone = allocate("alone")
before = memory()
begin, end = multiprocessing.Event(), multiprocessing.Queue()
readers = multiprocessing.Process(target=read, args=(begin, end))
readers.start()
begin.wait()
watched = allocate("watched")
stalled, reading, lost = end.get()
readers.join()
print(f"{COUNT} allocations: alone {alone:.2f} s, with {READERS} readers {watched:.2f} s: ratio {watched / alone:.2f}")
print(f"lost by {reading} that read: {lost}; memory {before:.0f} MB before, {memory():.0f} MB after")
assert lost == 0
