#!/usr/bin/env python3
"""Takes pictures of the dashboard and of a terminal session, with the services of a small shop and a daemon of its own.

Usage: screenshots.py BIN_DIR DIRECTORY
"""

import base64
import contextlib
import ctypes
import html
import json
import os
import pathlib
import queue
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import traceback

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

BINARIES, DIRECTORY = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
ALONE = "PORTCTL_ALONE" in os.environ
# Listens under the name and command line of another program, which it writes where the kernel reads them.
STAND_IN = """
import signal, socket, sys
port, *words = {!r}
server = socket.create_server(("127.0.0.1", int(port)))
open("/proc/self/comm", "w").write(words[0])
start = int(open("/proc/self/stat").read().rpartition(")")[2].split()[45])
with open("/proc/self/mem", "r+b", buffering=0) as memory:
    memory.seek(start)
    memory.write("".join(word + "\\0" for word in words).encode())
while True: signal.pause()
"""
MINUTE, HOUR, DAY = 60, 3600, 86400
# The age of each service, by app, instance and service.
AGES = {
    ("shop", "main", "web"): 23 * DAY, ("shop", "main", "api"): 23 * DAY, ("shop", "main", "db"): 20 * DAY,
    ("shop", "shop-login", "web"): 4 * HOUR, ("shop", "shop-login", "api"): 4 * HOUR, ("site", "main", "web"): 6 * DAY,
    ("site", "main", "preview"): 2 * MINUTE,
}


@contextlib.contextmanager
def daemon():
    home, user = tempfile.mkdtemp(prefix="pct-", dir="/tmp"), tempfile.mkdtemp(prefix="pct-", dir="/tmp")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PORT")}
    environment.update(PORT_SERVER_HOME=home, PORT_SERVER_LISTEN="127.0.0.1:0", PATH=f"{BINARIES}:/usr/bin:/bin")

    def run(*words, directory=user):
        return subprocess.run(words, env=environment, cwd=directory, check=True, capture_output=True, text=True).stdout

    try:
        run("portctl", "start")
        yield run, pathlib.Path(user), environment, home
    finally:
        subprocess.run(["portctl", "stop"], env=environment, capture_output=True)
        shutil.rmtree(home)
        shutil.rmtree(user)


def make_worktree(run, user):
    """Makes a second worktree of the repository `shop`, for which it needs a commit."""
    author = ["-c", "user.name=a", "-c", "user.email=a@localhost"]
    run("git", *author, "commit", "-q", "--allow-empty", "-m", "x", directory=user / "shop")
    run("git", "worktree", "add", "-q", str(user / "shop-login"), directory=user / "shop")


def fill(run, user, home, servers):
    """Allocates ports and starts servers, which are added to `servers`."""
    for name in ("shop", "site"):
        (user / name).mkdir()
        run("git", "init", "-q", str(user / name))
    make_worktree(run, user)
    programs = {
        "web": "node node_modules/.bin/vite --port", "api": "uvicorn api:app --reload --port", "db": None,
    }
    for directory, services in (("shop", "web api db"), ("shop-login", "web api"), ("site", "web")):
        for service in services.split():
            port = run("portctl", "port", service, directory=user / directory).strip()
            program = "hugo server --port" if directory == "site" else programs[service]
            if program:
                servers.append(start(port, user / directory, f"{program} {port}"))
    run("portctl", "group", "allocate", "3", "--roles", "frontend,backend,test", "--app", "task-7")
    run("portctl", "alloc", "preview", "--ttl", "300", directory=user / "site")
    # Another process on the port of the shop's database, and two listeners without an allocation.
    port = run("portctl", "port", "db", directory=user / "shop").strip()
    servers.append(start(port, "/var/lib", f"postgres -D /var/lib/postgresql/16/main -p {port}"))
    servers.append(start("5432", "/var/lib", "postgres -D /var/lib/postgresql/15/main"))
    servers.append(start("6379", "/var/lib", "redis-server 127.0.0.1:6379"))
    age(run, home)
    wait_until(lambda: "conflict" in run("portctl", "list", "--all", "--wide"))


def age(run, home):
    """Changes the database so that the services have their ages."""
    run("portctl", "stop")
    change = "UPDATE allocation SET created_at = created_at - ? WHERE"
    with contextlib.closing(sqlite3.connect(f"{home}/ports.db")) as database, database:
        for (app, instance, service), seconds in AGES.items():
            where = "app = ? AND instance = ? AND service = ?"
            database.execute(f"{change} {where}", (seconds * 1000, app, instance, service))
        database.execute(f"{change} app = 'task-7'", (40 * MINUTE * 1000,))
    run("portctl", "start")


def end(servers):
    for server in servers:
        server.send_signal(signal.SIGKILL)
        server.wait()


def start(port, directory, line):
    words = line.split()
    # As long as the command line that replaces it.
    place = [words[0], "-", "x" * (len(line) - len(words[0]) - len(" - "))]
    server = subprocess.Popen(
        place, executable=sys.executable, env={**os.environ, "PYTHONHOME": sys.base_prefix}, cwd=directory,
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    with server.stdin as code:
        code.write(STAND_IN.format([port, *words]).encode())
    return server


def shell_session(run, user, environment):
    """Runs commands in two worktrees that serve at once. Returns the HTML of the terminal, and the started servers."""
    run("git", "init", "-q", str(user / "shop"))
    make_worktree(run, user)
    servers, lines = [], []

    def type_line(directory, line):
        lines.append(f"<b>~/{directory} $</b> <i>{html.escape(line)}</i>")

    def show(directory, line):
        type_line(directory, line)
        # -e: fails instead of taking a picture of an error.
        output = run("bash", "-e", "-c", f"exec 2>&1; {line}", directory=user / directory).rstrip()
        lines.append(html.escape(output.replace(str(user), "/home/ada")))

    for directory in ("shop", "shop-login"):
        line = "portctl run web -- python3 -m http.server {port}"
        type_line(directory, f"{line} &")
        server = subprocess.Popen(
            ["bash", "-c", f"exec {line}"], cwd=user / directory, env=environment, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True,
        )
        servers.append(server)
        lines.append(html.escape(server.stderr.readline().rstrip()))
        wait_until(lambda: run("portctl", "list", "--all", "--wide").count("active") == len(servers))
    show("shop", "portctl list --all")
    show("shop", 'curl -s -o /dev/null -w "%{http_code}\\n" "http://localhost:$(portctl lookup web)/"')
    show("shop", "portctl who 8001")
    show("shop", "PORT=$(get-port my-app); echo $PORT")
    show("shop-login", "portctl kill 8001")
    show("shop-login", "portctl why 8001")
    style = (
        "body { margin: 0; background: #14181f; color: #d6dbe4; font: 15px/1.5 'DejaVu Sans Mono', monospace }"
        "pre { margin: 0; padding: 20px 26px; font: inherit } b { color: #7fb4ff; font-weight: 400 }"
        "i { color: #fff; font-style: normal; font-weight: 700 }"
    )
    page = f"<!doctype html><meta charset=utf-8><style>{style}</style><pre>{chr(10).join(lines)}</pre>"
    return page, servers


def wait_until(condition):
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline


def chromium():
    options = Options()
    options.binary_location = shutil.which("chromium") or shutil.which("chromium-browser")
    for word in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars"):
        options.add_argument(word)
    return webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))


def picture_of_text(page, name):
    """Takes a picture that is as high as the text."""
    driver = chromium()
    try:
        driver.get("data:text/html;base64," + base64.b64encode(page.encode()).decode())
        size = driver.execute_script("return document.querySelector('pre').getBoundingClientRect().height")
        driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": 1060, "height": round(size), "deviceScaleFactor": 1, "mobile": False},
        )
        driver.save_screenshot(str(DIRECTORY / f"{name}.png"))
    finally:
        driver.quit()


def picture(address, name, width, height, scheme):
    driver = chromium()
    try:
        feature = {"name": "prefers-color-scheme", "value": scheme}
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
        driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
        )
        driver.get(f"http://{address}/")
        complete = "document.getElementById('connection')?.dataset.phase === 'live' && document.querySelector('.pool')"
        wait_until(lambda: driver.execute_script(f"return Boolean({complete})"))
        # The next frame shows the view.
        driver.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")
        driver.save_screenshot(str(DIRECTORY / f"{name}.png"))
    finally:
        driver.quit()


def elsewhere(address, work):
    """Does the work in a new network namespace, from which only the daemon can be reached, so that the browser's own
    listeners are not in the pictures."""
    child = os.fork()
    if child == 0:
        try:
            if ALONE:
                # A thread that was started before stays in the daemon's network namespace.
                servers = queue.SimpleQueue()
                threading.Thread(target=forward, args=(servers, address), daemon=True).start()
                assert ctypes.CDLL(None).unshare(0x40000000) == 0, "no network namespace"
                subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
                servers.put(socket.create_server(address))
            work()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    assert os.waitpid(child, 0)[1] == 0


def forward(servers, address):
    server = servers.get()

    def copy(source, target):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    while True:
        client, daemon = server.accept()[0], socket.create_connection(address)
        for pair in ((client, daemon), (daemon, client)):
            threading.Thread(target=copy, args=pair, daemon=True).start()


def main():
    DIRECTORY.mkdir(parents=True, exist_ok=True)
    with daemon() as (run, user, environment, _):
        page, servers = shell_session(run, user, environment)
        try:
            picture_of_text(page, "terminal")
        finally:
            end(servers)
    with daemon() as (run, user, _, home):
        for filled in (False, True):
            servers = []
            try:
                if filled:
                    fill(run, user, home, servers)
                address = json.loads(run("portctl", "status", "--json"))["listeners"][0]["address"]
                host, port = address.split(":")
                for size, width, height in (("wide", 1600, 1000), ("narrow", 360, 740)):
                    for scheme in ("light", "dark"):
                        name = f"dashboard-{'full' if filled else 'empty'}-{size}-{scheme}"
                        elsewhere((host, int(port)), lambda: picture(address, name, width, height, scheme))
            finally:
                end(servers)


if ALONE or os.geteuid() != 0 or sys.platform != "linux":
    main()
else:
    # In a new network namespace, so that the listeners of this machine are not in the pictures.
    own = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh", sys.executable, *sys.argv]
    sys.exit(subprocess.run(own, env={**os.environ, "PORTCTL_ALONE": "1"}).returncode)
