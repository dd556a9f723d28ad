"""Load for the benchmarks: clients that use little time themselves."""

import http.client
import json
import multiprocessing
import os
import pathlib
import socket
import subprocess
import time


class Client:
    """A client with one persistent connection over the socket."""

    def __init__(self, path):
        self.connection = http.client.HTTPConnection("localhost")
        self.connection.sock = socket.socket(socket.AF_UNIX)
        self.connection.sock.connect(path)

    def get(self, path):
        return self.send("GET", path)

    def post(self, path, body):
        return self.send("POST", path, body)

    def send(self, method, path, body=None):
        headers = {"Content-Type": "application/json"} if body is not None else {}
        self.connection.request(method, path, None if body is None else json.dumps(body), headers)
        response = self.connection.getresponse()
        answer = response.read()
        assert response.status < 300, answer
        return json.loads(answer) if answer else None


def fill(client, count):
    for first in range(0, count, 1000):
        client.post("/v1/groups", {"app": f"fill{first}", "instance": "i", "count": min(1000, count - first)})


def allocate_and_release(client):
    """Returns the seconds that the allocation took."""
    begin = time.perf_counter()
    made = client.post("/v1/allocations", {"app": "bench", "instance": "i", "service": "web"})
    took = time.perf_counter() - begin
    client.send("DELETE", f"/v1/allocations/{made['id']}")
    return took


def allocate_here(path, index, count):
    """Allocates over one connection, with requests that are prepared before the measurement."""
    requests = []
    for number in range(count):
        body = json.dumps({"app": f"bench{index}", "instance": "i", "service": f"s{number}"})
        head = "POST /v1/allocations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        requests.append(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
    yield from answers(path, requests, 201)


def check_health_here(path, index, count):
    """Sends requests that need neither the machine's state nor a commit."""
    yield from answers(path, [b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"] * count, 200)


def answers(path, requests, status):
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(path)
    yield
    for request in requests:
        connection.sendall(request)
        answer = connection.recv(4096)
        assert answer.startswith(f"HTTP/1.1 {status}".encode()), answer


def allocate_there(address, index, count):
    """Allocates as portpicker's own client does, with a connection for each port."""
    name = address.replace("@", "\0")
    pid = f"{os.getpid()}\n".encode()
    yield
    for _ in range(count):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(name)
            connection.sendall(pid)
            assert int(connection.recv(64)) > 0


def rate(allocate, address, clients, count):
    """Returns the allocations per second of `clients` processes with `count` allocations each."""
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(clients + 1)

    def work(index):
        steps = allocate(address, index, count)
        next(steps)
        barrier.wait()
        for _ in steps:
            pass

    processes = [context.Process(target=work, args=(index,)) for index in range(clients)]
    for process in processes:
        process.start()
    barrier.wait()
    begin = time.perf_counter()
    for process in processes:
        process.join()
    took = time.perf_counter() - begin
    assert all(process.exitcode == 0 for process in processes)
    return clients * count / took


def wait_for(address):
    deadline = time.monotonic() + 10
    while True:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                return connection.connect(address.replace("@", "\0"))
        except (ConnectionRefusedError, FileNotFoundError):
            assert time.monotonic() < deadline


def time_to_answer(command, path, question, environment):
    """Starts a process, and ends it. Returns the seconds from its start to its first complete answer."""
    request = f"GET {question} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    begin = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        while True:
            with socket.socket(socket.AF_UNIX) as connection:
                try:
                    connection.connect(path)
                except (ConnectionRefusedError, FileNotFoundError):
                    assert process.poll() is None and time.perf_counter() - begin < 10
                    continue
                connection.sendall(request)
                assert connection.recv(4096).startswith(b"HTTP/1.1 200")
                return time.perf_counter() - begin
    finally:
        process.terminate()
        process.wait()


def memory(pid):
    """Returns the resident memory in MB."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024


def cpu_time(pid):
    """Returns the CPU time of a process in seconds, from its CPU clock (clock_getcpuclockid(3)): the ticks in /proc are
    too coarse."""
    scheduled = 2  # CPUCLOCK_SCHED of the kernel's posix-timers.h
    return time.clock_gettime(~pid << 3 | scheduled)
