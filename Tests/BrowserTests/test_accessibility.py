"""The dashboard with the keyboard only, and with a screen reader."""

import json
import signal

from selenium.webdriver.common.keys import Keys

from conftest import row, serving

ACTING = {"button", "link", "searchbox", "combobox", "textbox", "spinbutton", "checkbox", "radio"}


def tree(page):
    nodes = page.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    return [
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in nodes
        if not node.get("ignored") and "role" in node
    ]


def all_have_names(page, at_least):
    acting = [node for node in tree(page) if node[0] in ACTING]
    assert len(acting) >= at_least and [node for node in acting if not node[1]] == []


def tab_to(page, selector):
    for _ in range(60):
        if page.js(f"return document.activeElement.matches({json.dumps(selector)})"):
            return
        page.keys(Keys.TAB)
    raise AssertionError(f"{selector} is not reached")


def focus(page, selector):
    page.wait_for(selector)
    page.js("document.querySelector(arguments[0]).focus()", selector)


def test_every_control_has_an_accessible_name(page):
    port = page.daemon.allocate("web")
    with serving(port, "shared"), serving(port, "shared"):
        page.wait_for(f"{row(port)}[data-state=active]")
        all_have_names(page, 10)
        assert {"main", "banner", "heading", "status"} <= {role for role, _ in tree(page)}
        page.open(f"?port={port}")
        page.wait_for("#drawer .history li")
        all_have_names(page, 14)
        assert ("dialog", str(port)) in tree(page)
        page.click("#drawer [data-action=kill]")
        page.wait_for(".modal.kill")
        assert any(role == "dialog" and "pid" in name for role, name in tree(page))
        # The page behind the dialog is not in the accessibility tree.
        assert {name for role, name in tree(page) if role == "button"} == {"Cancel", page.find(".modal .confirm").text}
        all_have_names(page, 5)
    page.click(".modal .cancel")
    page.wait_until_gone(".modal")
    page.click(".top [data-action=reserve]")
    page.wait_for(".modal.reserve")
    assert ("dialog", "Reserve a port") in tree(page)
    all_have_names(page, 6)


def test_message_is_announced_while_a_dialog_is_open(page):
    port = page.daemon.allocate("web")
    page.resize(800)
    page.open(f"?port={port}")
    page.wait_for("#drawer .history li")
    page.click("#drawer [data-action=release]")
    page.click(".modal .confirm")
    page.wait_for("dialog:modal .toast")
    assert any("Released" in name for _, name in tree(page))
    page.click("#drawer [data-action=close]")
    page.wait("!document.querySelector('dialog:modal')")
    assert page.js("return document.getElementById('toasts').parentElement === document.body")


def test_kill_release_and_reserve_work_by_keyboard(page, other_port):
    port = page.daemon.allocate("web")
    with serving(port) as server:
        page.wait_for(f"{row(port)}[data-state=active]")
        focus(page, f"{row(port)} .port")
        tab_to(page, f"{row(port)} [data-action=kill]")
        page.keys(Keys.ENTER)
        page.wait_for(".modal.kill")
        tab_to(page, ".modal .confirm")
        page.keys(Keys.ENTER)
        page.wait_for(f"{row(port)}[data-state=reserved]")
        assert server.wait(timeout=20) == -signal.SIGTERM
    page.wait(f"document.activeElement.matches({json.dumps(row(port) + ' .port')})")
    tab_to(page, f"{row(port)} [data-action=release]")
    page.keys(Keys.ENTER)
    page.wait_for(".modal.release")
    page.keys(Keys.ENTER)
    page.wait_until_gone(row(port))
    page.wait("document.activeElement !== document.body")
    focus(page, ".top [data-action=reserve]")
    page.keys(Keys.ENTER)
    page.wait_for(".modal.reserve")
    page.keys(str(other_port), Keys.TAB, "demo", Keys.TAB, Keys.TAB, "web", Keys.ENTER)
    page.wait_for(f".app[data-app=demo] {row(other_port)}")
    page.wait("document.activeElement.dataset.action === 'reserve'")


def test_filters_and_rows_work_by_keyboard(page):
    ports = [page.daemon.allocate(name) for name in ("api", "db", "web")]
    page.wait_for_rows(3)
    permissions = {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"], "origin": page.origin}
    page.driver.execute_cdp_cmd("Browser.grantPermissions", permissions)
    focus(page, "#search")
    page.keys(Keys.ARROW_DOWN)
    first = page.focused_port
    page.keys(Keys.ARROW_DOWN)
    second = page.focused_port
    page.keys(Keys.ARROW_DOWN, Keys.ARROW_UP)
    assert page.focused_port == second != first and {first, second} < set(ports)
    page.keys("c")
    page.wait_for(".toast")
    assert page.js("return navigator.clipboard.readText()") == str(second)
    page.keys(Keys.ENTER)
    page.wait("document.getElementById('drawer').open")
    page.keys(Keys.ESCAPE)
    page.wait(f"document.activeElement.closest('.row')?.dataset.port === '{second}'")
    tabs = set(page.driver.window_handles)
    page.keys("o")
    opened = set(page.driver.window_handles) - tabs
    assert len(opened) == 1
    page.driver.switch_to.window(opened.pop())
    page.wait(f"location.href.includes('{second}') || document.title.includes('localhost')")
    page.driver.close()
    page.driver.switch_to.window(tabs.pop())
    focus(page, "#search")
    tab_to(page, ".chip[data-state=conflict]")
    page.keys(Keys.SPACE)
    page.wait_for_rows(0)
    page.keys(Keys.SPACE)
    page.wait_for_rows(3)
    page.keys("/", "no such thing")
    page.wait_for_rows(0)
    page.keys(Keys.ESCAPE)
    page.wait_for_rows(3)


def test_theme_choice_is_kept(page):
    colour = "getComputedStyle(document.body).backgroundColor"
    seen = {}
    for _ in range(3):
        page.click("#theme")
        seen[page.js("return document.documentElement.dataset.theme")] = page.js(f"return {colour}")
    assert set(seen) == {"auto", "light", "dark"} and seen["light"] != seen["dark"]
    while page.js("return document.documentElement.dataset.theme") != "dark":
        page.click("#theme")
    page.open()
    assert page.js(f"return {colour}") == seen["dark"]
