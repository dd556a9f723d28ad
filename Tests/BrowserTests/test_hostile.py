"""Promise 20: names, directories and command lines are shown as text, and cannot be mistaken for anything else."""

import pathlib

from conftest import row, serving

NAMES = [
    "<img src=x onerror=alert(1)>", '"><script>alert(2)</script>', "__proto__", "'; alert(3); '", "javascript:alert(4)",
]  # fmt: skip
# A process may set any name for itself.
RENAMED = "import ctypes; ctypes.CDLL(None).prctl(15, {!r}.encode()); "
UNSEEN = "\u034f\u115f\u1160\u180e\u2800\u3164\uffa0\ufe0e\u00a0\u3000\u200b\u202e\u2066\U000e0041"


def injected(page):
    """Returns the number of elements that only an injection could have added."""
    elements = "img, iframe, object, body script, body style, body [onerror], body b[onclick]"
    return page.js(f"return document.querySelectorAll('{elements}').length")


def test_names_directories_and_command_lines_are_rendered_as_text(page, other_port):
    page.js("window.alert = () => { window.hit = true }")
    directory = pathlib.Path(page.daemon.directory) / "<img src=x onerror=alert(5)>"
    directory.mkdir()
    ports = [page.daemon.allocate(name, name) for name in NAMES]
    word, prelude = "<script>window.hit = true</script>", RENAMED.format("<b onclick=x>")
    how = {"prelude": prelude, "directory": directory}
    with serving(ports[0], word, **how), serving(other_port, word, **how):
        page.wait_for(f"{row(ports[0])}[data-state=active]")
        page.wait_for(f"#listeners {row(other_port)}")
        for port in [*ports, other_port]:
            page.open(f"?port={port}")
            page.wait(f"document.getElementById('drawer-port').textContent === '{port}'")
            page.wait("document.querySelector('#drawer .history li')")
            assert injected(page) == 0
        assert "<b onclick=x>" in page.find("#drawer").text and directory.name in page.find("#drawer").text
        page.click("#drawer [data-action=close]")
        for port, action in ((ports[0], "kill"), (ports[0], "release"), (other_port, "kill"), (other_port, "claim")):
            page.click(f"{row(port)} [data-action={action}]")
            page.wait_for(".modal")
            assert injected(page) == 0
            page.click(".modal .cancel")
            page.wait_until_gone(".modal")
        assert {option.text for option in page.all("#app option")} == {"all apps", *NAMES}
        page.click(f"{row(ports[0])} [data-action=kill]")
        page.click(".modal .confirm")
        assert "<b onclick=x>" in page.wait_for(".toast").text
        assert injected(page) == 0
    assert page.js("return window.hit") is None
    for name in NAMES:
        assert name in page.find("#apps").text


def test_invisible_characters_are_written_out(page, other_port):
    words = f"a{UNSEEN}b", "two\nlines", "e\u0301", "\U0001f468\u200d\U0001f469", "in\u200dvisible"
    with serving(other_port, *words) as server:
        page.open(f"?port={other_port}")
        page.wait(f"document.querySelector('#drawer [data-pid=\"{server.pid}\"]')")
        text = page.js("return document.querySelector('#drawer [data-fact=command]').textContent")
    for character in UNSEEN:
        assert f"<U+{ord(character):04X}>" in text and character not in text
    assert "'two↵lines'" in text and "e\u0301" in text and "\U0001f468\u200d\U0001f469" in text
    assert "in<U+200D>visible" in text


def test_right_to_left_names_do_not_reorder_the_page(page, other_port):
    words, prelude = ("\u05d0\u05d1", "--keep", "\u05d2\u05d3"), RENAMED.format("\u05d0\u05d1\u05d2")
    with serving(other_port, *words, prelude=prelude) as server:
        page.resize(1600)
        page.open(f"?port={other_port}")
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


def test_injected_script_does_not_run(page):
    assert page.js(
        """
        try { document.body.innerHTML = '<b>'; } catch (error) { return error instanceof TypeError; }
        """
    )
    page.driver.get_log("browser")
