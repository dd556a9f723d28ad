"""Scenarios about other users, and what the kernel hides."""

import os
import shutil

from rows_holds import marker_of, port_of
from table import scenario
from world import FOREIGN, MINE, OTHER, SUBORDINATE, SYSTEM, UNKNOWN


def start_as(world, user, directory="/", *, daemon=True):
    """A process that root started, and that became the user's."""
    actor = world.start("/", options=["daemon"] if daemon else [], as_root=True)
    if str(directory) != "/":
        actor.change_directory(path=str(directory))
    if user:
        actor.become(user=user)
    return actor


@scenario("another person's server is foreign", FOREIGN, needs="root", faces=True)
def _(world):
    """Step 4: the socket is another person's, although the process is an orphan in no checkout."""
    web = world.repository().port("web")
    start_as(world, OTHER).listen(web.port)
    return web


@scenario("another person's server in the worktree itself is foreign", FOREIGN, needs="root")
def _(world):
    """Step 4 comes before the checkout of step 5."""
    b = world.repository().worktree()
    web = b.port("web")
    start_as(world, OTHER, b).listen(web.port)
    return web


@scenario("another person's server with the service's marker is foreign", FOREIGN, needs="root")
def _(world):
    """Step 4 comes before the marker of step 5."""
    shop = world.repository()
    tool, mark = marker_of(world, shop, "web")
    actor = world.start("/", options=["daemon"], PORTCTL_MARK=mark)
    actor.become(user=OTHER)
    actor.listen(port_of(tool))
    return shop.service("web", port_of(tool))


@scenario("a system user's daemon is unknown", UNKNOWN, needs="root")
def _(world):
    """No person: below UID_MIN. Step 6: an orphan that started after the hold and stands in no checkout."""
    db = world.repository().port("db")
    start_as(world, SYSTEM).listen(db.port)
    return db


# The rows below: the daemon and the commands are a user's, who may not read about other users' processes.


@scenario("a server of mine is mine to a daemon without root", MINE, needs="root", world="world_of_user", faces=True)
def _(world):
    """Step 5: own processes can be read."""
    shop = world.repository()
    web = shop.port("web")
    world.serve(shop, web.port)
    return web


@scenario("a process of root that the kernel hides is unknown", UNKNOWN, needs="root", world="world_of_user",
          faces=True)
def _(world):
    """Step 6: the process is not known, and root is no person. It even stands in another checkout."""
    web = world.repository().port("web")
    start_as(world, None, world.repository("other")).listen(web.port)
    return web


@scenario("a process of root in my own worktree that the kernel hides is unknown", UNKNOWN, needs="root",
          world="world_of_user")
def _(world):
    """What the kernel hides is never mine."""
    shop = world.repository()
    web = shop.port("web")
    start_as(world, None, shop).listen(web.port)
    return web


@scenario("another person's hidden server is foreign", FOREIGN, needs="root", world="world_of_user", faces=True)
def _(world):
    """Step 4: the socket's user is enough."""
    shop = world.repository()
    web = shop.port("web")
    start_as(world, OTHER, shop).listen(web.port)
    return web


@scenario("a system user's hidden server is unknown", UNKNOWN, needs="root", world="world_of_user")
def _(world):
    """Step 6: the process is not known, and a system user is no person."""
    db = world.repository().port("db")
    start_as(world, SYSTEM).listen(db.port)
    return db


@scenario("a process in a container of mine without root is unknown", UNKNOWN, needs="root",
          world="world_of_user_with_subordinates")
def _(world):
    """A user of the range that /etc/subuid gives me is no other person; the kernel hides the process (step 6)."""
    web = world.repository().port("web")
    start_as(world, SUBORDINATE).listen(web.port)
    return web


def setuid_program(world, user):
    """A copy of the interpreter that runs as this user, whoever starts it."""
    program = world.root / f"setuid-{user}"
    shutil.copy(os.path.realpath("/usr/bin/python3"), program)
    os.chown(program, user, user)
    program.chmod(0o6755)
    return program.name


@scenario("a program with root's rights that my command started is not mine without proof", UNKNOWN, needs="root",
          world="world_of_user")
def _(world):
    """A setuid program: its socket is root's, and its directory and environment cannot be read. The service has no
    owner, so that step 6 is left: the process is not known."""
    shop = world.repository()
    web = shop.port("web")
    world.serve(shop, web.port, program=setuid_program(world, 0))
    return web


@scenario("a program with another person's rights is foreign", FOREIGN, needs="root", world="world_of_user")
def _(world):
    """A setuid program: step 4, the socket is another person's."""
    shop = world.repository()
    web = shop.port("web")
    world.serve(shop, web.port, program=setuid_program(world, OTHER))
    return web
