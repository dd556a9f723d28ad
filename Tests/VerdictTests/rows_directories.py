"""Scenarios about directories, checkouts and worktrees."""


import shutil

from table import scenario
from world import FOREIGN, MINE, NONE


@scenario("nobody listens on an allocated port", NONE, faces=True)
def _(world):
    """Without a listener there is nothing to decide."""
    return world.repository().port("web")


@scenario("a server of the service's own worktree is mine", MINE, faces=True)
def _(world):
    """Started by hand after `port`: no owner, no marker; step 5, its nearest checkout is the service's."""
    b = world.repository().worktree()
    web = b.port("web")
    world.serve(b, web.port)
    return web


@scenario("a server of worktree A on B's port is foreign in B", FOREIGN, faces=True, says=lambda world: world.a_says)
def _(world):
    """Step 4: its nearest checkout is another worktree of the same repository. The answer names A's directory."""
    a = world.repository()
    web = a.worktree().port("web")
    a.port("web")
    world.serve(a, web.port)
    world.a_says = str(a)
    return web


@scenario("a server on A's own port stays mine in A while A's other server is on B's", MINE, faces=True)
def _(world):
    """Step 5 for A: what A's processes do elsewhere does not matter."""
    a = world.repository()
    b_web, a_web = a.worktree().port("web"), a.port("web")
    world.serve(a, b_web.port)
    world.serve(a, a_web.port)
    return a_web


@scenario("a server of another repository is foreign", FOREIGN, faces=True)
def _(world):
    """Step 4: any other checkout."""
    web = world.repository().port("web")
    world.serve(world.repository("other"), web.port)
    return web


@scenario("a server in a directory within the worktree is mine", MINE)
def _(world):
    """Step 5: the nearest .git is that of the worktree above it."""
    shop = world.repository()
    web = shop.port("web")
    world.serve(shop / "packages/web/src", web.port)
    return web


@scenario("a daemon that stands in the worktree is mine", MINE)
def _(world):
    """Step 5 comes before step 6: an orphan with a checkout is decided by its checkout."""
    b = world.repository().worktree()
    web = b.port("web")
    world.serve_daemon(web.port, b)
    return web


@scenario("a daemon that stands in another worktree is foreign", FOREIGN)
def _(world):
    """Step 4 does not ask who started it."""
    a = world.repository()
    web = a.worktree().port("web")
    world.serve_daemon(web.port, a)
    return web


@scenario("a server of a project without git is mine in its directory", MINE, faces=True)
def _(world):
    """Step 5: without a .git the nearest recorded directory is that of the service."""
    plain = world.directory("plain")
    web = plain.port("web")
    world.serve(plain / "src", web.port)
    return web


@scenario("a server of another recorded project without git is foreign", FOREIGN, faces=True)
def _(world):
    """Step 4: its nearest recorded directory is another service's."""
    plain, other = world.directory("plain"), world.directory("neighbor")
    web = plain.port("web")
    other.port("web")
    world.serve(other, web.port)
    return web


@scenario("a server from a terminal in no checkout is foreign to a service with a directory", FOREIGN)
def _(world):
    """Step 7: the service has a directory, the process is known, no orphan, and nothing ties it to the service."""
    plain = world.directory("plain")
    web = plain.port("web")
    world.serve(world.directory("unrecorded"), web.port)
    return web


@scenario("a project without git within a repository that is asked from the project is decided by the .git", MINE)
def _(world):
    """The nearest .git comes before recorded directories: the directory within it is the repository's project."""
    shop = world.repository()
    web = (shop / "tool").port("web")
    world.serve(shop, web.port)
    return web


@scenario("a server in a submodule is mine in the worktree around it", MINE)
def _(world):
    """A submodule's checkout is the one around it."""
    shop, library = world.repository(), world.repository("library")
    shop.git("submodule", "add", "-q", str(library), "vendor/library")
    web = shop.port("web")
    world.serve(shop / "vendor/library", web.port)
    return web


@scenario("a server in a linked worktree's submodule is foreign in the main checkout", FOREIGN)
def _(world):
    """A submodule's checkout is the one around it, which is another worktree here (step 4)."""
    shop, library = world.repository(), world.repository("library")
    shop.git("submodule", "add", "-q", str(library), "vendor/library")
    shop.commit()
    b = shop.worktree()
    b.git("submodule", "update", "-q", "--init")
    web = shop.port("web")
    world.serve(b / "vendor/library", web.port)
    return web


@scenario("a server in a clone that lies within the checkout is foreign", FOREIGN)
def _(world):
    """A repository of its own, not a submodule: the nearest .git is another checkout (step 4)."""
    shop = world.repository()
    web = shop.port("web")
    clone = shop / "clone"
    clone.git("init", "-q")
    world.serve(clone, web.port)
    return web


@scenario("a server in an unregistered worktree within main is foreign in main", FOREIGN, faces=True)
def _(world):
    """Step 4: another worktree of the same repository, known to the registry or not. It lies below main's directory."""
    shop = world.repository()
    nested = shop.worktree(path=".claude/worktrees/x")
    web = shop.port("web")
    world.serve(nested, web.port)
    return web


@scenario("a server of main is foreign in the worktree that lies within main", FOREIGN)
def _(world):
    """Step 4, the other way round."""
    shop = world.repository()
    web = shop.worktree(path=".claude/worktrees/x").port("web")
    world.serve(shop, web.port)
    return web


@scenario("a server of the worktree that lies within main is mine there", MINE)
def _(world):
    """Step 5: the nearest .git, not the outermost one."""
    nested = world.repository().worktree(path=".claude/worktrees/x")
    web = nested.port("web")
    world.serve(nested / "src", web.port)
    return web


@scenario("a server in a plain directory below .claude/worktrees is mine in main", MINE)
def _(world):
    """Without a .git of its own it belongs to the checkout around it (step 5)."""
    shop = world.repository()
    web = shop.port("web")
    world.serve(shop / ".claude/worktrees/x", web.port)
    return web


@scenario("a worktree of a bare repository is told from its neighbor", FOREIGN)
def _(world):
    """Step 4: both are linked worktrees of one repository, which has no main checkout."""
    bare = world.directory("bare")
    bare.git("clone", "-q", "--bare", str(world.repository("origin")), str(bare / ".bare"))
    hub = bare / ".bare"
    a, b = hub.worktree("one"), hub.worktree("two")
    web = b.port("web")
    world.serve(a, web.port)
    return web


@scenario("a server of a worktree that was moved is mine", MINE)
def _(world):
    """The directory is the same: device and inode decide, not its path."""
    shop = world.repository()
    b = shop.worktree()
    web = b.port("web")
    world.serve(b, web.port)
    moved = world.root / "moved"
    shop.git("worktree", "move", str(b), str(moved))
    return type(web)(type(b)(world, moved), "web", web.port)


@scenario("a server that was started through a symbolic link is mine", MINE, faces=True)
def _(world):
    """Compared by device and inode. The port was allocated through the link, too."""
    b = world.repository().worktree()
    link = world.root / "link"
    link.symlink_to(b.path)
    web = type(b)(world, link).port("web")
    world.serve(b, web.port)
    return web


@scenario("a server in another worktree's directory that a link in mine leads to is foreign", FOREIGN)
def _(world):
    """The kernel's working directory is the target of the link (step 4)."""
    a = world.repository()
    b = a.worktree()
    web = b.port("web")
    (b.path / "link").symlink_to(a.path)
    world.serve(b.path / "link", web.port)
    return web


@scenario("a directory that is really called deleted is a directory", MINE, faces=True)
def _(world):
    """The kernel appends the same words to removed directories; the link count is the fact."""
    shop = world.repository()
    path = world.root / "feat (deleted)"
    shop.git("worktree", "add", "-q", "--detach", str(path))
    b = type(shop)(world, path)
    web = b.port("web")
    world.serve(b, web.port)
    return web


@scenario("a server of a removed worktree is foreign", FOREIGN, says="removed")
def _(world):
    """Step 1: its hold was placed for a directory that was removed. Asked from main, by the identity."""
    shop = world.repository()
    b = shop.worktree()
    web = b.port("web")
    held = world.daemon.allocation(web.port)
    world.serve(b, web.port)
    shop.remove_worktree(b)
    return shop.service(f"{held['app']}/{held['instance']}/web", web.port)


@scenario("a server that `run` became in a removed worktree is foreign", FOREIGN, says="removed")
def _(world):
    """Step 1 comes before step 2: it is an owner, but its hold was placed for a directory that was removed."""
    shop = world.repository()
    b = shop.worktree()
    server = world.run(b, "web")
    port = int(server.environment()["PORT"])
    server.listen(port)
    held = world.daemon.allocation(port)
    shop.remove_worktree(b)
    return shop.service(f"{held['app']}/{held['instance']}/web", port)


@scenario("the old server is foreign in a worktree that was removed and made again", FOREIGN, says="removed")
def _(world):
    """Step 1: the directory at the path has another inode or birth time than when the hold was placed."""
    shop = world.repository()
    b = shop.worktree()
    server = world.run(b, "web")
    port = int(server.environment()["PORT"])
    server.listen(port)
    shop.remove_worktree(b)
    return shop.worktree().service("web", port)


@scenario("a hand-started server of before is foreign in a worktree that was made again", FOREIGN, says="removed")
def _(world):
    """As before, with a permanent hold, which `port` placed."""
    shop = world.repository()
    b = shop.worktree()
    web = b.port("web")
    world.serve(b, web.port)
    shop.remove_worktree(b)
    return shop.worktree().service("web", web.port)


@scenario("a server whose directory within the worktree was removed keeps its `run`", MINE)
def _(world):
    """Step 2: it is an owner, and its hold's directory is there: only `dist` within it is gone."""
    shop = world.repository()
    dist = shop / "dist"
    server = world.run(dist, "web")
    port = int(server.environment()["PORT"])
    server.listen(port)
    dist.path.rmdir()
    return shop.service("web", port)


@scenario("a server of a worktree with a broken .git file is mine there", MINE)
def _(world):
    """The directory of the nearest .git, whatever it says: the service's directory, by device and inode."""
    b = world.repository().worktree()
    web = b.port("web")
    (b.path / ".git").write_text("gitdir: /nowhere/at/all\n")
    world.serve(b, web.port)
    held = world.daemon.allocation(web.port)
    return b.service(f"{held['app']}/{held['instance']}/web", web.port)


@scenario("a server of a worktree with a broken .git file is foreign in main", FOREIGN)
def _(world):
    """Another checkout, even though nobody can say of which repository (step 4)."""
    shop = world.repository()
    b = shop.worktree()
    web = shop.port("web")
    (b.path / ".git").write_text("gitdir: /nowhere/at/all\n")
    world.serve(b, web.port)
    return web


@scenario("a server of a worktree whose .git file is being rewritten is mine", MINE)
def _(world):
    """An empty .git file, as it is for a moment: still the nearest one."""
    b = world.repository().worktree()
    web = b.port("web")
    world.serve(b, web.port)
    held = world.daemon.allocation(web.port)
    (b.path / ".git").write_text("")
    return b.service(f"{held['app']}/{held['instance']}/web", web.port)


def in_a_mount_namespace(world, script, *paths):
    """The words that start a command in a mount namespace of its own, after a script with $1, $2 …"""
    words = ["unshare", "--mount", "sh", "-ec", f'{script}; shift {len(paths)}; exec "$@"', "sh"]
    return [*words, *(str(path) for path in paths)]


@scenario("a server in a bind mount of the worktree is mine", MINE, needs="root")
def _(world):
    """Compared by device and inode, through the root of the process's mount namespace (step 5)."""
    b = world.repository().worktree()
    web = b.port("web")
    place = world.root / "app"
    place.mkdir()
    server = world.start("/", *in_a_mount_namespace(world, 'mount --bind "$1" "$2"; cd "$2"', b, place))
    server.listen(web.port)
    return web


@scenario("a server at the worktree's path, with another worktree mounted there, is foreign", FOREIGN, needs="root")
def _(world):
    """In its mount namespace the path of B is A's directory. Device and inode are A's (step 4)."""
    a = world.repository()
    b = a.worktree()
    web = b.port("web")
    server = world.start("/", *in_a_mount_namespace(world, 'mount --bind "$1" "$2"; cd "$2"', a, b))
    server.listen(web.port)
    return web


@scenario("a server at the worktree's path, with an empty filesystem mounted there, is foreign", FOREIGN, needs="root")
def _(world):
    """In no checkout, no orphan: step 7. Only the path looks like the service's directory."""
    b = world.repository().worktree()
    web = b.port("web")
    server = world.start("/", *in_a_mount_namespace(world, 'mount -t tmpfs none "$1"; cd "$1"', b))
    server.listen(web.port)
    return web


@scenario("a hand-started service of a monorepo is mine beside one with an owner", MINE)
def _(world):
    """Step 5, with a sibling that has a living owner: its nearest owner is nobody."""
    shop = world.repository()
    web = shop.port("web")
    api = world.run(shop, "api")
    api.listen(int(api.environment()["PORT"]))
    world.serve(shop, web.port)
    return web


@scenario("a server of a main checkout that was renamed is mine", MINE)
def _(world):
    """Nothing was removed: the directory has another path, and keeps its ports (step 5, by device and inode)."""
    shop = world.repository()
    web = shop.port("web")
    world.serve(shop, web.port)
    renamed = world.root / "renamed"
    shop.path.rename(renamed)
    return type(shop)(world, renamed).service("web", web.port)


@scenario("a server of a directory without git that was renamed is mine", MINE)
def _(world):
    """As before; the registry finds the directory again by its inode."""
    plain = world.directory("plain")
    web = plain.port("web")
    world.serve(plain, web.port)
    renamed = world.root / "renamed"
    plain.path.rename(renamed)
    return type(plain)(world, renamed).service("web", web.port)


@scenario("the old server is foreign in a main checkout that was cloned again", FOREIGN, says="removed")
def _(world):
    """Step 1: at the path is a directory of another inode or birth time, whatever kind of checkout it is."""
    shop = world.repository()
    web = shop.port("web")
    world.serve(shop, web.port)
    shutil.rmtree(shop.path)
    shop.path.mkdir()
    shop.git("init", "-q", "-b", "main")
    shop.commit()
    return web


def moved_and_followed(world):
    """A worktree that git moved, with its service, and another worktree at its path. Returns both and the port."""
    shop = world.repository()
    moved = shop.worktree()
    web = moved.port("web")
    path = world.root / "moved"
    shop.git("worktree", "move", str(moved), str(path))
    return type(moved)(world, path), shop.worktree(), web.port


@scenario("a server of a moved worktree is mine though another worktree is at its old path", MINE)
def _(world):
    """Its identity is git's id of the worktree, which has moved with it. Step 5 by inode and birth time."""
    moved, _, port = moved_and_followed(world)
    world.serve(moved, port)
    return moved.service("web", port)


@scenario("a server of the worktree at the old path of a moved one is foreign", FOREIGN)
def _(world):
    """What is at the path is another worktree by git's id. Step 7."""
    moved, other, port = moved_and_followed(world)
    world.serve(other, port)
    return moved.service("web", port)


@scenario("a server in another repository with the inode of a removed one is foreign", FOREIGN)
def _(world):
    """Step 1 and 4: ext4 gives the inode to the next directory; when it was made tells them apart."""
    a = world.repository()
    web = a.port("web")
    inode = a.path.stat().st_ino
    shutil.rmtree(a.path)
    b = None
    for number in range(100):
        found = world.directory(f"next{number}")
        if found.path.stat().st_ino == inode:
            b = found
            break
    # Where inodes do not come again, it is the plain case of another repository.
    b = b or found
    b.git("init", "-q", "-b", "main")
    b.commit()
    world.serve(b, web.port)
    return b.service(f"{a.path.name}/main/web", web.port)


def moved_aside(world, *, is_proven=False):
    """A worktree that was moved without git, and a new one of its name in its place. Returns the new one and the port of
    the old one's server, which may have been asked about before."""
    shop = world.repository()
    old = shop.worktree()
    web = old.port("web")
    world.serve(old, web.port)
    assert not is_proven or web.verify()["verdict"] == MINE
    old.path.rename(world.root / "aside")
    shop.git("worktree", "prune")
    return shop.worktree(), web.port


@scenario("a server of a worktree that was moved aside is foreign in the one that was made in its place", FOREIGN)
def _(world):
    """Step 1: at the path is a directory of another inode, which the hold was not placed for."""
    new, port = moved_aside(world)
    return new.service("web", port)


@scenario("a server of a worktree that was moved aside is still foreign after the new one has its port", FOREIGN)
def _(world):
    """Step 1 or 4, though the new worktree has placed a hold of its own on the allocation, or moved away from it."""
    new, port = moved_aside(world)
    new.printed("portctl", "lookup", "--claim", "web")
    new.portctl("port", "web")
    return new.service("web", port).by(port)


@scenario("a server that was mine before its worktree was moved aside is foreign in the new one", FOREIGN)
def _(world):
    """Step 1 comes before step 2: it was proven for the directory that was there then."""
    new, port = moved_aside(world, is_proven=True)
    return new.service("web", port)


@scenario("a server that was mine before its worktree was moved aside is foreign on the port that the new one left", FOREIGN)
def _(world):
    """As before; the new worktree's service has moved away from it."""
    new, port = moved_aside(world, is_proven=True)
    new.portctl("port", "web")
    return new.service("web", port).by(port)


@scenario("a server of a removed worktree on another worktree's port is foreign", FOREIGN)
def _(world):
    """It is known where it stood: in a directory that was removed, and that never was the service's (step 4 or 7)."""
    shop = world.repository()
    b = shop.worktree()
    web = shop.port("web")
    world.serve(b, web.port)
    shop.remove_worktree(b)
    return web
