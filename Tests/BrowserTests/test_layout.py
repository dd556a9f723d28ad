"""Every control is visible and can be clicked, at any width and with any number of rows."""

import pytest

from conftest import row, serving

# Every control is within its card and on the screen, and a click on it reaches it. Controls beneath a modal dialog are
# not checked: they cannot be used.
CLIPPED = """
const top = [...document.querySelectorAll('dialog:modal')].at(-1) ?? document;
const controls = [...top.querySelectorAll('button, a, input, select, [tabindex="0"]')]
    .filter((each) => each.checkVisibility() && !each.matches('.skip') && !each.disabled);
const wrong = [];
for (const control of controls) {
    control.scrollIntoView({ block: 'center', behavior: 'instant' });
    const box = control.getBoundingClientRect();
    const card = control.closest('.row, .modal, .drawer, .app, #listeners, .top, .bar, .empty, aside')
        .getBoundingClientRect();
    const screen = { left: 0, right: document.documentElement.clientWidth, top: 0, bottom: innerHeight };
    const isInside = [card, screen].every(({ left, right, top, bottom }) => box.left >= left - .5
        && box.right <= right + .5 && box.top >= top - .5 && box.bottom <= bottom + .5);
    const hit = document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2);
    if (!isInside || !(control.contains(hit) || control.closest('label')?.contains(hit)))
        wrong.push([control.outerHTML.slice(0, 120), hit?.outerHTML.slice(0, 80), box.left, box.right, card.right]);
}
return [controls.length, wrong, document.documentElement.scrollWidth - innerWidth];
"""


def check(page, at_least):
    count, wrong, excess = page.js(CLIPPED)
    assert wrong == [] and count >= at_least and excess <= 0


@pytest.mark.parametrize("width", [320, 360, 760, 800, 860, 1200, 1270, 1340, 1600])
def test_no_control_is_cut_off_or_covered(page, other_port, width):
    page.daemon.allocate("a-service-with-a-name-that-goes-on-and-on-" + "x" * 80, "app-" + "y" * 100)
    body = {"app": "shop", "instance": "main", "service": "web", "tags": ["a-tag-of-some-length", "another"]}
    port = page.daemon.send("POST", "/v1/allocations", **body)["port"]
    with serving(port, "shared", "w" * 200) as server, serving(port, "shared"), serving(other_port, "dual"):
        page.resize(width)
        page.wait_for(f"{row(port)}[data-state=active]")
        page.wait_for(f"#listeners {row(other_port)}")
        page.wait(f"document.querySelector({repr(row(port))}).textContent.includes('+1')")
        check(page, 20)
        page.open(f"?port={port}")
        page.wait_for(f"#drawer [data-pid='{server.pid}']")
        check(page, 6)
        page.click("#drawer [data-action=kill]")
        page.wait_for(".modal.kill")
        check(page, 5)
        page.click(".modal .cancel")
        page.wait_until_gone(".modal")
        page.click("#drawer [data-action=close]")
        page.wait("!document.getElementById('drawer').open")
        page.click(f"{row(other_port)} [data-action=claim]")
        page.wait_for(".modal.reserve")
        check(page, 7)


# Each step draws a frame, so that the rows that come into view are laid out. The list of listeners below the rows may
# grow and shrink: other programs of this machine have sockets, too.
SCROLL = """
const done = arguments[0], heights = new Set(), tops = [];
function step(top) {
    scrollTo(0, top);
    requestAnimationFrame(() => requestAnimationFrame(() => {
        heights.add(document.getElementById('apps').scrollHeight);
        tops.push(scrollY - top);
        const end = document.documentElement.scrollHeight - innerHeight;
        if (top >= end) return done([[...heights], tops]);
        step(Math.min(end, top + innerHeight * 3));
    }));
}
step(0);
"""


@pytest.mark.parametrize("width", [360, 1600])
def test_two_thousand_rows_scroll_without_jumps(page, width):
    page.daemon.environment["PORT_SERVER_POOLS_REGISTRY"] = "3000-32000"
    page.daemon.portctl("restart")
    page.wait_until_live()
    for number in range(4):
        page.daemon.portctl("group", "allocate", "500", "--app", f"app{number}", "--instance", f"i{number % 2}")
    page.resize(width)
    page.open()
    page.wait_for_rows(2000)
    heights, drifts = page.driver.execute_async_script(SCROLL)
    assert len(heights) == 1 and all(abs(drift) < 1 for drift in drifts), (heights, drifts)
    last = page.js("return Math.max(...[...document.querySelectorAll('#apps .row')].map((row) => row.dataset.port))")
    assert page.js(f"return document.querySelector(\"{row(last)}\").checkVisibility()")
    # A change far above does not move the visible rows.
    page.js(f"document.querySelector(\"{row(last)}\").scrollIntoView()")
    place = page.js(f"return document.querySelector(\"{row(last)}\").getBoundingClientRect().top")
    first = page.js("return Math.min(...[...document.querySelectorAll('#apps .row')].map((row) => row.dataset.port))")
    with serving(first):
        page.wait_for(f"{row(first)}[data-state=active]")
        assert abs(page.js(f"return document.querySelector(\"{row(last)}\").getBoundingClientRect().top") - place) < 1
    page.js("scrollTo(0, 0)")
    page.keys("/", "app1")
    page.wait_for_rows(500)
    assert page.js("return [document.activeElement.id, document.activeElement.value]") == ["search", "app1"]
    assert page.find(".chip[data-state=all] .number").text == "500"


# The visible elements whose contrast to their background (WCAG's ratio) is too small.
CONTRAST = """
const light = (text) => text.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255)
    .map((part) => part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4)
    .reduce((sum, part, index) => sum + part * [.2126, .7152, .0722][index], 0);
const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
        const { backgroundColor } = getComputedStyle(each);
        if (!/, 0\\)$/.test(backgroundColor)) return light(backgroundColor);
    }
};
const ratio = (one, other) => (Math.max(one, other) + .05) / (Math.min(one, other) + .05);
const faint = [];
for (const element of document.querySelectorAll(arguments[0])) {
    if (!element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const found = ratio(light(style[arguments[1]]), behind(arguments[1] === 'color' ? element : element.parentElement));
    if (found < arguments[2]) faint.push([element.outerHTML.slice(0, 80), found]);
}
return faint;
"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_contrast_meets_wcag_in_both_themes(page, theme):
    port = page.daemon.allocate("web")
    page.wait_for(row(port))
    page.js("document.documentElement.dataset.theme = arguments[0]", theme)
    # New rows flash for a moment.
    page.wait("document.getAnimations().length === 0")
    page.click(f"{row(port)} [data-action=release]")
    page.click(".modal .cancel")
    page.click(".top [data-action=reserve]")
    page.wait_for(".modal.reserve")
    assert page.js(CONTRAST, "input:not([type=checkbox]), select, .chip, .cancel", "borderTopColor", 3) == []
    assert page.js(CONTRAST, ".icon", "color", 3) == []
    page.click(".modal .cancel")
    page.wait_until_gone(".modal")
    page.daemon.portctl("stop")
    page.wait("!document.getElementById('banner').hidden")
    text = "#banner p, #contact, .row .name, .row .word, .row .process, .row .age, .hold span, .quiet, #pools p"
    assert page.js(CONTRAST, text, "color", 4.5) == []
    page.daemon.start()
    page.wait_until_live()
