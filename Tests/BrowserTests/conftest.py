"""The dashboard in a real browser, with a real daemon for each test.

Nothing sleeps: a test evaluates the condition that it waits for until it is true, for at most TIMEOUT seconds.
"""

import contextlib
import http.client
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By

BINARIES = pathlib.Path(
    os.environ.get("PORTCTL_BIN", pathlib.Path(__file__).parents[2] / ".build" / "debug")
).resolve()
# In seconds. Everything here takes milliseconds; the rest is for a machine under load.
TIMEOUT = 30
# Separate from the ports of other tests.
POOL = "29000-29499"


class Daemon:
    """A daemon that keeps its HTTP address when it is started again."""

    def __init__(self):
        self.home = tempfile.mkdtemp(prefix="pct-", dir="/tmp")
        self.directory = tempfile.mkdtemp(prefix="pct-", dir="/tmp")
        foreign = re.compile("PORT")
        self.environment = {name: value for name, value in os.environ.items() if not foreign.match(name)}
        self.environment.update(
            PORT_SERVER_HOME=self.home,
            PORT_SERVER_POOLS_REGISTRY=POOL,
            PORT_SERVER_LISTEN="127.0.0.1:0",
            PORTCTL_AUTOSTART="0",
            PATH=f"{BINARIES}:{os.environ['PATH']}",
        )
        self.start()
        self.address = json.loads(self.portctl("status", "--json"))["listeners"][0]["address"]
        self.environment["PORT_SERVER_LISTEN"] = self.address

    def portctl(self, *words):
        answer = subprocess.run(
            ["portctl", *words],
            env=self.environment,
            cwd=self.directory,
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
        )
        assert answer.returncode == 0, answer.stderr
        return answer.stdout

    def start(self):
        self.portctl("start")

    @property
    def pid(self):
        return json.loads(self.portctl("status", "--json"))["pid"]

    def allocate(self, service, app="shop", *words):
        return int(json.loads(self.portctl("allocate", "--app", app, "--service", service, "--json", *words))["port"])

    def send(self, method, path, **body):
        """Sends a request to the HTTP API, for what no command does."""
        connection = http.client.HTTPConnection(self.address, timeout=TIMEOUT)
        connection.request(method, path, json.dumps(body), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        assert answer.status < 300
        return json.loads(answer.read())

    def close(self):
        subprocess.run(["portctl", "stop"], env=self.environment, capture_output=True, timeout=TIMEOUT)
        shutil.rmtree(self.home)
        shutil.rmtree(self.directory)


EXPECTED_MESSAGES = re.compile(r"status of (404|409|503)|ERR_CONNECTION|ERR_INCOMPLETE|ERR_EMPTY|^chrome://")
SERVER = """
import signal, socket, sys
port, *words = sys.argv[1:]
if "stubborn" in words: signal.signal(signal.SIGTERM, signal.SIG_IGN)
shared = "shared" in words
servers = [socket.create_server((address, int(port)), family=family, reuse_port=shared)
    for address, family in (("127.0.0.1", socket.AF_INET), ("::1", socket.AF_INET6))[:1 + ("dual" in words)]]
print("ready", flush=True)
signal.signal(signal.SIGUSR1, lambda *_: servers.pop().close())
while True: signal.pause()
"""


@contextlib.contextmanager
def serving(port, *words, prelude="", directory=None):
    """Runs a process that listens on the port. The words may have `stubborn`: it ignores SIGTERM; `shared`: others can
    listen on the port as well; and `dual`: it also listens on IPv6, until it receives SIGUSR1."""
    process = subprocess.Popen(
        [sys.executable, "-c", prelude + SERVER, str(port), *words], stdout=subprocess.PIPE, cwd=directory
    )
    assert process.stdout.readline() == b"ready\n"
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


class Page:
    """The dashboard, and the actions of its user."""

    def __init__(self, driver, daemon):
        self.driver, self.daemon = driver, daemon
        self.origin = f"http://{daemon.address}"

    def open(self, query=""):
        self.driver.get(f"{self.origin}/{query}")
        self.wait_until_live()

    def js(self, code, *arguments):
        return self.driver.execute_script(code, *arguments)

    def wait(self, condition, what=None):
        """Waits until a JavaScript expression is true."""
        deadline = time.monotonic() + TIMEOUT
        while not self.js(f"return Boolean({condition})"):
            assert time.monotonic() < deadline, f"not within {TIMEOUT} seconds: {what or condition}"

    def wait_until_live(self):
        self.wait("document.getElementById('connection')?.dataset.phase === 'live'")

    def wait_for(self, selector):
        self.wait(f"document.querySelector({json.dumps(selector)})")
        return self.find(selector)

    def wait_until_gone(self, selector):
        self.wait(f"!document.querySelector({json.dumps(selector)})")

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def click(self, selector):
        """Clicks with the mouse, once the element is visible."""
        self.wait(f"document.querySelector({json.dumps(selector)})?.checkVisibility()", selector)
        self.find(selector).click()

    def keys(self, *keys):
        ActionChains(self.driver).send_keys(*keys).perform()

    def resize(self, width, height=740):
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        self.wait(f"innerWidth === {width}")

    @contextlib.contextmanager
    def prepared(self, script):
        """Runs a script before those of the page, each time the page is opened."""
        added = self.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": script})
        try:
            yield
        finally:
            self.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", added)

    @property
    def focused_port(self):
        return self.js("return Number(document.activeElement.closest('.row')?.dataset.port)")

    def latencies_of_changes(self, count):
        """Returns, in milliseconds of one clock, the times from the end of a command to the appearance of its row."""
        self.js(
            """
            window.seen = {};
            new MutationObserver(() => {
                for (const row of document.querySelectorAll('#apps .row')) seen[row.dataset.port] ??= Date.now();
            }).observe(document.getElementById('apps'), { childList: true, subtree: true });
            """
        )
        made = {}
        for number in range(count):
            port = self.daemon.allocate(f"s{number}")
            made[str(port)] = time.time() * 1000
        self.wait_for_rows(count)
        seen = self.js("return window.seen")
        return [seen[port] - moment for port, moment in made.items()]

    def wait_for_rows(self, count):
        self.wait(f"document.querySelectorAll('#apps .row').length === {count}")

    def console_errors(self):
        """Returns the browser's console messages, without those about refused or interrupted requests."""
        return [
            entry["message"]
            for entry in self.driver.get_log("browser")
            if not EXPECTED_MESSAGES.search(entry["message"])
        ]


def free_port(first=29500):
    """Returns the lowest port, from `first` on, that no socket of this machine uses. It is not in the daemon's pool."""
    while True:
        try:
            socket.create_server(("", first)).close()
            return first
        except OSError:
            first += 1


def row(port):
    return f".row[data-port='{port}']"


@contextlib.contextmanager
def browser():
    options = Options()
    options.binary_location = shutil.which("chromium") or shutil.which("chromium-browser")
    profile = tempfile.mkdtemp(prefix="pct-", dir="/tmp")
    flags = ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--window-size=1600,1000")
    for flag in flags:
        options.add_argument(flag)
    options.add_argument(f"--user-data-dir={profile}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    try:
        yield driver
    finally:
        driver.quit()
        shutil.rmtree(profile, ignore_errors=True)


@pytest.fixture(scope="session")
def driver():
    with browser() as driver:
        yield driver


@pytest.fixture
def daemon():
    daemon = Daemon()
    yield daemon
    daemon.close()


@pytest.fixture
def other_port():
    """A free port that is not in the daemon's pool."""
    return free_port()


@pytest.fixture
def page(driver, daemon):
    """The dashboard in one tab, at the default size and without stored settings, whatever the test before left."""
    first, *others = driver.window_handles
    for handle in others:
        driver.switch_to.window(handle)
        driver.close()
    driver.switch_to.window(first)
    driver.get("about:blank")
    driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    origin = {"origin": f"http://{daemon.address}", "storageTypes": "all"}
    driver.execute_cdp_cmd("Storage.clearDataForOrigin", origin)
    driver.get_log("browser")
    page = Page(driver, daemon)
    page.open()
    yield page
    assert page.console_errors() == []
    # The daemon ends now, and an open page would report that.
    driver.get("about:blank")
