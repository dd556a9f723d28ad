"""Promise 20: names, folders and command lines are text, and look like nothing else."""

import pathlib

from conftest import row, serving

NAMES = ["<img src=x onerror=alert(1)>", '"><script>alert(2)</script>', "__proto__", "'; alert(3); '", "javascript:alert(4)"]
# A process may call itself anything.
RENAMED = "import ctypes; ctypes.CDLL(None).prctl(15, {!r}.encode()); "
UNSEEN = "\u034f\u115f\u1160\u180e\u2800\u3164\uffa0\ufe0e\u00a0\u3000\u200b\u202e\u2066\U000e0041"


def injected(page):
    return page.js(
        "return document.querySelectorAll('img, iframe, object, body script, body style, body [onerror], body b[onclick]').length"
    )


def test_names_folders_and_command_lines_are_text(page):
    page.js("window.alert = () => { window.hit = true }")
    folder = pathlib.Path(page.daemon.folder) / "<img src=x onerror=alert(5)>"
    folder.mkdir()
    ports = [page.daemon.allocate(name, name) for name in NAMES]
    word, prelude = "<script>window.hit = true</script>", RENAMED.format("<b onclick=x>")
    with serving(ports[0], word, prelude=prelude, folder=folder), serving(29777, word, prelude=prelude, folder=folder):
        page.wait_for(f"{row(ports[0])}[data-state=active]")
        page.wait_for(f"#listeners {row(29777)}")
        for port in [*ports, 29777]:
            page.open(f"?port={port}")
            page.wait(f"document.getElementById('drawer-port').textContent === '{port}'")
            page.wait("document.querySelector('#drawer .story li')")
            assert injected(page) == 0
        assert "<b onclick=x>" in page.find("#drawer").text and folder.name in page.find("#drawer").text
        page.click("#drawer [data-action=close]")
        for port, action in ((ports[0], "kill"), (ports[0], "release"), (29777, "kill"), (29777, "claim")):
            page.click(f"{row(port)} [data-action={action}]")
            page.wait_for(".modal")
            assert injected(page) == 0
            page.click(".modal .cancel")
            page.wait_for_the_end_of(".modal")
        assert {option.text for option in page.all("#app option")} == {"all apps", *NAMES}
        page.click(f"{row(ports[0])} [data-action=kill]")
        page.click(".modal .confirm")
        assert "<b onclick=x>" in page.wait_for(".toast").text
        assert injected(page) == 0
    assert page.js("return window.hit") is None
    for name in NAMES:
        assert name in page.find("#apps").text


def test_what_cannot_be_seen_is_written_out(page):
    with serving(29777, f"a{UNSEEN}b", "two\nlines", "e\u0301", "\U0001f468\u200d\U0001f469", "in\u200dvisible") as server:
        page.open("?port=29777")
        page.wait(f"document.querySelector('#drawer [data-pid=\"{server.pid}\"]')")
        text = page.js("return document.querySelector('#drawer [data-fact=command]').textContent")
    for character in UNSEEN:
        assert f"<U+{ord(character):04X}>" in text and character not in text
    assert "'two↵lines'" in text and "e\u0301" in text and "\U0001f468\u200d\U0001f469" in text
    assert "in<U+200D>visible" in text


def test_a_name_in_hebrew_reorders_nothing(page):
    with serving(29777, "\u05d0\u05d1", "--keep", "\u05d2\u05d3", prelude=RENAMED.format("\u05d0\u05d1\u05d2")) as server:
        page.resize(1600)
        page.open("?port=29777")
        page.wait(f"document.querySelector('#drawer [data-pid=\"{server.pid}\"]')")
        places = page.js(
            """
            return [...document.querySelectorAll('#drawer .code[dir=ltr] > bdi')].slice(-4).map((word) => {
                const { top, left } = word.getBoundingClientRect();
                return [Math.round(top), Math.round(left)];
            })
            """
        )
        assert len(places) == 4 and places == sorted(places)
        page.click("#drawer [data-action=kill]")
        # The name is isolated from the number that follows it.
        assert f"\u2068\u05d0\u05d1\u05d2\u2069 (pid {server.pid})" in page.wait_for(".modal h2").text


def test_an_injected_script_is_not_run(page):
    assert page.js(
        """
        try { document.body.innerHTML = '<b>'; } catch (error) { return error instanceof TypeError; }
        """
    )
    page.driver.get_log("browser")
