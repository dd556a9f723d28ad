#!/usr/bin/env python3
"""Measures how much 100 readers of events, ten of them stalled, slow down allocations. Prints JSON; fails if one of the
others loses an event.

Usage: events.py SOCKET PID, of a daemon
"""

import http.client
import json
import multiprocessing
import pathlib
import re
import socket
import sys
import threading
import time

PATH, DAEMON = sys.argv[1], sys.argv[2]
COUNT, READERS, STALLED, TURNS = 5000, 100, 10, 5


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
    """Returns the seconds that COUNT allocations of one client took."""
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
    """Keeps what it receives and parses it afterwards, so that Python's time is not measured."""

    def __init__(self, last):
        super().__init__(daemon=True)
        self.last = last
        self.pieces = []
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(PATH)
        self.socket.sendall(b"GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        while b"event: ready" not in self.socket.recv(65536):
            pass

    def run(self):
        tail = b""
        while self.last not in tail:
            piece = self.socket.recv(1 << 20)
            if not piece:
                return
            self.pieces.append(piece)
            tail = tail[-1000:] + piece

    def lost(self):
        """Returns the number of allocations whose events it did not receive. The ids must be consecutive."""
        # The stream is chunked; the lengths of the chunks are between them.
        text = re.sub(rb"\r\n[0-9A-Fa-f]+\r\n", b"", b"".join(self.pieces))
        ids = [int(number) for number in re.findall(rb"^id: \w+-(\d+)$", text, re.MULTILINE)]
        assert ids == list(range(ids[0], ids[0] + len(ids)))
        return COUNT - len(re.findall(rb"^event: allocated$", text, re.MULTILINE))


def read(app, begin, end):
    """Runs the readers. In a separate process, so that the allocating client does not wait for Python's lock."""
    last = f'"service":"{app}/i/s{COUNT - 1}"'.encode()
    stalled = [Reader(last) for _ in range(STALLED)]
    reading = [Reader(last) for _ in range(READERS - STALLED)]
    begin.set()
    for reader in reading:
        reader.start()
    for reader in reading:
        reader.join(60)
    end.put(sum(reader.lost() for reader in reading))
    del stalled


def main():
    # The same services in each turn: the pool would run out of ports that no other service remembers.
    for app in ("alone", "watched"):
        allocate(app)
    context = multiprocessing.get_context("fork")
    ratios, memories = [], []
    for _ in range(TURNS):
        alone = allocate("alone")
        begin, end = context.Event(), context.Queue()
        readers = context.Process(target=read, args=("watched", begin, end))
        readers.start()
        begin.wait()
        ratios.append(allocate("watched") / alone)
        assert end.get() == 0, "events were lost"
        readers.join()
        memories.append(memory())
    print(json.dumps({"ratios": ratios, "memories": memories}))


if __name__ == "__main__":
    main()
