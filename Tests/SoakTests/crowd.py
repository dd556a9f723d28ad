"""Clients of one daemon that use every face at random, and record its answers in a history."""

import asyncio
import collections
import contextlib
import json
import os
import random
import subprocess
import time

from conftest import BINARIES
from history import PROMPT, History

ADDRESS = "127.0.0.1:51234"
# Small and overlapping, so that the faces compete for the same ports and pools are often full.
POOLS = {"REGISTRY": "20000-20059", "LEASES": "20040-20099", "PROJECTS": "20080-20139", "MANAGER": "20120-20179"}
PORTS = range(20000, 20180)
SETTINGS = {f"PORT_SERVER_POOLS_{face}": pool for face, pool in POOLS.items()}
# In seconds; the same in each request of a face, so that the effect of a heartbeat is known.
TTL = {"registry": 2, "leases": 1, "manager": 3}
REFUSALS = {
    400: {"invalid_owner"},
    404: {"allocation_not_found", "lease_not_found", "service_not_found", "group_not_found", "nothing_remembered"},
    409: {"service_allocated", "port_allocated"},
    503: {"pool_full"},
}

Answer = collections.namedtuple("Answer", "status body sent received")


class Crowd:
    """The state that the clients share."""

    def __init__(self, daemon, operations):
        self.daemon = daemon
        self.wanted = operations
        self.counts = collections.Counter()
        self.successes = collections.Counter({operation.__name__: 0 for operation in OPERATIONS})
        self.history = History()
        self.is_up = asyncio.Event()
        self.waiters = []  # numbers of operations, and the event to set when they have begun
        self.recent = collections.deque(maxlen=400)  # claims
        self.owners = {}
        self.owner_count = 0
        self.exited = collections.deque(maxlen=20)  # owners by number, and when that was certain
        self.surprises = []
        self.listings = []

    def has_work(self):
        return self.counts["operations"] < self.wanted

    def count_operation(self):
        self.counts["operations"] += 1
        for waiter in [waiter for waiter in self.waiters if waiter[0] <= self.counts["operations"]]:
            self.waiters.remove(waiter)
            waiter[1].set()

    async def some_operations(self, most):
        """Waits until a random number of operations has begun, or all have."""
        passed = asyncio.Event()
        self.waiters.append((min(self.counts["operations"] + random.randint(1, most), self.wanted), passed))
        await passed.wait()

    def some_claim(self):
        return random.choice(self.recent) if self.recent else None

    def claim(self, *arguments, **more):
        claim = self.history.claim(*arguments, **more)
        self.recent.append(claim)
        self.counts["granted"] += 1
        return claim

    def start_owner(self):
        """Starts a process that can own ports."""
        self.owner_count += 1
        self.owners[self.owner_count] = subprocess.Popen(["sleep", "1000"])

    def end_owner(self, number):
        began = time.monotonic()
        process = self.owners.pop(number)
        process.kill()
        process.wait()
        ended = time.monotonic() + PROMPT
        self.history.end("owner", f"{number}", began, ended)
        self.history.end("owner", f"{number} and grace", began, ended, False)
        self.exited.append((number, ended))

    def some_owner(self):
        return random.choice(list(self.owners.items()))


class Caller:
    """One of the crowd's connections, opened again whenever it breaks."""

    def __init__(self, crowd, tcp=False):
        self.crowd = crowd
        self.tcp = tcp
        self.operation = None  # the current one
        self.reader = self.writer = None

    async def connect(self):
        while self.writer is None:
            # Either error means that the daemon was just killed. Try again when it runs.
            await self.crowd.is_up.wait()
            with contextlib.suppress(ConnectionError, FileNotFoundError):
                if self.tcp:
                    self.reader, self.writer = await asyncio.open_connection(*ADDRESS.split(":"))
                else:
                    self.reader, self.writer = await asyncio.open_unix_connection(self.crowd.daemon.socket_path)

    def disconnect(self):
        if self.writer:
            self.writer.close()
        self.writer = None

    def succeed(self):
        if self.operation:
            self.crowd.successes[self.operation.__name__] += 1

    async def request(self, method, path, body=None, header=""):
        """Sends a request. The answer's status is None if the connection broke."""
        await self.connect()
        self.crowd.count_operation()
        content = b"" if body is None else json.dumps(body).encode()
        kind = "Content-Type: application/json\r\n" if content else ""
        head = f"{method} {path} HTTP/1.1\r\nHost: {ADDRESS}\r\n{kind}{header}Content-Length: {len(content)}\r\n\r\n"
        sent = time.monotonic()
        try:
            self.writer.write(head.encode() + content)
            lines = (await self.reader.readuntil(b"\r\n\r\n")).decode().lower().split("\r\n")
            length = next(int(line.split(":")[1]) for line in lines if line.startswith("content-length:"))
            text = await self.reader.readexactly(length)
        except (ConnectionError, asyncio.IncompleteReadError):
            # The daemon was killed, or has closed an idle connection.
            answer = Answer(None, None, sent, time.monotonic())
            self.disconnect()
            self.crowd.counts["lost"] += 1
            return answer
        answer = Answer(int(lines[0].split()[1]), json.loads(text) if text else None, sent, time.monotonic())
        self.record_refusal(answer, f"{method} {path} {body}")
        if answer.status < 300:
            self.succeed()
        return answer

    def record_refusal(self, answer, what):
        if answer.status < 300:
            return
        code = answer.body["code"]
        self.crowd.counts[code] += 1
        if code not in REFUSALS.get(answer.status, ()):
            self.crowd.surprises.append(f"{what}: {answer.status} {answer.body}")


# The operations of the clients.


def named():
    return {"app": f"app{random.randrange(12)}", "instance": "main", "service": f"s{random.randrange(12)}"}


def shared_name():
    """Returns one of the names that the faces share."""
    return f"name{random.randrange(60)}"


def identity(names):
    return "/".join(names[part] for part in ("app", "instance", "service"))


def some_hold(crowd, face):
    """Returns the fields of a request for a random hold, and those of the claim that it makes."""
    kind = random.choice(["permanent", "ttl", "owner"])
    if kind == "ttl":
        return {"ttl_seconds": TTL[face]}, {"ttl": TTL[face]}
    if kind == "owner":
        number, process = crowd.some_owner()
        return {"owner_pid": process.pid, "grace_seconds": 0}, {"owner": f"{number}"}
    return {}, {}


async def allocate(caller, path="/v1/allocations", face="registry", names=None, **wishes):
    names = names or named()
    wanted, held = some_hold(caller.crowd, face)
    answer = await caller.request("POST", path, dict(names, face=face, **wanted, **wishes))
    held |= dict(face=face, sent=answer.sent, received=answer.received)
    if answer.status is None:
        caller.crowd.history.claim(identity(names), **held)
    elif answer.status < 300:
        body = answer.body.get("allocation", answer.body)
        is_new = answer.status == 201
        caller.crowd.claim(identity(names), port=body["port"], id=body["id"], is_new=is_new, **held)


async def ensure(caller):
    await allocate(caller, ensure=True)


async def ensure_a_shared_name(caller):
    await allocate(caller, ensure=True, names={"app": shared_name(), "instance": "default", "service": "default"})


async def allocate_a_new_one(caller):
    await allocate(caller)


async def allocate_a_further_one(caller):
    await allocate(caller, further=True, face=random.choice(["registry", "manager"]))


async def allocate_exclusively(caller):
    await allocate(caller, exclusive=True)


async def request_a_port(caller):
    await allocate(caller, port=random.choice(PORTS), **random.choice([{}, {"further": True}]))


async def prefer_a_port(caller):
    await allocate(caller, preferred=random.choice(PORTS), further=True)


async def reserve(caller):
    await allocate(caller, path="/v1/reservations", port=random.choice(PORTS))


async def allocate_a_group(caller):
    face = random.choice(["registry", "manager"])
    names = named()
    roles = [f"s{random.randrange(12)}" for _ in range(random.randrange(2, 5))]
    wanted, held = some_hold(caller.crowd, face)
    body = {"app": names["app"], "instance": "main", "count": len(roles), "roles": roles, "face": face, **wanted}
    answer = await caller.request("POST", "/v1/groups", body | {"contiguous": random.random() < 0.5})
    held |= dict(face=face, sent=answer.sent, received=answer.received)
    if answer.status is None:
        for role in roles:
            caller.crowd.history.claim(identity(names | {"service": role}), **held)
    elif answer.status == 201:
        for part in answer.body["allocations"]:
            caller.crowd.claim(
                identity(part), port=part["port"], id=part["id"], group=answer.body["id"], is_new=True, **held
            )


async def lease(caller):
    name = shared_name()
    answer = await caller.request("POST", "/alloc", {"service_name": name, "ttl_seconds": TTL["leases"]})
    held = dict(face="leases", sent=answer.sent, received=answer.received, ttl=TTL["leases"])
    if answer.status is None:
        caller.crowd.history.claim(f"{name}/default/default", **held)
    elif answer.status == 200:
        caller.crowd.claim(f"{name}/default/default", port=answer.body["port"], is_new=True, **held)


async def request_for_a_project(caller):
    name = shared_name()
    number, process = caller.crowd.some_owner()
    header, owner = random.choice([("", None), (f"X-PID: {process.pid}\r\n", f"{number} and grace")])
    body = {"project": name} | random.choice([{}, {"preferred": random.choice(PORTS)}])
    answer = await caller.request("POST", "/ports/request", body, header)
    held = dict(face="projects", sent=answer.sent, received=answer.received, owner=owner)
    if answer.status is None:
        caller.crowd.history.claim(f"{name}/default/default", **held)
    elif answer.status == 200:
        is_new = not answer.body["existing"]
        caller.crowd.claim(f"{name}/default/default", port=answer.body["port"], is_new=is_new, **held)


async def end(caller, kind, value, method, path, body=None):
    answer = await caller.request(method, path, body)
    # A 404 is certain, too: nothing was there.
    caller.crowd.history.end(kind, value, answer.sent, answer.received, answer.status in (200, 404))


async def release_by_id(caller):
    claim = caller.crowd.some_claim()
    if claim and claim.id:
        await end(caller, "id", claim.id, "DELETE", f"/v1/allocations/{claim.id}")


async def release_by_service(caller):
    if claim := caller.crowd.some_claim():
        path = f"/v1/services/{claim.identity.replace('/', '%2F')}"
        await end(caller, "identity", claim.identity, "DELETE", path)


async def release_by_filter(caller):
    if claim := caller.crowd.some_claim():
        parts = dict(zip(("app", "instance", "service"), claim.identity.split("/")))
        await end(caller, "identity", claim.identity, "DELETE", "/v1/allocations", parts)


async def release_an_app(caller):
    app = named()["app"]
    await end(caller, "app", app, "DELETE", "/v1/allocations", {"app": app})


async def release_by_port(caller):
    if claim := caller.crowd.some_claim():
        way = random.choice([("DELETE", "/v1/allocations"), ("POST", "/release"), ("DELETE", "/ports/release")])
        await end(caller, "port", claim.port, *way, {"port": claim.port})


async def release_a_project(caller):
    name = shared_name()
    await end(caller, "identity", f"{name}/default/default", "DELETE", "/ports/release", {"project": name})


async def release_a_group(caller):
    claim = caller.crowd.some_claim()
    if claim and claim.group:
        await end(caller, "group", claim.group, "DELETE", f"/v1/groups/{claim.group}")


async def forget(caller):
    names = named()
    await end(caller, "identity", identity(names), "DELETE", "/v1/remembered", names)


async def end_all_of_a_face(caller):
    face = random.choice(["registry", "leases", "projects", "manager"])
    await end(caller, "face", face, "DELETE", "/v1/holds", {"face": face})


async def clean_up(caller):
    exited = list(caller.crowd.exited)
    answer = await caller.request("POST", "/ports/cleanup")
    for number, at in exited:
        is_certain = answer.status == 200 and at < answer.sent
        caller.crowd.history.end("owner", f"{number} and grace", answer.sent, answer.received, is_certain)


async def heartbeat_of_a_lease(caller):
    claim = caller.crowd.some_claim()
    if claim and claim.face == "leases":
        answer = await caller.request("POST", "/heartbeat", {"port": claim.port})
        record_heartbeat(caller, "port", claim.port, "leases", answer)


async def heartbeat_by_id(caller):
    claim = caller.crowd.some_claim()
    if claim and claim.ttl and claim.id:
        answer = await caller.request("POST", f"/v1/allocations/{claim.id}/heartbeat", {"face": claim.face})
        record_heartbeat(caller, "id", claim.id, claim.face, answer)


def record_heartbeat(caller, kind, value, face, answer):
    if answer.status in (None, 200):
        caller.crowd.history.heartbeat(kind, value, face, answer.sent, answer.received, answer.status == 200)


async def read(caller):
    path = random.choice(["/list", "/ports/active", "/v1/groups", f"/v1/ports/{random.choice(PORTS)}"])
    await caller.request("GET", path)


# The same operations by programs.


async def started(crowd, *words):
    await crowd.is_up.wait()
    crowd.count_operation()
    crowd.counts["programs"] += 1
    return await asyncio.create_subprocess_exec(
        *words,
        env=crowd.daemon.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


async def program(caller, *words):
    """Runs a program to its end. The body is None if it failed, for instance because the daemon was killed."""
    began = time.monotonic()
    process = await started(caller.crowd, *words)
    output, _ = await process.communicate()
    text = output.decode().strip() if process.returncode == 0 else None
    if process.returncode == 0:
        caller.succeed()
    return Answer(process.returncode, text, began, time.monotonic())


async def command(caller, name, *words):
    return await program(caller, BINARIES / name, *words)


def claim_printed(crowd, answer, identity, **held):
    held |= dict(sent=answer.sent, received=answer.received)
    if answer.body is None:
        crowd.history.claim(identity, **held)
    else:
        crowd.claim(identity, port=int(answer.body), **held)


async def command_port(caller):
    names = named()
    answer = await command(caller, "portctl", "port", identity(names))
    claim_printed(caller.crowd, answer, identity(names))


async def command_get_port(caller):
    name = shared_name()
    number, process = caller.crowd.some_owner()
    answer = await command(caller, "get-port", name, "--pid", f"{process.pid}")
    claim_printed(caller.crowd, answer, f"{name}/default/default", face="projects", owner=f"{number} and grace")


async def command_port_manager(caller):
    names = named()
    words = "--app", names["app"], "--worktree", "main", "--label", names["service"], "--json"
    answer = await command(caller, "port-manager", *random.choice([["--allocate"], ["20120"]]), *words)
    if answer.body is not None:
        answer = answer._replace(body=json.loads(answer.body)["port"])
    claim_printed(caller.crowd, answer, identity(names), face="manager", is_new=True)


async def command_release(caller):
    if claim := caller.crowd.some_claim():
        kind, value, *words = random.choice([
            ("port", claim.port, "portctl", "release", f"{claim.port}"),
            ("identity", claim.identity, "portctl", "release", claim.identity),
            ("identity", claim.identity, "release-port", claim.identity),
            ("port", claim.port, "release-port", f"{claim.port}"),
            ("port", claim.port, "port-manager", "--release", f"{claim.port}"),
        ])
        answer = await command(caller, *words)
        caller.crowd.history.end(kind, value, answer.sent, answer.received, answer.status == 0)


async def command_run(caller):
    """`portctl run`: the command holds its port while it lives."""
    crowd = caller.crowd
    names = named()
    crowd.owner_count += 1
    number = f"{crowd.owner_count}"
    began = time.monotonic()
    process = await started(
        crowd, BINARIES / "portctl", "run", identity(names), "--", "sh", "-c", "echo $PORT; read line"
    )
    line = (await process.stdout.readline()).decode()
    answer = Answer(None, line if line.endswith("\n") else None, began, time.monotonic())
    claim_printed(crowd, answer, identity(names), face="leases", owner=number)
    if answer.body is not None:
        caller.succeed()
    caller.operation = ensure
    await ensure(caller)
    ended = time.monotonic()
    process.stdin.close()
    await process.wait()
    crowd.history.end("owner", number, ended, time.monotonic() + PROMPT)


async def embed(caller):
    """A program that embeds the registry, on the daemon's file."""
    app = named()["app"]
    answer = await program(caller, os.environ["PORTCTL_EMBEDDER"], "allocate", app, "1", "20120", "20179")
    if answer.body is not None:
        answer = answer._replace(body=answer.body.split()[1])
    claim_printed(caller.crowd, answer, f"{app}/default/s0", face="manager", is_new=True)


async def embed_for_an_owner(caller):
    number, process = caller.crowd.some_owner()
    answer = await program(caller, os.environ["PORTCTL_EMBEDDER"], "own", f"{process.pid}")
    claim_printed(caller.crowd, answer, "unnamed/default/port", face="manager", owner=f"{number}", is_new=True)


OPERATIONS = {
    ensure: 12, ensure_a_shared_name: 5, allocate_a_new_one: 5, allocate_a_further_one: 8, allocate_exclusively: 3,
    request_a_port: 6, prefer_a_port: 3, reserve: 4, allocate_a_group: 5, lease: 14, request_for_a_project: 12,
    release_by_id: 10, release_by_service: 5, release_by_filter: 3, release_an_app: 0.3, release_by_port: 10,
    release_a_project: 4, release_a_group: 5, forget: 2, end_all_of_a_face: 0.1, clean_up: 1,
    heartbeat_of_a_lease: 8, heartbeat_by_id: 4, read: 2,
    command_port: 0.1, command_get_port: 0.1, command_port_manager: 0.1, command_release: 0.3, command_run: 0.1,
    embed: 0.1, embed_for_an_owner: 0.1,
}  # fmt: skip


async def client(caller):
    kinds, weights = list(OPERATIONS), list(OPERATIONS.values())
    while caller.crowd.has_work():
        caller.operation, = random.choices(kinds, weights)
        await caller.operation(caller)
    caller.disconnect()


async def kill_owners(crowd):
    """Ends a process that owns ports, and starts another one."""
    while crowd.has_work():
        await crowd.some_operations(350)
        crowd.end_owner(random.choice(list(crowd.owners)))
        crowd.start_owner()


async def kill_daemon(crowd):
    """Kills the daemon repeatedly, and keeps the first listing of each new one."""
    crowd.is_up.set()
    while crowd.has_work():
        await crowd.some_operations(2600)
        crowd.is_up.clear()
        await asyncio.to_thread(crowd.daemon.kill)
        await asyncio.to_thread(crowd.daemon.start, listen=ADDRESS)
        crowd.counts["kills"] += 1
        crowd.is_up.set()
        await keep_listing(crowd)


async def keep_listing(crowd):
    caller = Caller(crowd)
    answer = await caller.request("GET", "/v1/allocations")
    caller.disconnect()
    listing = [entry | {"identity": identity(entry), "replica": entry.get("replica", 0)} for entry in answer.body]
    crowd.listings.append((listing, answer.sent, answer.received))


async def live(daemon, operations, *others):
    """Runs 64 clients, 16 of them over TCP, beside tasks that end owners, kill the daemon, and do the others' work."""
    crowd = Crowd(daemon, operations)
    for _ in range(16):
        crowd.start_owner()
    async with asyncio.timeout(300), asyncio.TaskGroup() as group:
        for number in range(64):
            group.create_task(client(Caller(crowd, tcp=number % 4 == 0)))
        for other in (kill_owners, kill_daemon, *others):
            group.create_task(other(crowd))
    await keep_listing(crowd)
    for number in list(crowd.owners):
        crowd.end_owner(number)
    crowd.history.work_out()
    return crowd
