"""What the page makes of a daemon that goes, stops, fails, refuses, or is another one when it comes back."""

import http.client
import json
import os
import signal

from conftest import PATIENCE, row, serving

# The page's streams, and when each was opened.
STREAMS = """
window.streams = []; window.opened = [];
window.EventSource = class extends EventSource {
    constructor(...all) { super(...all); streams.push(this); opened.push(performance.now()); }
};
window.tell = (name, data) => streams.at(-1).dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data) }));
"""


def phase(page, name):
    page.wait(f"document.getElementById('connection').dataset.phase === '{name}'")


def test_the_daemons_end_is_said_and_its_return_mends_everything(page):
    port = page.daemon.allocate("web")
    page.wait_for(row(port))
    os.kill(page.daemon.pid, signal.SIGKILL)
    phase(page, "gone")
    banner = page.wait_for("#banner:not([hidden])")
    assert "The daemon is gone." in banner.text and "To start it: portctl start" in banner.text
    # It covers nothing, and what was last known can be read.
    boxes = page.js("return ['banner', 'bar'].map((id) => document.getElementById(id).getBoundingClientRect())")
    assert boxes[0]["bottom"] <= boxes[1]["top"] + 0.5
    assert page.js("return getComputedStyle(document.getElementById('page')).opacity") == "1"
    page.daemon.start()
    other = page.daemon.allocate("api")
    page.wait_until_live()
    page.wait_for(row(other))
    page.wait("document.getElementById('banner').hidden")


def test_a_daemon_that_is_stopped_is_gone_until_it_goes_on(page):
    # Every 15 seconds it is asked, for 10: not in a test.
    hurried = """
    const [every, limit] = [setInterval, AbortSignal.timeout];
    window.setInterval = (work, time) => every(work, time === 15000 ? 300 : time);
    AbortSignal.timeout = (time) => limit.call(AbortSignal, time === 10000 ? 2000 : time);
    """
    with page.prepared(hurried):
        page.open()
        pid = page.daemon.pid
        os.kill(pid, signal.SIGSTOP)
        try:
            phase(page, "gone")
        finally:
            os.kill(pid, signal.SIGCONT)
        port = page.daemon.allocate("web")
        page.wait_until_live()
        page.wait_for(row(port))


def test_a_refusal_is_not_the_daemons_end(page):
    page.driver.get("about:blank")
    readers = [http.client.HTTPConnection(page.daemon.address, timeout=PATIENCE) for _ in range(128)]
    for reader in readers:
        reader.request("GET", "/v1/events")
        answer = reader.getresponse()
        if answer.status != 200:
            break
    page.driver.get(f"{page.origin}/")
    phase(page, "failing")
    assert "no more than 128 readers" in page.wait_for("#banner:not([hidden])").text
    text = page.find("#banner").text
    assert "gone" not in text and "start" not in text and "close one, or try again" in text
    for reader in readers:
        reader.close()
    page.wait_until_live()
    page.wait("document.getElementById('banner').hidden")


def test_a_daemon_that_greets_and_then_fails_is_asked_ever_more_seldom(page):
    with page.prepared(STREAMS):
        page.driver.execute_cdp_cmd("Network.enable", {})
        page.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*/v1/allocations*"]})
        try:
            page.driver.get(f"{page.origin}/")
            page.wait("window.opened?.length >= 5")
            times = page.js("return opened")
        finally:
            page.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": []})
        pauses = [after - before for before, after in zip(times, times[1:])]
        assert all(pause >= least for pause, least in zip(pauses, [250, 500, 1000, 2000])), pauses
        page.wait_until_live()


def test_too_long_a_pause_is_no_hole(page):
    with page.prepared(STREAMS):
        page.open()
        port = page.daemon.allocate("web")
        page.wait_for(row(port))
        page.js("tell('released', { type: 'released', port: arguments[0] })", port)
        page.wait_for_the_end_of(row(port))
        page.js("tell('reset', {})")
        page.wait_for(row(port))


def test_another_version_brings_its_own_page_once_no_question_is_open(page):
    with page.prepared(STREAMS):
        page.open()
        page.js("window.isOld = true; tell('ready', { version: 'another' })")
        page.wait("!window.isOld")
        page.wait_until_live()
        page.click(".top [data-action=reserve]")
        page.wait_for(".modal.reserve")
        page.js("window.isOld = true; tell('ready', { version: 'another' })")
        page.wait_until_live()
        assert page.js("return window.isOld") and page.find(".modal.reserve").is_displayed()
        page.click(".modal .cancel")
        page.wait("!window.isOld")
        page.wait_until_live()


# Hidden, a page is paused when the test lets it, and not after 30 seconds; its questions are answered when they are let
# through. `asked` has those that are open, and for 100 ms those that were.
HIDDEN = STREAMS + """
window.isHidden = sessionStorage.isHidden === 'true';
Object.defineProperty(document, 'hidden', { get: () => isHidden });
window.show = (isShown) => { isHidden = !isShown; document.dispatchEvent(new Event('visibilitychange')); };
const pausing = new Promise((resolve) => window.letPause = resolve);
const allowed = new Promise((resolve) => window.letThrough = resolve);
const [later, request] = [setTimeout, fetch];
window.asked = [];
window.pauses = 0;
window.setTimeout = (work, time) => time === 30000 ? void (pauses++, pausing.then(work)) : later(work, time);
window.fetch = async (path, options) => {
    asked.push(path);
    if (isHidden) await allowed;
    return request(path, options).finally(() => later(() => asked.splice(asked.indexOf(path), 1), 100));
};
"""


def pause_and_let_through(page):
    """The answers to what was asked before change nothing."""
    page.js("letPause()")
    phase(page, "paused")
    page.js(
        """
        const connection = document.getElementById('connection');
        window.phases = [];
        new MutationObserver(() => phases.push(connection.dataset.phase)).observe(connection, { attributes: true });
        letThrough();
        """
    )
    page.wait("!asked.length")
    assert page.js("return phases") == []
    assert page.js("return streams.every((stream) => stream.readyState === EventSource.CLOSED)")


def test_a_hidden_tab_gives_its_connection_back(page):
    with page.prepared(HIDDEN):
        page.open()
        page.js("show(false); letPause()")
        phase(page, "paused")
        assert page.js("return streams.every((stream) => stream.readyState === EventSource.CLOSED)")
        port = page.daemon.allocate("web")
        page.js("show(true)")
        page.wait_for(row(port))


def test_a_tab_that_is_paused_stays_so_whatever_comes_then(page):
    page.js("sessionStorage.isHidden = true")
    with page.prepared(HIDDEN):
        # Opened in the background.
        page.driver.get(f"{page.origin}/")
        page.wait("window.asked?.includes('/v1/status')")
        pause_and_let_through(page)
        page.js("sessionStorage.isHidden = false; show(true)")
        page.wait_until_live()
        # And its stream fails.
        page.js("sessionStorage.isHidden = true")
        page.driver.get(f"{page.origin}/")
        page.wait("window.asked?.includes('/v1/status')")
        page.js("streams.at(-1).onerror()")
        page.wait("asked.includes('/v1/events')")
        pause_and_let_through(page)
        page.js("sessionStorage.isHidden = false; show(true)")
        page.wait_until_live()


def test_the_pause_of_a_hidden_tab_is_not_put_off_by_a_daemon_that_keeps_failing(page):
    page.js("sessionStorage.isHidden = true")
    with page.prepared(HIDDEN + "letThrough();"):
        page.driver.execute_cdp_cmd("Network.enable", {})
        page.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*/v1/allocations*"]})
        try:
            page.driver.get(f"{page.origin}/")
            page.wait("window.opened?.length >= 3")
            assert page.js("return pauses") == 1
            page.js("letPause()")
            phase(page, "paused")
        finally:
            page.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": []})
            page.js("sessionStorage.isHidden = false")
        page.js("show(true)")
        page.wait_until_live()


def test_one_socket_of_two_that_closes_takes_no_row_away(page):
    with serving(29777, "dual") as server:
        addresses = f"document.querySelector({json.dumps(row(29777) + ' .where')})?.textContent"
        page.wait(f"{addresses}?.includes('::1')")
        page.js(
            """
            window.isLost = false;
            document.querySelector(arguments[0]).focus();
            new MutationObserver(() => { isLost ||= !document.querySelector(arguments[0]); })
                .observe(document.getElementById('listeners'), { childList: true });
            """,
            f"{row(29777)} .port",
        )
        server.send_signal(signal.SIGUSR1)
        page.wait(f"{addresses}?.endsWith('127.0.0.1')")
        assert page.js("return isLost") is False and page.focused_port == 29777
