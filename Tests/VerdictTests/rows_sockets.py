"""Scenarios about addresses, shared sockets, and ports and URLs as questions."""

from rows_holds import start_running
from table import scenario
from world import FOREIGN, MINE, NONE, UNKNOWN


def two_worktrees(world):
    a = world.repository()
    b = a.worktree()
    return a, b, b.port("web")


@scenario("a server on ::1 alone is mine", MINE, faces=True)
def _(world):
    """It is reached where it is."""
    _, b, web = two_worktrees(world)
    world.serve(b, web.port, "::1")
    return web


@scenario("a server on 127.0.0.9 alone is mine", MINE)
def _(world):
    """It is reached where it is."""
    _, b, web = two_worktrees(world)
    world.serve(b, web.port, "127.0.0.9")
    return web


@scenario("a foreign server on 127.0.0.9 alone is foreign", FOREIGN)
def _(world):
    """The only listener is where the service would be reached (step 4)."""
    a, _, web = two_worktrees(world)
    world.serve(a, web.port, "127.0.0.9")
    return web


@scenario("a foreign server on 127.0.0.9 does not matter while mine is on 127.0.0.1", MINE)
def _(world):
    """The printed address reaches 127.0.0.1."""
    a, b, web = two_worktrees(world)
    world.serve(b, web.port)
    world.serve(a, web.port, "127.0.0.9")
    return web


@scenario("mine on 127.0.0.1 and a foreign one on ::1 is foreign", FOREIGN, faces=True, says=lambda world: world.both)
def _(world):
    """localhost reaches both: foreign if one is. The answer names both."""
    a, b, web = two_worktrees(world)
    world.serve(b, web.port)
    world.serve(a, web.port, "::1")
    world.both = str(a)
    return web


@scenario("mine on ::1 and a foreign one on 127.0.0.1 is foreign", FOREIGN)
def _(world):
    """The other way round."""
    a, b, web = two_worktrees(world)
    world.serve(b, web.port, "::1")
    world.serve(a, web.port)
    return web


@scenario("mine on 127.0.0.1 and an unknown one on ::1 is unknown", UNKNOWN)
def _(world):
    """Unknown if one is, and none is foreign."""
    _, b, web = two_worktrees(world)
    world.serve(b, web.port)
    world.start("/", program="docker-proxy").listen(web.port, "::1")
    return web


@scenario("mine on both addresses is mine", MINE)
def _(world):
    """All that count are."""
    _, b, web = two_worktrees(world)
    world.serve(b, web.port, "127.0.0.1", "::1")
    return web


@scenario("mine on 127.0.0.1 before a foreign one on 0.0.0.0 is mine", MINE)
def _(world):
    """The kernel leads 127.0.0.1 to the more specific socket, and ::1 to nobody."""
    a, b, web = two_worktrees(world)
    world.start(a).listen(web.port, "0.0.0.0", share=True)
    world.start(b).listen(web.port, "127.0.0.1", share=True)
    return web


@scenario("mine on 127.0.0.1 and a foreign one on every address of IPv6 is foreign", FOREIGN)
def _(world):
    """localhost may be ::1, which the foreign one serves."""
    a, b, web = two_worktrees(world)
    world.serve(b, web.port)
    world.serve(a, web.port, "::")
    return web


@scenario("two owners of one address through SO_REUSEPORT are foreign", FOREIGN, faces=True)
def _(world):
    """The kernel leads a connection to either: foreign if one is."""
    a, b, web = two_worktrees(world)
    world.start(b).listen(web.port, share=True)
    world.start(a).listen(web.port, share=True)
    return web


@scenario("two servers of mine on one address through SO_REUSEPORT are mine", MINE)
def _(world):
    """A cluster of one service."""
    _, b, web = two_worktrees(world)
    world.start(b).listen(web.port, share=True)
    world.start(b).listen(web.port, share=True)
    return web


@scenario("one socket in a process of mine and in one of another worktree is foreign", FOREIGN)
def _(world):
    """Each process that has the socket is decided, and foreign if one is."""
    a, b, web = two_worktrees(world)
    server = world.serve(b, web.port)
    server.fork(name=world.name)
    world.arrived().change_directory(path=str(a))
    return web


@scenario("workers that share the socket of their master are mine", MINE)
def _(world):
    """Step 2 for the master, step 5 for the workers."""
    shop = world.repository()
    master, web = start_running(world, shop, "web")
    for _ in range(3):
        master.fork(name=world.name)
        world.arrived()
    return web


@scenario("a port is mine if one of this worktree's services serves there", MINE)
def _(world):
    """`verify PORT` is asked about this worktree."""
    _, b, web = two_worktrees(world)
    world.serve(b, web.port)
    return web.by(web.port)


@scenario("another worktree's port is foreign, though its own server is there", FOREIGN)
def _(world):
    """Asked in A about B's port: what answers there is none of A's services."""
    a, b, web = two_worktrees(world)
    world.serve(b, web.port)
    return a.service("web", web.port).by(web.port)


@scenario("a port that nobody has and nobody serves is none", NONE)
def _(world):
    """Nothing listens."""
    _, b, web = two_worktrees(world)
    port = int(b.printed("portctl", "port", "spare"))
    b.printed("portctl", "forget", "spare")
    return b.service("spare", port).by(port)


@scenario("a URL of 127.0.0.1 is mine, whoever is on ::1", MINE)
def _(world):
    """The listeners that the address reaches count."""
    a, b, web = two_worktrees(world)
    world.serve(b, web.port)
    world.serve(a, web.port, "::1")
    return web.by(f"http://127.0.0.1:{web.port}/path?query")


@scenario("a URL of ::1 is foreign, though mine is on 127.0.0.1", FOREIGN)
def _(world):
    """The listeners that the address reaches count."""
    a, b, web = two_worktrees(world)
    world.serve(b, web.port)
    world.serve(a, web.port, "::1")
    return web.by(f"http://[::1]:{web.port}/")


@scenario("a URL of localhost is foreign if one of both addresses is", FOREIGN)
def _(world):
    """localhost reaches both."""
    a, b, web = two_worktrees(world)
    world.serve(b, web.port)
    world.serve(a, web.port, "::1")
    return web.by(f"http://localhost:{web.port}")


@scenario("a URL of 127.0.0.1 reaches nobody where mine listens on :: for IPv6 alone", NONE)
def _(world):
    """IPV6_V6ONLY: connections of IPv4 are refused."""
    _, b, web = two_worktrees(world)
    world.serve(b, web.port, "::")
    return web.by(f"http://127.0.0.1:{web.port}")


@scenario("a URL of 127.0.0.1 is mine where mine listens on :: for both families", MINE)
def _(world):
    """Without IPV6_V6ONLY, `::` is reached by IPv4, too."""
    _, b, web = two_worktrees(world)
    world.start(b).listen(web.port, "::", both=True)
    return web.by(f"http://127.0.0.1:{web.port}")
