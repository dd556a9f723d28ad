"""The dashboard in a real browser, on a real daemon in a home of its own.

Nothing sleeps: whatever is waited for is looked for again and again, at most PATIENCE seconds.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
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

    def close(self):
        subprocess.run(["portctl", "stop"], env=self.environment, capture_output=True, timeout=PATIENCE)
        shutil.rmtree(self.home)
        shutil.rmtree(self.folder)


class Page:
    """The dashboard, and what a person does with it."""

    def __init__(self, driver, daemon):
        self.driver, self.daemon = driver, daemon

    def open(self):
        self.driver.get(f"http://{self.daemon.address}/")
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
        self.js("arguments[0].click()", self.find(selector))

    def complaints(self):
        """What the browser's console has of this page, but for answers that are refusals."""
        return [
            entry["message"]
            for entry in self.driver.get_log("browser")
            if not re.search(r"status of (404|409)|ERR_CONNECTION|ERR_INCOMPLETE|ERR_EMPTY", entry["message"])
        ]


def row(port):
    return f".row[data-port='{port}']"


@pytest.fixture(scope="session")
def driver():
    options = Options()
    options.binary_location = shutil.which("chromium") or shutil.which("chromium-browser")
    profile = tempfile.mkdtemp(prefix="pct-", dir="/tmp")
    for word in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--window-size=1600,1000"):
        options.add_argument(word)
    options.add_argument(f"--user-data-dir={profile}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    yield driver
    driver.quit()
    shutil.rmtree(profile, ignore_errors=True)


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
    driver.get("about:blank")
