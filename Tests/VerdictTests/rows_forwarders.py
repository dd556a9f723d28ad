"""Scenarios about programs that listen for others: those of containers, and SSH."""

import json
import os
import socket
import subprocess

from table import scenario
from world import MINE, PROGRAMS, UNKNOWN, free_port, wait_until

REAL = ("root", "programs")
WITH_TUNNEL = (*REAL, "tun")
WITH_SSH = (*REAL, "ssh")

# Stand-ins: actors under the names by which portctl recognizes these programs, which no package of Debian has, or which
# need what a sandbox lacks.
STAND_INS = {
    "pasta": "a container's network without root", "gvproxy": "a container in a virtual machine",
    "kubectl": "a cluster",
}


def stand_in(name, purpose):
    def make(world):
        web = world.repository().port("web")
        world.start("/", program=name).listen(web.port)
        return web

    make.__doc__ = f"Step 3: it forwards to {purpose}."
    scenario(f"{name} on the service's port is unknown", UNKNOWN)(make)


for _name, _purpose in STAND_INS.items():
    stand_in(_name, _purpose)


# Containers.


def container_network(world):
    """The pid of a process in a network of its own."""
    return world.launch("unshare", "--net", "sleep", "600").pid


@scenario("docker-proxy, for a container of Docker, is unknown", UNKNOWN, needs=REAL, faces=True)
def _(world):
    """Step 3. What is in the container is not known here."""
    web = world.repository().port("web")
    # It reports on descriptor 3.
    world.launch(
        "sh", "-c", 'exec 3>/dev/null; exec docker-proxy "$@"', "sh", "-proto", "tcp", "-host-ip", "127.0.0.1",
        "-host-port", web.port, "-container-ip", "127.0.0.1", "-container-port", free_port(),
    )
    world.listening(web.port)
    return web


@scenario("rootlesskit, for a container of Docker without root, is unknown", UNKNOWN, needs=WITH_TUNNEL)
def _(world):
    """Step 3."""
    web = world.repository().port("web")
    table = world.root / "subuid"
    table.write_text("root:100000:65536\n")
    script = 'mount --bind "$0" /etc/subuid; mount --bind "$0" /etc/subgid; exec "$@"'
    world.launch(
        "unshare", "--mount", "sh", "-ec", script, table, "rootlesskit", "--net=slirp4netns", "--port-driver=builtin",
        "-p", f"127.0.0.1:{web.port}:80/tcp", "sleep", "600",
    )
    world.listening(web.port)
    return web


@scenario("rootlessport, for a container of Podman without root, is unknown", UNKNOWN, needs=REAL)
def _(world):
    """Step 3. It is started as Podman starts it."""
    web = world.repository().port("web")
    exiting, ready = os.pipe(), os.pipe()
    mapping = {"host_ip": "127.0.0.1", "container_port": 80, "host_port": web.port, "range": 1, "protocol": "tcp"}
    program = world.launch("rootlessport", stdin=subprocess.PIPE, descriptors=(exiting[0], ready[1]))
    settings = {
        "Mappings": [mapping], "NetNSPath": f"/proc/{container_network(world)}/ns/net", "ExitFD": exiting[0],
        "ReadyFD": ready[1], "TmpDir": str(world.root), "ChildIP": "10.0.2.100", "ContainerID": "web",
    }
    program.stdin.write(json.dumps(settings).encode())
    program.stdin.close()
    world.cleanups.append(lambda: [os.close(end) for end in (*exiting, *ready)])
    world.listening(web.port)
    return web


@scenario("slirp4netns, for a container's network without root, is unknown", UNKNOWN, needs=WITH_TUNNEL)
def _(world):
    """Step 3."""
    web = world.repository().port("web")
    api = world.root / "api"
    world.launch("slirp4netns", "--configure", "--api-socket", api, container_network(world), "tap0")
    request = {
        "execute": "add_hostfwd",
        "arguments": {"proto": "tcp", "host_addr": "127.0.0.1", "host_port": web.port, "guest_port": 80},
    }
    with socket.socket(socket.AF_UNIX) as connection:
        wait_until(lambda: connection.connect_ex(str(api)) == 0, "slirp4netns listens for requests")
        connection.sendall(json.dumps(request).encode())
        connection.shutdown(socket.SHUT_WR)
        answer = json.loads(connection.makefile().read())
    assert "return" in answer, answer
    world.listening(web.port)
    return web


# SSH.


def ssh(world, *options, directory="/", through=()):
    """Starts a real client, with these options, of a real server. Returns the client."""
    keys = world.root / "ssh"
    port = free_port(27000)
    keys.mkdir()
    for key in ("server", "client"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", keys / key], check=True)
    (keys / "client.pub").rename(keys / "allowed")
    (keys / "settings").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {keys}/server\nAuthorizedKeysFile {keys}/allowed\n"
        "StrictModes no\nPermitRootLogin yes\nPasswordAuthentication no\nPidFile none\n"
    )
    world.launch(PROGRAMS / "sshd", "-D", "-e", "-q", "-f", keys / "settings")
    world.listening(port)
    return world.launch(
        *through, "ssh", "-F", "none", "-q", "-N", "-i", keys / "client", "-p", port,
        "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "ExitOnForwardFailure=yes",
        *options, "root@127.0.0.1", directory=directory,
    )


@scenario("ssh -L on the service's port is unknown", UNKNOWN, needs=WITH_SSH, faces=True)
def _(world):
    """Step 3: it leads to another machine; here to another worktree's server."""
    shop = world.repository()
    web = shop.port("web")
    elsewhere = free_port()
    world.serve(shop.worktree(), elsewhere)
    ssh(world, "-L", f"127.0.0.1:{web.port}:127.0.0.1:{elsewhere}")
    world.listening(web.port)
    return web


@scenario("ssh -L that stands in another worktree is unknown", UNKNOWN, needs=WITH_SSH)
def _(world):
    """Step 3 comes before step 4: the directory of a forwarder says nothing about what it forwards to."""
    a = world.repository()
    web = a.worktree().port("web")
    ssh(world, "-L", f"127.0.0.1:{web.port}:127.0.0.1:9", directory=a)
    world.listening(web.port)
    return web


@scenario("ssh -R of somebody's session on the service's port is unknown", UNKNOWN, needs=WITH_SSH)
def _(world):
    """Step 3: the server of SSH listens for its client."""
    web = world.repository().port("web")
    ssh(world, "-R", f"127.0.0.1:{web.port}:127.0.0.1:9")
    world.listening(web.port)
    return web


@scenario("ssh -L that `run` became is mine", MINE, needs=WITH_SSH, faces=True)
def _(world):
    """Step 2 comes before step 3: it is an owner."""
    shop = world.repository()
    ssh(world, "-L", "127.0.0.1:{port}:127.0.0.1:9", directory=shop, through=["portctl", "run", "tunnel", "--quiet", "--"])
    port = world.allocated(shop, "tunnel")
    world.listening(port)
    return shop.service("tunnel", port)


@scenario("ssh -L that the command of `run` started is unknown", UNKNOWN, needs=WITH_SSH)
def _(world):
    """Step 3 comes before step 5: it descends from an owner, but what it forwards to is not known."""
    shop = world.repository()
    script = '"$@" -L "127.0.0.1:$PORT:127.0.0.1:9" & trap "kill $!" TERM; wait'
    ssh(world, directory=shop, through=["portctl", "run", "tunnel", "--quiet", "--", "sh", "-c", script, "sh"])
    port = world.allocated(shop, "tunnel")
    world.listening(port)
    return shop.service("tunnel", port)
