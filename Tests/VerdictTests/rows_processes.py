"""Scenarios about programs: tmux, editors, and what programs change of themselves."""


from rows_holds import marker_of, port_of, start_running
from table import scenario
from world import FOREIGN, MINE, NONE, UNKNOWN

# A terminal multiplexer: its server keeps the environment and the directory of whoever started it first.


def tmux(world, checkout, *through, **environment):
    """A new tmux server, started in the checkout. Returns a function that starts an actor in a new window."""
    command = ["tmux", "-S", str(world.root / "tmux"), "-f", "/dev/null"]
    ended = world.completed(checkout, *through, *command, "new-session", "-d", "-s", "x", "sleep 600", **environment)
    assert ended.returncode == 0, ended
    world.cleanups.append(lambda: world.completed("/", *command, "kill-server"))

    def start(directory):
        ended = world.completed("/", *command, "new-window", "-d", "-c", str(directory), " ".join(world.command()))
        assert ended.returncode == 0, ended
        return world.arrived()

    return start


@scenario("a server in tmux is mine in its worktree", MINE, needs="tmux")
def _(world):
    """Step 5 by its checkout. tmux's server is a daemon."""
    b = world.repository().worktree()
    web = b.port("web")
    tmux(world, b)(b).listen(web.port)
    return web


@scenario("a server of worktree B in A's tmux is mine in B", MINE, needs="tmux", faces=True)
def _(world):
    """Step 5: only its own directory counts, not that of tmux, nor A's marker in its environment."""
    a = world.repository()
    b = a.worktree()
    start = tmux(world, a, "portctl", "run", "term", "--quiet", "--")
    web = b.port("web")
    start(b).listen(web.port)
    return web


@scenario("a server of worktree B in A's tmux is foreign on A's port", FOREIGN, needs="tmux")
def _(world):
    """Step 4 comes before A's marker, which it inherited."""
    a = world.repository()
    tool, mark = marker_of(world, a, "web")
    tmux(world, a, PORTCTL_MARK=mark)(a.worktree()).listen(port_of(tool))
    return a.service("web", port_of(tool))


# An editor: one process that lives long and starts the shells of all worktrees.


def editor(world):
    """A stand-in for VS Code, which no package of Debian or PyPI has."""
    return world.start(world.directory("home"), options=["daemon"])


@scenario("a server from an editor's terminal is mine in its worktree", MINE)
def _(world):
    """Step 5 by the checkout of the server."""
    code, shop = editor(world), world.repository()
    b = shop.worktree()
    web = b.port("web")
    world.start(b, parent=world.start(b, parent=code)).listen(web.port)
    return web


@scenario("a server from the editor's other terminal is foreign", FOREIGN)
def _(world):
    """Step 4."""
    code, shop = editor(world), world.repository()
    b = shop.worktree()
    web = b.port("web")
    world.start(b, parent=code)
    world.start(shop, parent=world.start(shop, parent=code)).listen(web.port)
    return web


@scenario("a server of worktree A is foreign in B though the editor owns both ports", FOREIGN)
def _(world):
    """get-port by a task of the editor: its process is the owner of both. Step 4 comes before step 5."""
    code, a = editor(world), world.repository()
    b = a.worktree()
    code.run("get-port", directory=str(a))
    port = int(code.run("get-port", directory=str(b)))
    world.start(a, parent=code).listen(port)
    return b.service("default", port)


@scenario("a server of worktree B is mine in B though the editor owns both ports", MINE)
def _(world):
    """Step 4: the nearest owner is this service's, too. Step 5."""
    code, a = editor(world), world.repository()
    b = a.worktree()
    code.run("get-port", directory=str(a))
    port = int(code.run("get-port", directory=str(b)))
    world.start(b, parent=code).listen(port)
    return b.service("default", port)


# Programs that change what is read of them.


@scenario("a server under `run` that changes its directory to another worktree is mine", MINE)
def _(world):
    """Step 2: an owner, wherever it stands."""
    a = world.repository()
    server, web = start_running(world, a.worktree(), "web")
    server.change_directory(path=str(a))
    return web


@scenario("a child under `run` that changes its directory to / is mine", MINE)
def _(world):
    """Step 5: descends from an owner."""
    shop = world.repository()
    tool = world.run(shop, "web")
    server = world.start(shop, parent=tool)
    server.change_directory(path="/")
    server.listen(port_of(tool))
    return shop.service("web", port_of(tool))


@scenario("a hand-started server that changes its directory once it was proven is mine", MINE)
def _(world):
    """Step 2: proven before, the same process and the same socket. Asked before, so that it was."""
    b = world.repository().worktree()
    web = b.port("web")
    server = world.serve(b, web.port)
    assert web.verify()["verdict"] == MINE
    server.change_directory(path="/")
    return web


@scenario("a hand-started server that was proven, changed its directory and listens again is foreign", FOREIGN)
def _(world):
    """Another socket: nothing was proven of it. Step 7: no orphan, no directory, no marker."""
    b = world.repository().worktree()
    web = b.port("web")
    server = world.serve(b, web.port)
    assert web.verify()["verdict"] == MINE
    server.change_directory(path="/")
    server.close(port=web.port)
    server.listen(web.port)
    return web


@scenario("a server of another worktree that moved into mine is mine", MINE)
def _(world):
    """Step 5: the directory is read when it is asked. A limit of what can be known."""
    a = world.repository()
    b = a.worktree()
    web = b.port("web")
    server = world.start(a)
    server.change_directory(path=str(b))
    server.listen(web.port)
    return web


@scenario("a server that calls itself docker-proxy is decided by its `run`", MINE)
def _(world):
    """Step 2 comes before step 3."""
    server, web = start_running(world, world.repository(), "web")
    server.rename(name="docker-proxy")
    return web


@scenario("a server of another worktree with the title of mine is foreign", FOREIGN)
def _(world):
    """Names and arguments prove nothing (step 4)."""
    a = world.repository()
    b = a.worktree()
    web = b.port("web")
    world.serve(a, web.port).rename(name=str(b))
    return web


@scenario("a server of another worktree with mine in its PWD is foreign", FOREIGN)
def _(world):
    """Step 4: the kernel's working directory counts, no variable."""
    a = world.repository()
    b = a.worktree()
    web = b.port("web")
    world.start(a, PWD=str(b)).listen(web.port)
    return web


# Pids that come again.


def reuse(pid, start):
    """Starts processes until one has this pid: the kernel gives the number after the one that was written last."""
    for _ in range(200):
        with open("/proc/sys/kernel/ns_last_pid", "w") as file:
            file.write(str(pid - 1))
        actor = start()
        if actor.pid == pid:
            return actor
        actor.end()
    raise AssertionError(f"pid {pid} did not come again")


@scenario("a process with the pid of a dead owner is not the owner", UNKNOWN, needs="root")
def _(world):
    """An owner is a pid and what makes it unique. A NAME without directory and living owner: step 6, never mine."""
    name = f"name{world.number}"
    shop = world.repository()
    owner = world.start(shop)
    port = int(shop.printed("get-port", name, "--pid", str(owner.pid)))
    owner.end()
    world.processes[-1].wait()
    reuse(owner.pid, lambda: world.start(shop)).listen(port)
    return shop.service(name, port)


@scenario("a server in another worktree with the pid of a dead owner inherits nothing", FOREIGN, needs="root", says="runs in")
def _(world):
    """Step 2 asks for the very process; and an owner that has ended proves nothing about whoever has its pid (step 4)."""
    a = world.repository()
    tool = world.run(a, "web")
    port = port_of(tool)
    b = a.worktree()
    # Nobody but the daemon could tell, and it learns of the exit only afterwards.
    world.daemon.pause()
    tool.end()
    world.processes[-1].wait()
    reuse(tool.pid, lambda: world.start(b)).listen(port)
    world.daemon.resume()
    return a.service("web", port)


@scenario("a process with the pid of a server that was proven is not that server", FOREIGN, needs="root")
def _(world):
    """Proven was the other process. Step 4."""
    a = world.repository()
    b = a.worktree()
    web = b.port("web")
    server = world.serve(b, web.port)
    assert web.verify()["verdict"] == MINE
    server.end()
    world.processes[-1].wait()
    reuse(server.pid, lambda: world.start(a)).listen(web.port)
    return web


@scenario("a server that ends leaves nobody", NONE, faces=True)
def _(world):
    """What was proven is gone with its process."""
    b = world.repository().worktree()
    web = b.port("web")
    server = world.serve(b, web.port)
    assert web.verify()["verdict"] == MINE
    server.end()
    world.processes[-1].wait()
    return web
