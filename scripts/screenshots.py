#!/usr/bin/env python3
"""Pictures of the dashboard and of a terminal session, into a folder: screenshots.py BIN_DIR FOLDER. On a daemon in a
home of its own, whose services are a small shop's."""

import contextlib
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
    environment.update(PORT_SERVER_HOME=home, PORT_SERVER_LISTEN="127.0.0.1:0", PATH=f"{BINARIES}:{os.environ['PATH']}")

    def run(*words, folder=user):
        return subprocess.run(words, env=environment, cwd=folder, check=True, capture_output=True, text=True).stdout

    try:
        run("portctl", "start")
        yield run, pathlib.Path(user), environment
    finally:
        subprocess.run(["portctl", "stop"], env=environment, capture_output=True)
        shutil.rmtree(home)
        shutil.rmtree(user)


def fill(run, user, environment):
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
    wait = time.monotonic() + 10
    while "conflict" not in run("portctl", "list", "--all", "--wide") and time.monotonic() < wait:
        pass
    return servers


def start(port, folder):
    return subprocess.Popen(
        [sys.executable, "-c", SERVER, port], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def picture(address, name, width, height, scheme):
    options = Options()
    options.binary_location = shutil.which("chromium") or shutil.which("chromium-browser")
    for word in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars"):
        options.add_argument(word)
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    try:
        feature = {"name": "prefers-color-scheme", "value": scheme}
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
        driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
        )
        driver.get(f"http://{address}/")
        deadline = time.monotonic() + 30
        complete = "document.getElementById('connection')?.dataset.phase === 'live' && document.querySelector('.pool')"
        while not driver.execute_script(f"return Boolean({complete})"):
            assert time.monotonic() < deadline
        # The view is drawn with the next frame.
        driver.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")
        driver.save_screenshot(str(FOLDER / f"{name}.png"))
    finally:
        driver.quit()


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    with daemon() as (run, user, environment):
        address = json.loads(run("portctl", "status", "--json"))["listeners"][0]["address"]
        for filled in (False, True):
            servers = fill(run, user, environment) if filled else []
            try:
                for size, width, height in (("wide", 1600, 1000), ("narrow", 360, 740)):
                    for scheme in ("light", "dark"):
                        picture(address, f"dashboard-{'full' if filled else 'empty'}-{size}-{scheme}", width, height, scheme)
            finally:
                for server in servers:
                    server.send_signal(signal.SIGKILL)
                    server.wait()


if os.environ.get("PORTCTL_ALONE") or os.geteuid() != 0 or sys.platform != "linux":
    main()
else:
    # In a network of its own, so that nothing of this machine is in the pictures.
    own = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh", sys.executable, *sys.argv]
    sys.exit(subprocess.run(own, env={**os.environ, "PORTCTL_ALONE": "1"}).returncode)
