"""The details of a port, and the way to them and back."""

import json
import signal

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from conftest import row, serving


def details(page, port):
    page.wait(f"document.getElementById('drawer').open && document.getElementById('drawer-port').textContent === '{port}'")


def focus_is(page, selector):
    page.wait(f"document.activeElement.matches({json.dumps(selector)})", f"the focus to be at {selector}")


def test_the_details_tell_the_ports_story(page):
    port = page.daemon.allocate("web")
    page.daemon.portctl("release", str(port))
    port = page.daemon.allocate("web")
    page.click(f"{row(port)} .port")
    details(page, port)
    page.wait("document.querySelectorAll('#drawer .story li').length === 3")
    text = page.find("#drawer").text
    assert str(port) in text and "shop/main/web" in text and "released" in text
    page.keys(Keys.ESCAPE)
    page.wait("!document.getElementById('drawer').open")


def test_what_is_read_stays_while_things_happen(page):
    made = page.daemon.ask("POST", "/v1/allocations", app="shop", instance="main", service="web", ttl_seconds=300)
    port = made["port"]
    with serving(port, "w" * 5000):
        page.wait_for(f"{row(port)}[data-state=active]")
        page.click(f"{row(port)} .port")
        page.wait_for("#drawer .scroll")
        page.wait_for("#drawer .story li")
        # `renewals` counts what the page has shown.
        page.js(
            """
            const command = document.querySelector('#drawer .scroll');
            command.focus();
            command.scrollTop = 40;
            getSelection().selectAllChildren(document.querySelector('#drawer [data-fact=folder]'));
            window.kept = document.querySelectorAll('#drawer section > div > *, #drawer .story li');
            window.renewals = 0;
            const stream = new EventSource('/v1/events');
            stream.addEventListener('renewed', () => requestAnimationFrame(() => requestAnimationFrame(() => renewals++)));
            stream.addEventListener('ready', () => { window.isReady = true; });
            """
        )
        page.wait("window.isReady")
        selected = page.js("return String(getSelection())")
        page.wait("!document.querySelector('#drawer .hold .time').textContent.startsWith('5:00')")
        page.daemon.ask("POST", f"/v1/allocations/{made['id']}/heartbeat")
        page.wait("renewals > 0")
        assert selected and page.js("return String(getSelection())") == selected
        assert page.js("return document.activeElement.matches('#drawer .scroll') && document.activeElement.scrollTop") == 40
        assert page.js("return kept.length > 4 && [...kept].every((each) => each.isConnected)")
        page.js("window.shown = document.querySelectorAll('#drawer .story li').length")
        page.js("window.first = document.querySelector('#drawer .story li:last-child')")
    # The story goes on, and what was told of it stays.
    page.wait_for("#drawer .sign[data-state=reserved]")
    page.daemon.portctl("release", str(port))
    page.wait("document.querySelectorAll('#drawer .story li').length > shown")
    assert page.js("return first.isConnected")


def test_a_lease_counts_down_and_its_details_are_not_made_again(page):
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


def test_the_way_back_is_to_the_port_that_was_opened_last(page):
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
def test_the_focus_is_never_lost(page, width):
    one, other = page.daemon.allocate("web"), page.daemon.allocate("api")
    page.resize(width)
    # The button that was pressed goes; the details stay.
    page.click(f"{row(one)} .port")
    details(page, one)
    page.click("#drawer [data-action=release]")
    page.click(".modal .confirm")
    page.wait_for_the_end_of(".modal")
    page.wait_for("#drawer .sign[data-state=free]")
    focus_is(page, "#drawer-port")
    # The row that they were opened from is gone: to the one in its place.
    page.keys(Keys.ESCAPE)
    page.wait("!document.getElementById('drawer').open")
    focus_is(page, f"{row(other)} .port")
    # Another takes the row of the focus away.
    page.daemon.portctl("release", str(other))
    page.wait_for_the_end_of(row(other))
    page.wait("document.activeElement !== document.body")


def test_the_details_act(page):
    with serving(29777) as server:
        page.open("?port=29777")
        details(page, 29777)
        page.click("#drawer [data-action=claim]")
        page.wait_for(".modal.reserve")
        for name in ("app", "service"):
            page.find(f".modal [name={name}]").clear()
            page.find(f".modal [name={name}]").send_keys("demo")
        page.click(".modal .confirm")
        page.wait_for_the_end_of(".modal")
        page.wait_for("#drawer .sign[data-state=active]")
        page.click("#drawer [data-action=kill]")
        assert str(server.pid) in page.wait_for(".modal.kill").text
        page.click(".modal .confirm")
        page.wait_for("#drawer .sign[data-state=reserved]")
        assert server.wait(timeout=20) == -signal.SIGTERM
    page.click("#drawer [data-action=release]")
    page.click(".modal .confirm")
    page.wait_for("#drawer .sign[data-state=free]")


def test_beside_the_list_nothing_is_behind_the_details_and_over_it_a_click_closes_them(page):
    port = page.daemon.allocate("web")
    page.resize(1600)
    page.open(f"?port={port}")
    details(page, port)
    assert not page.js("return document.getElementById('drawer').matches(':modal')")
    assert not page.find("aside").is_displayed()
    # A narrower window has them over the list; the way back is the same.
    page.resize(800)
    page.wait("document.getElementById('drawer').matches(':modal')")
    pointer = ActionChains(page.driver)
    pointer.w3c_actions.pointer_action.move_to_location(20, 20).click()
    pointer.perform()
    page.wait("!document.getElementById('drawer').open")
    focus_is(page, f"{row(port)} .port")


@pytest.mark.parametrize("number", ["99999", "0", "-1", "1.5", "web"])
def test_what_is_no_port_has_no_details(page, number):
    page.open(f"?port={number}")
    page.wait("!document.getElementById('empty').hidden")
    assert not page.js("return document.getElementById('drawer').open")
