"""Scenarios about owners, markers, and who asked for the port."""


from table import scenario
from world import FOREIGN, MINE, UNKNOWN, Daemon, World


def port_of(actor):
    return int(actor.environment()["PORT"])


def start_running(world, checkout, name, *addresses, **options):
    """A server under `portctl run`, listening. Returns it and the service."""
    server = world.run(checkout, name, **options)
    port = port_of(server)
    server.listen(port, *addresses)
    return server, checkout.service(name, port)


@scenario("a server that `run` became is mine", MINE, faces=True)
def _(world):
    """Step 2: it is an owner itself."""
    return start_running(world, world.repository().worktree(), "web")[1]


@scenario("a child of the command that `run` became is mine", MINE)
def _(world):
    """Step 5: descends from an owner."""
    shop = world.repository()
    tool = world.run(shop, "web")
    port = port_of(tool)
    world.start(shop, parent=tool).listen(port)
    return shop.service("web", port)


@scenario("get-port in one shell and the server in the next is mine by its directory", MINE, faces=True)
def _(world):
    """Without a NAME the project's directory is the service's (step 5). The first shell has ended."""
    shop = world.repository()
    shell = world.start(shop)
    port = int(shell.run("get-port"))
    shell.end()
    world.start(shop, parent=world.start(shop)).listen(port)
    return shop.service("default", port)


@scenario("get-port in a shell that goes on and the server in the next is mine by its directory", MINE)
def _(world):
    """Step 5: its nearest owner is none, so that the living owner of the service does not matter."""
    shop = world.repository()
    port = int(world.start(shop).run("get-port"))
    world.start(shop, parent=world.start(shop)).listen(port)
    return shop.service("default", port)


@scenario("get-port in one worktree's shell and the server in another is foreign", FOREIGN)
def _(world):
    """Step 4."""
    shop = world.repository()
    b = shop.worktree()
    port = int(world.start(b).run("get-port"))
    world.start(shop, parent=world.start(shop)).listen(port)
    return b.service("default", port)


@scenario("get-port NAME in a shell that has ended and the server in the next is unknown", UNKNOWN)
def _(world):
    """A machine-wide NAME has no directory, and its owner is not alive (step 6)."""
    shop, name = world.repository(), f"name{world.number}"
    shell = world.start(shop)
    port = int(shell.run("get-port", name))
    shell.end()
    world.start(shop, parent=world.start(shop)).listen(port)
    return shop.service(name, port)


@scenario("get-port NAME in a shell that goes on and the server in the next is foreign", FOREIGN)
def _(world):
    """It has no directory, but a living owner, of which the server is no descendant; and the server is no orphan."""
    shop, name = world.repository(), f"name{world.number}"
    port = int(world.start(shop).run("get-port", name))
    world.start(shop, parent=world.start(shop)).listen(port)
    return shop.service(name, port)


@scenario("get-port NAME and the server in the same shell is mine", MINE)
def _(world):
    """Step 5: descends from the owner."""
    shop, name = world.repository(), f"name{world.number}"
    shell = world.start(shop)
    port = int(shell.run("get-port", name))
    world.start(shop, parent=shell).listen(port)
    return shop.service(name, port)


@scenario("a port of /alloc by curl is unknown when somebody serves there", UNKNOWN)
def _(world):
    """Neither a directory nor an owner (step 6)."""
    shop, name = world.repository(), f"name{world.number}"
    status, lease = world.daemon.send("POST", "/alloc", {"service_name": name})
    assert status in (200, 201), lease
    world.serve(shop, lease["port"])
    return shop.service(name, lease["port"])


@scenario("a port of /v1/allocations by curl is unknown when somebody serves there", UNKNOWN, faces=True)
def _(world):
    """As before, with a permanent hold."""
    shop = world.repository()
    identity = {"app": shop.path.name, "instance": "main", "service": "web"}
    status, held = world.daemon.send("POST", "/v1/allocations", identity)
    assert status == 201, held
    world.serve(shop, held["port"])
    return shop.service("web", held["port"])


@scenario("an identity spelled out from another repository is unknown", UNKNOWN)
def _(world):
    """Nothing was detected, so that the service has no directory (step 6), wherever the server stands."""
    other = world.repository("other")
    web = other.port(f"spelled{world.number}/main/web")
    world.serve(other, web.port)
    return web


@scenario("an identity that was detected first is decided by its directory, spelled out or not", FOREIGN)
def _(world):
    """The directory of the first request is the service's (step 4)."""
    shop, other = world.repository(), world.repository("other")
    web = shop.port("web")
    again = other.port(f"{shop.path.name}/main/web")
    assert again.port == web.port
    world.serve(other, web.port)
    return again


@scenario("a server that `run` became with an identity of another repository is mine", MINE)
def _(world):
    """Step 2: an owner, wherever it stands."""
    shop, other = world.repository(), world.repository("other")
    web = shop.port("web")
    server = world.run(other, f"{shop.path.name}/main/web")
    server.listen(web.port)
    return web


@scenario("what `run api -- make -C ../other serve` starts is mine", MINE, needs="make", faces=True)
def _(world):
    """Step 4 excepts what descends from a command that `run` became; step 5: descends from an owner."""
    shop, other = world.repository(), world.repository("other")
    (other.path / "Makefile").write_text("serve:\n\t@$(SERVER) & wait\n")
    command = " ".join(world.command())
    make = ["make", "-s", "-C", str(other), "serve", f"SERVER={command}"]
    server = world.run(shop, "api", *make, options=None)
    server.listen(port_of(server))
    return shop.service("api", port_of(server))


@scenario("a daemon of make in another repository, whose make has ended, is foreign", FOREIGN)
def _(world):
    """It carries the marker, but descends from no command any more, and stands in another checkout (step 4)."""
    shop, other = world.repository(), world.repository("other")
    api = shop.port("api")
    tool = world.run(shop, "api")
    assert port_of(tool) == api.port
    daemon = world.start(other, parent=tool, options=["daemon"])
    daemon.change_directory(path=str(other))
    tool.end()
    daemon.listen(api.port)
    return api


@scenario("a database under `run` that became a daemon is mine by its marker", MINE)
def _(world):
    """Two forks, a session of its own, `/`: only the marker is left (step 5)."""
    shop = world.repository()
    tool = world.run(shop, "db")
    port = port_of(tool)
    world.start(shop, parent=tool, options=["daemon"]).listen(port)
    return shop.service("db", port)


@scenario("a database that became a daemon without `run` is unknown", UNKNOWN, faces=True)
def _(world):
    """Step 6: an orphan that started after the hold was placed and stands in no checkout."""
    db = world.repository().port("db")
    world.serve_daemon(db.port)
    return db


@scenario("a daemon from before the hold is foreign", FOREIGN)
def _(world):
    """Step 7: an orphan in no checkout, but it started before the hold was placed."""
    daemon = world.start("/", options=["daemon"])
    db = world.repository().port("db")
    daemon.listen(db.port)
    return db


@scenario("an adopted server is mine wherever it stands", MINE, faces=True)
def _(world):
    """Step 2: its socket was adopted."""
    shop = world.repository()
    port = world.start(world.repository("other")).step("listen", port=0)
    shop.printed("portctl", "allocate", "web", "--adopt", "--port", str(port))
    return shop.service("web", port)


@scenario("a server of another repository after an adopted one is foreign", FOREIGN)
def _(world):
    """The socket that was adopted is gone: step 4."""
    shop, other = world.repository(), world.repository("other")
    adopted = world.start(other)
    port = adopted.step("listen", port=0)
    shop.printed("portctl", "allocate", "web", "--adopt", "--port", str(port))
    adopted.end()
    world.serve(other, port)
    return shop.service("web", port)


@scenario("an adopted server that listens again is proven no more", FOREIGN)
def _(world):
    """Adopted was the socket, not the process: step 4."""
    shop = world.repository()
    adopted = world.start(world.repository("other"))
    port = adopted.step("listen", port=0)
    shop.printed("portctl", "allocate", "web", "--adopt", "--port", str(port))
    adopted.close(port=port)
    adopted.listen(port)
    return shop.service("web", port)


@scenario("services of a monorepo on each other's numbers are foreign while both have owners", FOREIGN, faces=True)
def _(world):
    """Step 4: web's port is served by the owner of api, and web has a living owner."""
    shop = world.repository()
    web, api = world.run(shop, "web"), world.run(shop, "api")
    web.listen(port_of(api))
    api.listen(port_of(web))
    return shop.service("web", port_of(web))


@scenario("the owner of another service is mine while the service itself has no owner", MINE)
def _(world):
    """Step 4 needs a living owner of web. Step 5: the same checkout."""
    shop = world.repository()
    web = shop.port("web")
    world.run(shop, "api").listen(web.port)
    return web


@scenario("two services without owners, swapped within one checkout, cannot be told apart", MINE)
def _(world):
    """Step 5 for both: the same checkout is all there is. docs/right-server.md says so."""
    shop = world.repository()
    web, api = shop.port("web"), shop.port("api")
    world.serve(shop, web.port)
    world.serve(shop, api.port)
    return web


@scenario("a service that runs within another's command is that service's own", MINE)
def _(world):
    """The nearest owner decides: `run web` starts `run api`, which is an owner itself (step 2)."""
    shop = world.repository()
    web = world.run(shop, "web")
    api = world.start(shop, "portctl", "run", "api", "--quiet", "--", parent=web)
    port = port_of(api)
    api.listen(port)
    return shop.service("api", port)


@scenario("a service within another's command that takes the outer one's port is foreign", FOREIGN)
def _(world):
    """Step 4: its nearest owner is api's hold, and web has a living owner, although it descends from that."""
    shop = world.repository()
    web = world.run(shop, "web")
    port = port_of(web)
    world.start(shop, "portctl", "run", "api", "--quiet", "--", parent=web).listen(port)
    return shop.service("web", port)


# Markers.


def marker_of(world, checkout, name):
    """The marker of a service, read from the environment of its command; the command still runs."""
    tool = world.run(checkout, name)
    mark = tool.environment().get("PORTCTL_MARK")
    assert mark, "`run` sets no marker"
    return tool, mark


@scenario("a daemon with the service's marker is mine", MINE)
def _(world):
    """Step 5: carries the marker, and stands in no checkout."""
    shop = world.repository()
    tool, mark = marker_of(world, shop, "web")
    world.serve_daemon(port_of(tool), PORTCTL_MARK=mark)
    return shop.service("web", port_of(tool))


@scenario("a forged marker proves nothing", UNKNOWN)
def _(world):
    """Step 6: as without a marker."""
    shop = world.repository()
    tool, mark = marker_of(world, shop, "web")
    changed = "".join(chr(ord(sign) ^ 1) if sign.isalnum() else sign for sign in mark)
    world.serve_daemon(port_of(tool), PORTCTL_MARK=changed)
    return shop.service("web", port_of(tool))


@scenario("a marker of the same words with a tail proves nothing", UNKNOWN)
def _(world):
    """A marker is compared as a whole."""
    shop = world.repository()
    tool, mark = marker_of(world, shop, "web")
    world.serve_daemon(port_of(tool), PORTCTL_MARK=mark + "0")
    return shop.service("web", port_of(tool))


@scenario("another service's marker proves nothing", UNKNOWN)
def _(world):
    """A marker is of one allocation. Step 6: an orphan in no checkout."""
    shop = world.repository()
    _, mark = marker_of(world, shop, "api")
    web = shop.port("web")
    world.serve_daemon(web.port, PORTCTL_MARK=mark)
    return web


@scenario("another registry's marker proves nothing", UNKNOWN)
def _(world):
    """The number of the allocation is the same, the registry is not. Step 6: an orphan in no checkout."""
    other = World(Daemon())
    world.cleanups += [other.daemon.stop, other.close]
    _, theirs = marker_of(other, other.repository(), "web")
    shop = world.repository()
    tool, ours = marker_of(world, shop, "web")
    (registry, _, _), (own, _, rest) = theirs.partition(":"), ours.partition(":")
    assert registry != own
    world.serve_daemon(port_of(tool), PORTCTL_MARK=f"{registry}:{rest}")
    return shop.service("web", port_of(tool))


@scenario("a marker for the directory of a worktree that was made again is foreign", FOREIGN, says="removed")
def _(world):
    """Step 1 comes before everything: the daemon stands in no checkout, but its marker is of the removed directory."""
    shop = world.repository()
    old = shop.worktree()
    web = old.port("web")
    tool = world.run(old, "web")
    daemon = world.start(old, parent=tool, options=["daemon"])
    tool.end()
    daemon.listen(web.port)
    shop.remove_worktree(old)
    return shop.worktree().service("web", web.port)


@scenario("a released allocation's marker proves nothing", UNKNOWN)
def _(world):
    """A marker is of an allocation, not of a name: this one has ended."""
    shop = world.repository()
    tool, mark = marker_of(world, shop, "web")
    shop.printed("portctl", "release", "web")
    tool.end()
    web = shop.port("web")
    world.serve_daemon(web.port, PORTCTL_MARK=mark)
    return web


@scenario("a marker that a server of another worktree inherited does not make it mine", FOREIGN, faces=True)
def _(world):
    """Step 4 comes before the marker."""
    a = world.repository()
    tool, mark = marker_of(world, a, "web")
    world.serve_daemon(port_of(tool), a.worktree(), PORTCTL_MARK=mark)
    return a.service("web", port_of(tool))


@scenario("a marker of another worktree does not make a server in its own worktree foreign", MINE)
def _(world):
    """A marker is evidence for, never against: step 5 by the checkout."""
    a = world.repository()
    b = a.worktree()
    _, mark = marker_of(world, a, "web")
    web = b.port("web")
    world.serve_daemon(web.port, b, PORTCTL_MARK=mark)
    return web


@scenario("a marker that the program overwrote counts once it was seen", MINE)
def _(world):
    """Ruby, nginx and Postgres overwrite their environment. Asked while it was there; then it listens again."""
    shop = world.repository()
    tool, mark = marker_of(world, shop, "web")
    port = port_of(tool)
    server = world.serve_daemon(port, PORTCTL_MARK=mark)
    web = shop.service("web", port)
    assert web.verify()["verdict"] == MINE
    server.overwrite_environment()
    server.close(port=port)
    server.listen(port)
    return web


@scenario("a marker that was overwritten before anybody could see it proves nothing", UNKNOWN)
def _(world):
    """The absence of a marker is no evidence against: step 6."""
    shop = world.repository()
    tool, mark = marker_of(world, shop, "web")
    server = world.start("/", options=["daemon"], PORTCTL_MARK=mark)
    server.overwrite_environment()
    server.listen(port_of(tool))
    return shop.service("web", port_of(tool))


@scenario("a marker in the arguments instead of the environment proves nothing", UNKNOWN)
def _(world):
    """Step 6: an orphan in no checkout."""
    shop = world.repository()
    tool, mark = marker_of(world, shop, "web")
    world.start("/", options=["daemon", f"PORTCTL_MARK={mark}"]).listen(port_of(tool))
    return shop.service("web", port_of(tool))
