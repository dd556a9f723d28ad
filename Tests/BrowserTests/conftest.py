"""The dashboard in a real browser, on a real daemon in a home of its own.

Nothing sleeps: whatever is waited for is looked for again and again, at most PATIENCE seconds.
"""

import contextlib
import http.client
import json
import os
import pathlib
import re
import shutil
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
# In seconds; everything here takes milliseconds. This is for a machine that is very busy.
PATIENCE = 30
# Away from the ports of other tests.
POOL = "29000-29999"


class Daemon:
    """A daemon whose front door stays where it is when it comes back."""

    def __init__(self):
        self.home = tempfile.mkdtemp(prefix="pct-", dir="/tmp")
        self.folder = tempfile.mkdtemp(prefix="pct-", dir="/tmp")
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
            ["portctl", *words], env=self.environment, cwd=self.folder, capture_output=True, text=True, timeout=PATIENCE
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

    def ask(self, method, path, **body):
        """The HTTP API, for what no command does."""
        connection = http.client.HTTPConnection(self.address, timeout=PATIENCE)
        connection.request(method, path, json.dumps(body), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        assert answer.status < 300
        return json.loads(answer.read())

    def close(self):
        subprocess.run(["portctl", "stop"], env=self.environment, capture_output=True, timeout=PATIENCE)
        shutil.rmtree(self.home)
        shutil.rmtree(self.folder)


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
def serving(port, *words, prelude="", folder=None):
    """A process that listens. `stubborn` ignores SIGTERM, `shared` lets others listen, too, `dual` listens on IPv6 as
    well, until a SIGUSR1."""
    process = subprocess.Popen(
        [sys.executable, "-c", prelude + SERVER, str(port), *words], stdout=subprocess.PIPE, cwd=folder
    )
    assert process.stdout.readline() == b"ready\n"
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


class Page:
    """The dashboard, and what a person does with it."""

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
        deadline = time.monotonic() + PATIENCE
        while not self.js(f"return Boolean({condition})"):
            assert time.monotonic() < deadline, f"waited in vain for {what or condition}"

    def wait_until_live(self):
        self.wait("document.getElementById('connection')?.dataset.phase === 'live'")

    def wait_for(self, selector):
        self.wait(f"document.querySelector({json.dumps(selector)})")
        return self.find(selector)

    def wait_for_the_end_of(self, selector):
        self.wait(f"!document.querySelector({json.dumps(selector)})")

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def click(self, selector):
        """With the mouse, where it is to be seen."""
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
        """Runs a script before the page's own, whenever it is opened."""
        added = self.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": script})
        try:
            yield
        finally:
            self.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", added)

    @property
    def focused_port(self):
        return self.js("return Number(document.activeElement.closest('.row')?.dataset.port)")

    def latencies_of_changes(self, count):
        """In milliseconds, from when a command has its answer to when its row is there, by one clock."""
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

    def complaints(self):
        """What the browser's console has of this page, but for answers that are refusals."""
        return [
            entry["message"]
            for entry in self.driver.get_log("browser")
            if not re.search(r"status of (404|409|503)|ERR_CONNECTION|ERR_INCOMPLETE|ERR_EMPTY|^chrome://", entry["message"])
        ]


def row(port):
    return f".row[data-port='{port}']"


@contextlib.contextmanager
def browser():
    options = Options()
    options.binary_location = shutil.which("chromium") or shutil.which("chromium-browser")
    profile = tempfile.mkdtemp(prefix="pct-", dir="/tmp")
    for word in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--window-size=1600,1000"):
        options.add_argument(word)
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
def page(driver, daemon):
    driver.get_log("browser")
    page = Page(driver, daemon)
    page.open()
    yield page
    assert page.complaints() == []
    driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    driver.get("about:blank")
