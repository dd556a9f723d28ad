#!/usr/bin/env python3
"""Pictures of the dashboard and of a terminal session, into a folder: screenshots.py BIN_DIR FOLDER. On a daemon in a
home of its own, whose services are a small shop's."""

import base64
import contextlib
import html
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

BINARIES, FOLDER = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
SERVER = "import http.server, sys; http.server.test(port=int(sys.argv[1]), bind='127.0.0.1')"


@contextlib.contextmanager
def daemon():
    home, user = tempfile.mkdtemp(prefix="pct-", dir="/tmp"), tempfile.mkdtemp(prefix="pct-", dir="/tmp")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PORT")}
    environment.update(PORT_SERVER_HOME=home, PORT_SERVER_LISTEN="127.0.0.1:0", PATH=f"{BINARIES}:/usr/bin:/bin")

    def run(*words, folder=user):
        return subprocess.run(words, env=environment, cwd=folder, check=True, capture_output=True, text=True).stdout

    try:
        run("portctl", "start")
        yield run, pathlib.Path(user), environment
    finally:
        subprocess.run(["portctl", "stop"], env=environment, capture_output=True)
        shutil.rmtree(home)
        shutil.rmtree(user)


def fill(run, user):
    """Returns the servers that were started."""
    for name in ("shop", "blog"):
        (user / name).mkdir()
        run("git", "init", "-q", str(user / name))
    run("git", "-c", "user.name=a", "-c", "user.email=a@localhost", "commit", "-q", "--allow-empty", "-m", "x", folder=user / "shop")
    run("git", "worktree", "add", "-q", str(user / "shop-login"), folder=user / "shop")
    servers = []
    for folder, services in (("shop", "web api db"), ("shop-login", "web api"), ("blog", "web")):
        for service in services.split():
            port = run("portctl", "port", service, folder=user / folder).strip()
            if service != "db":
                servers.append(start(port, user / folder))
    run("portctl", "group", "allocate", "3", "--roles", "frontend,backend,test", "--app", "agent-7")
    run("portctl", "alloc", "preview", "--ttl", "300", folder=user / "blog")
    # A stranger on the shop's database port.
    servers.append(start(run("portctl", "port", "db", folder=user / "shop").strip(), user))
    wait_until(lambda: "conflict" in run("portctl", "list", "--all", "--wide"))
    return servers


def end(servers):
    for server in servers:
        server.send_signal(signal.SIGKILL)
        server.wait()


def start(port, folder):
    return subprocess.Popen(
        [sys.executable, "-c", SERVER, port], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def shell_session(run, user, environment):
    """What a shell shows of two worktrees that serve at once. Returns its HTML and the servers that were started."""
    run("git", "init", "-q", str(user / "shop"))
    run("git", "-c", "user.name=a", "-c", "user.email=a@localhost", "commit", "-q", "--allow-empty", "-m", "x", folder=user / "shop")
    run("git", "worktree", "add", "-q", str(user / "shop-login"), folder=user / "shop")
    servers, lines = [], []

    def type_line(folder, line):
        lines.append(f"<b>~/{folder} $</b> <i>{html.escape(line)}</i>")

    def show(folder, line):
        type_line(folder, line)
        output = run("bash", "-c", f"exec 2>&1; {line}", folder=user / folder).rstrip()
        lines.append(html.escape(output.replace(str(user), "/home/ada")))

    for folder in ("shop", "shop-login"):
        line = "portctl run web -- python3 -m http.server {port}"
        type_line(folder, f"{line} &")
        server = subprocess.Popen(
            ["bash", "-c", f"exec {line}"], cwd=user / folder, env=environment, stdout=subprocess.DEVNULL,
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
    """As high as the text is."""
    driver = chromium()
    try:
        driver.get("data:text/html;base64," + base64.b64encode(page.encode()).decode())
        size = driver.execute_script("const box = document.querySelector('pre').getBoundingClientRect(); return box.height")
        driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": 1060, "height": round(size), "deviceScaleFactor": 1, "mobile": False},
        )
        driver.save_screenshot(str(FOLDER / f"{name}.png"))
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
        # The view is drawn with the next frame.
        driver.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")
        driver.save_screenshot(str(FOLDER / f"{name}.png"))
    finally:
        driver.quit()


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    with daemon() as (run, user, environment):
        page, servers = shell_session(run, user, environment)
        try:
            picture_of_text(page, "terminal")
        finally:
            end(servers)
    with daemon() as (run, user, _):
        address = json.loads(run("portctl", "status", "--json"))["listeners"][0]["address"]
        for filled in (False, True):
            servers = fill(run, user) if filled else []
            try:
                for size, width, height in (("wide", 1600, 1000), ("narrow", 360, 740)):
                    for scheme in ("light", "dark"):
                        picture(address, f"dashboard-{'full' if filled else 'empty'}-{size}-{scheme}", width, height, scheme)
            finally:
                end(servers)


if os.environ.get("PORTCTL_ALONE") or os.geteuid() != 0 or sys.platform != "linux":
    main()
else:
    # In a network of its own, so that nothing of this machine is in the pictures.
    own = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh", sys.executable, *sys.argv]
    sys.exit(subprocess.run(own, env={**os.environ, "PORTCTL_ALONE": "1"}).returncode)
