"""A process whose steps a test decides. It connects to the abstract socket that its first argument names, and does what
each line says: a JSON object of a step and its arguments, answered by one with `value` or `error`.

With a second argument, `daemon`, it first leaves its starter as daemons do: two forks, a session of its own, `/`.
"""

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import threading

PR_SET_DUMPABLE, PR_SET_NAME, PR_SET_CHILD_SUBREAPER = 4, 15, 36
libc = ctypes.CDLL(None, use_errno=True)
listening = {}
children = {}


def listen(port, address="127.0.0.1", share=False, both=False):
    """Returns the port, which the kernel chooses for 0. `share`: with SO_REUSEPORT. `both`: IPv4, too, on `::`."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    server = socket.socket(family)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if share:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    if family == socket.AF_INET6:
        server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0 if both else 1)
    server.bind((address, port))
    server.listen()
    port = server.getsockname()[1]
    listening[port, address] = server
    return port


def close(port, address="127.0.0.1"):
    listening.pop((port, address)).close()


def change_directory(path):
    os.chdir(path)


def become(user):
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    # So that other processes of the user may read about it, as about one that was started by the user.
    libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)


def rename(name):
    libc.prctl(PR_SET_NAME, name.encode(), 0, 0, 0)
    arguments, *_ = memory()
    overwrite(*arguments, name.encode())


def overwrite_environment():
    _, environment = memory()
    overwrite(*environment, b"overwritten")


def memory():
    """Returns where the kernel reads the arguments and the environment of this process: starts and ends."""
    with open("/proc/self/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    starts = [int(field) for field in fields[45:49]]
    return starts[:2], starts[2:]


def overwrite(start, end, text):
    ctypes.memset(start, 0, end - start)
    ctypes.memmove(start, text, min(len(text), end - start - 1))


def adopt_orphans():
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def environment():
    return dict(os.environ)


def run(command, directory=None, environment=None):
    """Returns the exit code and both outputs."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    ended = subprocess.run(
        command, cwd=directory, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60
    )
    signal.signal(signal.SIGCHLD, reap)
    return ended.returncode, ended.stdout, ended.stderr


def spawn(command, directory=None, environment=None):
    started = subprocess.Popen(command, cwd=directory, env=environment, stdin=subprocess.DEVNULL)
    children[started.pid] = started
    return started.pid


def flicker(port, address="127.0.0.1"):
    """Listens and stops listening, again and again, until the process ends."""

    def repeat():
        while True:
            listen(port, address)
            close(port, address)

    threading.Thread(target=repeat, daemon=True).start()


def fork(name):
    """Returns the pid of a copy of this process, with its sockets, that connects to `name`."""
    pid = os.fork()
    if pid == 0:
        serve(name)
        os._exit(0)
    return pid


def end():
    os._exit(0)


def reap(*_):
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def daemonize():
    for step in (os.setsid, lambda: None):
        if os.fork():
            os._exit(0)
        step()
    os.chdir("/")


STEPS = {
    step.__name__: step
    for step in (
        listen, close, change_directory, become, rename, overwrite_environment, adopt_orphans, environment, run, spawn,
        flicker, fork, end,
    )
}


def serve(name):
    connection = socket.socket(socket.AF_UNIX)
    connection.connect("\0" + name)
    for line in connection.makefile("r"):
        words = json.loads(line)
        try:
            answer = {"value": STEPS[words.pop("step")](**words)}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        connection.sendall(json.dumps(answer).encode() + b"\n")


if __name__ == "__main__":
    if "daemon" in sys.argv[2:]:
        daemonize()
    signal.signal(signal.SIGCHLD, reap)
    serve(sys.argv[1])
