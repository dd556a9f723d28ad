"""The page while the daemon ends, is suspended, fails or refuses, and when another version returns."""

import http.client
import json
import os
import signal

from conftest import TIMEOUT, row, serving

# The page's event streams, and when each was opened.
STREAMS = """
window.streams = []; window.opened = [];
window.EventSource = class extends EventSource {
    constructor(...all) { super(...all); streams.push(this); opened.push(performance.now()); }
};
window.publish = (name, data) => streams.at(-1).dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data) }));
"""


def phase(page, name):
    page.wait(f"document.getElementById('connection').dataset.phase === '{name}'")


def test_banner_shows_a_stopped_daemon_and_its_return_restores_the_page(page):
    port = page.daemon.allocate("web")
    page.wait_for(row(port))
    os.kill(page.daemon.pid, signal.SIGKILL)
    phase(page, "gone")
    banner = page.wait_for("#banner:not([hidden])")
    assert "The daemon is gone." in banner.text and "To start it: portctl start" in banner.text
    # It covers nothing, and the last known state stays readable.
    boxes = page.js("return ['banner', 'bar'].map((id) => document.getElementById(id).getBoundingClientRect())")
    assert boxes[0]["bottom"] <= boxes[1]["top"] + 0.5
    assert page.js("return getComputedStyle(document.getElementById('page')).opacity") == "1"
    page.daemon.start()
    other = page.daemon.allocate("api")
    page.wait_until_live()
    page.wait_for(row(other))
    page.wait("document.getElementById('banner').hidden")


def test_suspended_daemon_counts_as_gone_until_it_continues(page):
    # The page checks the daemon every 15 seconds, with a timeout of 10. Both are shortened for the test.
    shortened = """
    const [every, limit] = [setInterval, AbortSignal.timeout];
    window.setInterval = (work, time) => every(work, time === 15000 ? 300 : time);
    AbortSignal.timeout = (time) => limit.call(AbortSignal, time === 10000 ? 2000 : time);
    """
    with page.prepared(shortened):
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


def test_refused_event_stream_is_not_reported_as_a_stopped_daemon(page):
    page.driver.get("about:blank")
    readers = [http.client.HTTPConnection(page.daemon.address, timeout=TIMEOUT) for _ in range(128)]
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


def test_reconnects_back_off_while_the_daemon_keeps_failing(page):
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


def test_reset_event_reloads_the_missed_state(page):
    with page.prepared(STREAMS):
        page.open()
        port = page.daemon.allocate("web")
        page.wait_for(row(port))
        page.js("publish('released', { type: 'released', port: arguments[0] })", port)
        page.wait_until_gone(row(port))
        page.js("publish('reset', {})")
        page.wait_for(row(port))


def test_new_daemon_version_reloads_the_page_once_no_dialog_is_open(page):
    with page.prepared(STREAMS):
        page.open()
        page.js("window.isOld = true; publish('ready', { version: 'another' })")
        page.wait("!window.isOld")
        page.wait_until_live()
        page.click(".top [data-action=reserve]")
        page.wait_for(".modal.reserve")
        page.js("window.isOld = true; publish('ready', { version: 'another' })")
        page.wait_until_live()
        assert page.js("return window.isOld") and page.find(".modal.reserve").is_displayed()
        page.click(".modal .cancel")
        page.wait("!window.isOld")
        page.wait_until_live()


# A hidden page pauses when the test calls `letPause`, not after 30 seconds, and sends its requests when the test calls
# `letThrough`. `requested` has the open requests, and each for another 100 ms after its end.
HIDDEN = STREAMS + """
window.isHidden = sessionStorage.isHidden === 'true';
Object.defineProperty(document, 'hidden', { get: () => isHidden });
window.show = (isShown) => { isHidden = !isShown; document.dispatchEvent(new Event('visibilitychange')); };
const pausing = new Promise((resolve) => window.letPause = resolve);
const allowed = new Promise((resolve) => window.letThrough = resolve);
const [later, request] = [setTimeout, fetch];
window.requested = [];
window.pauses = 0;
window.setTimeout = (work, time) => time === 30000 ? void (pauses++, pausing.then(work)) : later(work, time);
window.fetch = async (path, options) => {
    requested.push(path);
    if (isHidden) await allowed;
    return request(path, options).finally(() => later(() => requested.splice(requested.indexOf(path), 1), 100));
};
"""


def pause_and_let_through(page):
    """Answers to the requests before the pause change nothing."""
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
    page.wait("!requested.length")
    assert page.js("return phases") == []
    assert page.js("return streams.every((stream) => stream.readyState === EventSource.CLOSED)")


def test_hidden_tab_closes_its_event_stream(page):
    with page.prepared(HIDDEN):
        page.open()
        page.js("show(false); letPause()")
        phase(page, "paused")
        assert page.js("return streams.every((stream) => stream.readyState === EventSource.CLOSED)")
        port = page.daemon.allocate("web")
        page.js("show(true)")
        page.wait_for(row(port))


def test_paused_tab_ignores_late_answers(page):
    page.js("sessionStorage.isHidden = true")
    with page.prepared(HIDDEN):
        # Opened in the background.
        page.driver.get(f"{page.origin}/")
        page.wait("window.requested?.includes('/v1/status')")
        pause_and_let_through(page)
        page.js("sessionStorage.isHidden = false; show(true)")
        page.wait_until_live()
        # The stream fails.
        page.js("sessionStorage.isHidden = true")
        page.driver.get(f"{page.origin}/")
        page.wait("window.requested?.includes('/v1/status')")
        page.js("streams.at(-1).onerror()")
        page.wait("requested.includes('/v1/events')")
        pause_and_let_through(page)
        page.js("sessionStorage.isHidden = false; show(true)")
        page.wait_until_live()


def test_hidden_tab_pauses_even_while_the_daemon_keeps_failing(page):
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


def test_row_stays_while_one_of_two_sockets_listens(page, other_port):
    with serving(other_port, "dual") as server:
        addresses = f"document.querySelector({json.dumps(row(other_port) + ' .where')})?.textContent"
        page.wait(f"{addresses}?.includes('::1')")
        page.js(
            """
            window.isLost = false;
            document.querySelector(arguments[0]).focus();
            new MutationObserver(() => { isLost ||= !document.querySelector(arguments[0]); })
                .observe(document.getElementById('listeners'), { childList: true });
            """,
            f"{row(other_port)} .port",
        )
        server.send_signal(signal.SIGUSR1)
        page.wait(f"{addresses}?.endsWith('127.0.0.1')")
        assert page.js("return isLost") is False and page.focused_port == other_port
