#!/usr/bin/env python3
"""Measures the dashboard in a real browser, with its own daemons. Prints JSON.

Usage: dashboard.py BIN_DIR
"""

import json
import os
import pathlib
import sys

sys.dont_write_bytecode = True
os.environ["PORTCTL_BIN"] = sys.argv[1]
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Tests/BrowserTests"))

import conftest

# Measures until `window.measured` is called, which returns the longest task and the longest time between two frames, in
# milliseconds.
WATCH = """
const tasks = [], gaps = [];
let last = performance.now(), isOver = false;
const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) tasks.push(duration);
});
observer.observe({ entryTypes: ['longtask'] });
function frame(now) {
    gaps.push(now - last);
    last = now;
    if (!isOver) requestAnimationFrame(frame);
}
requestAnimationFrame((now) => { last = now; requestAnimationFrame(frame); });
window.measured = () => {
    isOver = true;
    for (const { duration } of observer.takeRecords()) tasks.push(duration);
    observer.disconnect();
    return [Math.max(0, ...tasks), Math.max(...gaps)];
};
"""
SCROLL = """
const done = arguments[0];
const end = document.documentElement.scrollHeight - innerHeight;
const start = performance.now();
function frame(now) {
    scrollTo(0, Math.min(1, (now - start) / 3000) * end);
    if (now - start < 3000) requestAnimationFrame(frame); else done();
}
requestAnimationFrame(frame);
"""


def latency(driver):
    daemon = conftest.Daemon()
    try:
        page = conftest.Page(driver, daemon)
        page.open()
        latencies = page.latencies_of_changes(50)
        return {"latencies": latencies}
    finally:
        daemon.close()


def two_thousand(driver):
    daemon = conftest.Daemon()
    try:
        daemon.environment["PORT_SERVER_POOLS_REGISTRY"] = "3000-32000"
        daemon.portctl("restart")
        for number in range(4):
            daemon.portctl("group", "allocate", "500", "--app", f"app{number}")
        page = conftest.Page(driver, daemon)
        paints = []
        for _ in range(5):
            page.open()
            page.wait_for_rows(2000)
            paints.append(page.js("return performance.getEntriesByName('first-contentful-paint')[0].startTime"))
        page.js(WATCH)
        page.keys("/", "app1")
        page.wait_for_rows(500)
        page.keys("\ue00c")
        page.wait_for_rows(2000)
        filtering = page.js("return measured()")

        page.js(WATCH)
        driver.execute_async_script(SCROLL)
        return {"paints": paints, "filtering": filtering, "scrolling": page.js("return measured()")}
    finally:
        daemon.close()


with conftest.browser() as driver:
    print(json.dumps(latency(driver) | two_thousand(driver)))
