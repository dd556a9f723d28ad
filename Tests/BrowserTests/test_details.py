"""The details of a port: opening and closing them, and the focus."""

import json
import signal

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from conftest import row, serving


def details(page, port):
    page.wait("document.getElementById('drawer').open")
    page.wait(f"document.getElementById('drawer-port').textContent === '{port}'")


def focus_is(page, selector):
    page.wait(f"document.activeElement.matches({json.dumps(selector)})", f"the focus to be at {selector}")


def test_details_show_the_journal_of_the_port(page):
    port = page.daemon.allocate("web")
    page.daemon.portctl("release", str(port))
    port = page.daemon.allocate("web")
    page.click(f"{row(port)} .port")
    details(page, port)
    page.wait("document.querySelectorAll('#drawer .history li').length === 3")
    text = page.find("#drawer").text
    assert str(port) in text and "shop/main/web" in text and "released" in text
    page.keys(Keys.ESCAPE)
    page.wait("!document.getElementById('drawer').open")


def test_updates_keep_selection_focus_and_scroll_position(page):
    made = page.daemon.send("POST", "/v1/allocations", app="shop", instance="main", service="web", ttl_seconds=300)
    port = made["port"]
    with serving(port, "w" * 5000):
        page.wait_for(f"{row(port)}[data-state=active]")
        page.click(f"{row(port)} .port")
        page.wait_for("#drawer .scroll")
        page.wait_for("#drawer .history li")
        # `renewals` counts the renewals that the page has shown.
        page.js(
            """
            const command = document.querySelector('#drawer .scroll');
            command.focus();
            command.scrollTop = 40;
            getSelection().selectAllChildren(document.querySelector('#drawer [data-fact=directory]'));
            window.kept = document.querySelectorAll('#drawer section > div > *, #drawer .history li');
            window.renewals = 0;
            const stream = new EventSource('/v1/events');
            const nextFrame = (work) => requestAnimationFrame(() => requestAnimationFrame(work));
            stream.addEventListener('renewed', () => nextFrame(() => renewals++));
            stream.addEventListener('ready', () => { window.isReady = true; });
            """
        )
        page.wait("window.isReady")
        selected = page.js("return String(getSelection())")
        page.wait("!document.querySelector('#drawer .hold .time').textContent.startsWith('5:00')")
        page.daemon.send("POST", f"/v1/allocations/{made['id']}/heartbeat")
        page.wait("renewals > 0")
        assert selected and page.js("return String(getSelection())") == selected
        assert page.js("return document.activeElement.matches('#drawer .scroll')")
        assert page.js("return document.activeElement.scrollTop") == 40
        assert page.js("return kept.length > 4 && [...kept].every((each) => each.isConnected)")
        page.js("window.shown = document.querySelectorAll('#drawer .history li').length")
        page.js("window.first = document.querySelector('#drawer .history li:last-child')")
    # New entries are added to the history, and the earlier ones stay.
    page.wait_for("#drawer .sign[data-state=reserved]")
    page.daemon.portctl("release", str(port))
    page.wait("document.querySelectorAll('#drawer .history li').length > shown")
    assert page.js("return first.isConnected")


def test_lease_countdown_updates_in_place(page):
    page.daemon.portctl("alloc", "web", "--ttl", "300")
    page.wait_for_rows(1)
    port = int(page.find("#apps .row").get_attribute("data-port"))
    page.click(f"{row(port)} .port")
    details(page, port)
    left = "document.querySelector('#drawer .hold .time').textContent"
    page.wait(f"/^(5:00|4:5\\d)$/.test({left})")
    page.js(f"window.hold = document.querySelector('#drawer .hold'); window.first = {left}")
    page.wait(f"{left} !== first")
    assert page.js("return hold.isConnected")
    assert page.find(f"{row(port)} .age").get_attribute("datetime")


def test_focus_returns_to_the_last_opened_port(page):
    one, other = page.daemon.allocate("web"), page.daemon.allocate("api")
    page.resize(1600)
    page.click(f"{row(one)} .port")
    details(page, one)
    page.click(f"{row(other)} .port")
    details(page, other)
    page.keys(Keys.ESCAPE)
    page.wait("!document.getElementById('drawer').open")
    focus_is(page, f"{row(other)} .port")


@pytest.mark.parametrize("width", [360, 1600])
def test_focus_is_never_lost(page, width):
    one, other = page.daemon.allocate("web"), page.daemon.allocate("api")
    page.resize(width)
    # The button that was pressed goes; the details stay.
    page.click(f"{row(one)} .port")
    details(page, one)
    page.click("#drawer [data-action=release]")
    page.click(".modal .confirm")
    page.wait_until_gone(".modal")
    page.wait_for("#drawer .sign[data-state=free]")
    focus_is(page, "#drawer-port")
    # The row that they were opened from is gone, so that the focus moves to the row in its place.
    page.keys(Keys.ESCAPE)
    page.wait("!document.getElementById('drawer').open")
    focus_is(page, f"{row(other)} .port")
    # A command removes the row that has the focus.
    page.daemon.portctl("release", str(other))
    page.wait_until_gone(row(other))
    page.wait("document.activeElement !== document.body")


def test_details_can_adopt_kill_and_release(page, other_port):
    with serving(other_port) as server:
        page.open(f"?port={other_port}")
        details(page, other_port)
        page.click("#drawer [data-action=claim]")
        page.wait_for(".modal.reserve")
        for name in ("app", "service"):
            page.find(f".modal [name={name}]").clear()
            page.find(f".modal [name={name}]").send_keys("demo")
        page.click(".modal .confirm")
        page.wait_until_gone(".modal")
        page.wait_for("#drawer .sign[data-state=active]")
        page.click("#drawer [data-action=kill]")
        assert str(server.pid) in page.wait_for(".modal.kill").text
        page.click(".modal .confirm")
        page.wait_for("#drawer .sign[data-state=reserved]")
        assert server.wait(timeout=20) == -signal.SIGTERM
    page.click("#drawer [data-action=release]")
    page.click(".modal .confirm")
    page.wait_for("#drawer .sign[data-state=free]")


def test_details_are_modal_only_in_narrow_windows(page):
    port = page.daemon.allocate("web")
    page.resize(1600)
    page.open(f"?port={port}")
    details(page, port)
    assert not page.js("return document.getElementById('drawer').matches(':modal')")
    assert not page.find("aside").is_displayed()
    # In a narrower window they cover the list. A click beside them closes them.
    page.resize(800)
    page.wait("document.getElementById('drawer').matches(':modal')")
    pointer = ActionChains(page.driver)
    pointer.w3c_actions.pointer_action.move_to_location(20, 20).click()
    pointer.perform()
    page.wait("!document.getElementById('drawer').open")
    focus_is(page, f"{row(port)} .port")


@pytest.mark.parametrize("number", ["99999", "0", "-1", "1.5", "web"])
def test_invalid_port_opens_no_details(page, number):
    page.open(f"?port={number}")
    page.wait("!document.getElementById('empty').hidden")
    assert not page.js("return document.getElementById('drawer').open")



def test_service_that_listens_elsewhere_is_one_row_whose_link_leads_there(page):
    actual = page.daemon.allocate("other")
    page.daemon.portctl("release", str(actual))
    with serving(actual) as process:
        page.wait_for(row(actual))
        port = page.daemon.send(
            "POST", "/v1/allocations", app="shop", instance="main", service="web", owner_pid=process.pid, port=actual + 50
        )["port"]
        page.wait(f"document.querySelector(`{row(port)} .port`)?.textContent === '{port} → {actual}'")
        assert page.js(f"return document.querySelector(`{row(port)} .open`).href") == f"http://localhost:{actual}/"
        assert page.js(f"return document.querySelector(`{row(actual)}`)") is None
        page.click(f"{row(port)} .port")
        page.wait(f"document.querySelector('#drawer .verdict').textContent.includes('port {actual} instead')")
        # The details of the other port are those of the service, too.
        page.open(f"?port={actual}")
        page.wait(f"document.querySelector('#drawer .verdict')?.textContent.includes('port {actual} instead')")
        page.wait(f"location.search === '?port={port}'")
    page.wait(f"!document.querySelector(`{row(port)}`)")


def test_no_link_leads_to_another_server(page, tmp_path):
    made = page.daemon.send(
        "POST", "/v1/allocations", app="shop", instance="main", service="web",
        project={"root": str(tmp_path), "folder": str(tmp_path)},
    )
    port = made["port"]
    page.wait_for(f"{row(port)} .open:not([hidden])")
    with serving(port):
        page.wait_for(f"{row(port)}[data-state=conflict]")
        assert page.js(f"return document.querySelector(`{row(port)} .open`).hidden")
        assert not page.js(f"return document.querySelector(`{row(port)} .open`).hasAttribute('href')")
        page.click(f"{row(port)} .port")
        page.wait("document.querySelector('#drawer .verdict').textContent.startsWith('Not the right server: ')")
        assert page.js("return document.querySelector('#drawer .open').hidden")


def test_server_of_which_nothing_is_known_is_not_proven(page):
    port = page.daemon.allocate("web", "bare")
    with serving(port):
        page.wait(f"document.querySelector(`{row(port)} .word`)?.textContent === 'active, not proven'")
