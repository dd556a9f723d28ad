"""The dashboard's actions, and the changes that it shows by itself."""

import http.client
import json
import os
import signal
import socket
import statistics
import subprocess
import sys

from selenium.webdriver.common.keys import Keys

from conftest import row, serving


def test_empty_dashboard_shows_the_first_command(page):
    page.wait("!document.getElementById('empty').hidden")
    assert "portctl run web -- npm start" in page.find("#empty").text
    assert "PORT=$(portctl port web)" in page.find("#empty").text


def test_page_may_run_only_its_own_files_and_cannot_be_framed(daemon):
    """Promise 20, and promise 16 for the files of the page."""
    connection = http.client.HTTPConnection(daemon.address)
    for path in ("/", "/dashboard/main.js", "/dashboard/dashboard.css", "/dashboard/favicon.svg"):
        connection.request("GET", path)
        answer = connection.getresponse()
        assert answer.status == 200 and answer.read()
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; ") and "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy and answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "require-trusted-types-for 'script'; trusted-types 'none'" in policy
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Access-Control-Allow-Origin" not in answer.headers
    for headers in ({"Host": "evil.example"}, {"Origin": "http://evil.example"}, {"Origin": "null"}):
        connection.request("GET", "/", headers=headers)
        answer = connection.getresponse()
        assert answer.status == 403 and b"<html" not in answer.read()


def test_command_line_changes_appear_without_a_reload(page):
    port = page.daemon.allocate("web")
    assert "web" in page.wait_for(row(port)).text
    with serving(port) as server:
        assert str(server.pid) in page.wait_for(f"{row(port)}[data-state=active]").text
    page.wait_for(f"{row(port)}[data-state=reserved]")
    page.daemon.portctl("release", str(port))
    page.wait_until_gone(row(port))
    page.wait("!document.getElementById('empty').hidden")


def test_fifty_changes_appear_live(page):
    # scripts/bench/dashboard.py measures the latency; here it is only printed.
    latencies = page.latencies_of_changes(50)
    print(f"median {statistics.median(latencies):.0f} ms, longest {max(latencies):.0f} ms")
    assert len(latencies) == 50 and len(page.all("#apps .row")) == 50


def test_listeners_without_an_allocation_have_their_own_section(page):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert str(os.getpid()) in page.wait_for(f"#listeners {row(port)}").text
    page.wait_until_gone(row(port))


def test_search_and_filters_narrow_the_list(page):
    ports = [page.daemon.allocate(service, app) for app, service in [("shop", "web"), ("shop", "db"), ("blog", "web")]]
    page.wait_for_rows(3)
    page.keys("/", "blog")
    page.wait_for_rows(1)
    assert page.js("return document.activeElement.id") == "search"
    assert page.find("#apps .row").get_attribute("data-port") == str(ports[2])
    page.keys(Keys.ESCAPE)
    page.wait_for_rows(3)
    with serving(ports[0]):
        page.wait_for(f"{row(ports[0])}[data-state=active]")
        page.click(".chip[data-state=active]")
        page.wait_for_rows(1)
        page.click(".chip[data-state=active]")
    page.wait_for_rows(3)
    page.find("#app").send_keys("blog")
    page.wait_for_rows(1)
    # The filter can still be removed when no row is left.
    page.daemon.portctl("release", "--app", "shop")
    page.daemon.portctl("release", "--app", "blog")
    page.wait("!document.getElementById('empty').hidden")
    assert page.find("#app").is_displayed()
    page.click("#show-all")
    page.wait("document.getElementById('filters').hidden && !location.search")


def test_port_can_be_copied_and_opened(page):
    port = page.daemon.allocate("web")
    page.driver.execute_cdp_cmd(
        "Browser.grantPermissions",
        {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"], "origin": page.origin},
    )
    page.wait_for(row(port))
    page.click(f"{row(port)} [data-action=copy]")
    page.wait_for(".toast")
    assert page.js("return navigator.clipboard.readText()") == str(port)
    assert page.find(f"{row(port)} .open").get_attribute("href") == f"http://localhost:{port}/"


def test_release_needs_confirmation(page):
    port = page.daemon.allocate("web")
    page.wait_for(row(port))
    page.click(f"{row(port)} [data-action=release]")
    page.wait_for(".modal.release")
    page.keys(Keys.ESCAPE)
    page.wait_until_gone(".modal")
    assert page.daemon.portctl("list", "--all").count("web") == 1
    page.click(f"{row(port)} [data-action=release]")
    page.click(".modal .confirm")
    page.wait_until_gone(row(port))
    assert page.daemon.portctl("list", "--all") == ""


def test_kill_dialog_names_the_process(page):
    port = page.daemon.allocate("web")
    with serving(port) as server:
        page.wait_for(f"{row(port)}[data-state=active]")
        page.click(f"{row(port)} [data-action=kill]")
        text = page.wait_for(".modal.kill").text
        assert str(server.pid) in text and str(port) in text and os.getcwd() in text
        # Enter alone does nothing.
        page.keys(Keys.ENTER)
        page.wait_until_gone(".modal")
        assert server.poll() is None
        page.click(f"{row(port)} [data-action=kill]")
        page.click(".modal .confirm")
        page.wait_until_gone(".modal")
        assert server.wait(timeout=20) == -signal.SIGTERM
        # The pressed button has been removed.
        page.wait_for(f"{row(port)}[data-state=reserved]")
        page.wait(f"document.activeElement.matches({json.dumps(row(port) + ' .port')})")


def test_kill_dialog_names_the_other_ports_of_the_process(page, other_port):
    port = page.daemon.allocate("web")
    sockets = f"[socket.create_server(('127.0.0.1', port)) for port in ({port}, {other_port})]"
    program = f"import signal, socket; sockets = {sockets}; signal.pause()"
    server = subprocess.Popen([sys.executable, "-c", program])
    try:
        page.wait_for(f"{row(port)}[data-state=active]")
        page.wait_for(f"#listeners {row(other_port)}")
        page.click(f"{row(port)} [data-action=kill]")
        assert f"also listens on {other_port}, which" in page.wait_for(".modal.kill").text
    finally:
        server.kill()
        server.wait()


def test_listener_without_an_allocation_can_be_killed(page, other_port):
    with serving(other_port) as server:
        page.click(f"#listeners {row(other_port)} [data-action=kill]")
        assert "which is not allocated" in page.wait_for(".modal.kill").text
        page.click(".modal .confirm")
        page.wait_until_gone(f"#listeners {row(other_port)}")
        assert server.wait(timeout=20) == -signal.SIGTERM


def test_kill_dialog_follows_the_listeners_and_selects_none_itself(page):
    port = page.daemon.allocate("web")
    with serving(port, "shared") as server:
        page.wait_for(f"{row(port)}[data-state=active]")
        page.click(f"{row(port)} [data-action=kill]")
        with serving(port, "shared") as other:
            page.wait_for(f".target[data-pid='{other.pid}']")
            assert page.find(".target input:checked").get_attribute("value") == str(server.pid)
            server.kill()
            server.wait()
            page.wait("document.querySelector('.modal .confirm').disabled")
            assert "no longer listens" in page.find(".modal h2").text
            assert not page.find(f".target[data-pid='{server.pid}'] input").is_enabled()
            assert other.poll() is None
            page.click(f".target[data-pid='{other.pid}'] input")
            page.click(".modal .confirm")
            page.wait_until_gone(".modal")
            assert other.wait(timeout=20) == -signal.SIGTERM


def test_kill_ends_only_the_selected_listener(page):
    port = page.daemon.allocate("web")
    with serving(port, "shared") as one, serving(port, "shared") as other:
        page.wait_for(f"{row(port)}[data-state=active]")
        page.wait(f"document.querySelector({json.dumps(row(port))}).textContent.includes('+1')")
        page.click(f"{row(port)} [data-action=kill]")
        page.click(f".target[data-pid='{other.pid}'] input")
        assert str(other.pid) in page.find(".modal h2").text
        page.click(".modal .confirm")
        # The refusal names the other process, which still listens.
        page.wait_for(".refusal:not(:empty)")
        assert other.wait(timeout=20) == -signal.SIGTERM and one.poll() is None


def test_force_is_a_separate_choice(page):
    port = page.daemon.allocate("web")
    with serving(port, "stubborn") as server:
        page.wait_for(f"{row(port)}[data-state=active]")
        page.click(f"{row(port)} [data-action=kill]")
        page.click(".modal .confirm")
        page.wait_for(".refusal[data-code=still_listening]")
        assert server.poll() is None
        page.click(".modal [name=force]")
        page.click(".modal .confirm")
        page.wait_until_gone(".modal")
        assert server.wait(timeout=20) == -signal.SIGKILL


def test_failure_after_the_dialog_closed_is_shown_as_a_toast(page):
    port = page.daemon.allocate("web")
    with serving(port, "stubborn"):
        page.wait_for(f"{row(port)}[data-state=active]")
        page.click(f"{row(port)} [data-action=kill]")
        page.click(".modal .confirm")
        page.keys(Keys.ESCAPE)
        page.wait_until_gone(".modal")
        assert str(port) in page.wait_for(".toast.failed[role=alert]").text


def test_reserve_dialog_reserves_the_port(page, other_port):
    page.click(".top [data-action=reserve]")
    page.wait_for(".modal.reserve")
    for name, text in (("port", str(other_port)), ("app", "demo"), ("service", "web")):
        field = page.find(f".modal [name={name}]")
        field.clear()
        field.send_keys(text)
    page.click(".modal .confirm")
    page.wait_for(f".app[data-app=demo] {row(other_port)}")
    assert page.daemon.portctl("lookup", "demo/main/web") == f"{other_port}\n"


def fill(page, **fields):
    page.wait_for(".modal.reserve")
    for name, text in fields.items():
        field = page.find(f".modal [name={name}]")
        field.clear()
        field.send_keys(text)


def toast(page):
    return page.wait_for(".toast").text


def test_visible_listener_is_adopted(page, other_port):
    with serving(other_port) as server:
        page.click(f"#listeners {row(other_port)} [data-action=claim]")
        assert str(server.pid) in page.wait_for(".modal.reserve .check").text
        fill(page, app="demo", service="web")
        page.click(".modal .confirm")
        page.wait_for(f".app[data-app=demo] {row(other_port)}[data-state=active]")
        assert toast(page).startswith(f"Adopted {other_port}")
        assert page.focused_port == other_port


def test_listener_that_appears_while_the_form_is_open_is_adopted_only_by_choice(page, other_port):
    page.click(".top [data-action=reserve]")
    fill(page, port=str(other_port), app="demo", service="web")
    assert not page.find(".modal .check").is_displayed()
    with serving(other_port) as server:
        page.wait("!document.querySelector('.modal .check').hidden")
        assert str(server.pid) in page.find(".modal .check").text
        assert not page.find(".modal [name=adopt]").is_selected()
        page.click(".modal .confirm")
        assert str(server.pid) in page.wait_for(".refusal:not(:empty)").text
        assert page.all(".app") == []
        page.click(".modal [name=adopt]")
        page.click(".modal .confirm")
        page.wait_for(f".app[data-app=demo] {row(other_port)}")
        assert toast(page).startswith(f"Adopted {other_port}")


def test_ports_are_grouped_and_pools_are_counted(page):
    main, tree, other = (
        page.daemon.allocate("web", app, "--instance", instance)
        for app, instance in (("shop", "main"), ("shop", "login"), ("blog", "main"))
    )
    page.wait_for_rows(3)
    for app, instance, port in (("shop", "main", main), ("shop", "login", tree), ("blog", "main", other)):
        page.find(f".app[data-app={app}] .instance[data-instance={instance}] {row(port)}")
    # The main checkout comes before its worktrees.
    instances = page.all(".app[data-app=shop] .instance")
    assert [each.get_attribute("data-instance") for each in instances] == ["main", "login"]
    page.wait_for(".pool[data-face=registry][data-allocated='3']")
    assert "3 of 500" in page.find(".pool[data-face=registry]").text


def test_machine_wide_names_are_in_one_group_under_the_names_that_were_typed(page):
    ports = {name: page.daemon.allocate("default", name, "--instance", "default") for name in ("blog", "my-app")}
    web = page.daemon.allocate("web", "shop")
    page.wait_for_rows(3)
    for name, port in ports.items():
        assert page.find(f".app[data-app=''] {row(port)} .name").text == name
    assert [each.text for each in page.all(".app h2")] == ["shop", "machine-wide names"]
    page.find(f".app[data-app=shop] {row(web)}")
    page.click(f"{row(ports['blog'])} [data-action=release]")
    assert "blog loses the port" in page.find(".modal").text


def test_refused_reservation_offers_to_kill_the_process_on_the_port(page, other_port):
    with serving(other_port) as server:
        page.click(f"#listeners {row(other_port)} [data-action=claim]")
        fill(page, app="demo", service="web")
        page.click(".modal [name=adopt]")
        page.click(".modal .confirm")
        page.click(".refusal [data-remedy=kill_if_occupied]")
        assert str(server.pid) in page.wait_for(".modal.kill").text
        page.wait_until_gone(".modal.reserve")
        page.click(".modal.kill .confirm")
        assert server.wait(timeout=20) == -signal.SIGTERM


def test_refused_reservation_offers_to_release_a_port_of_the_same_project(page):
    port = page.daemon.allocate("api")
    page.wait_for(row(port))
    page.click(".top [data-action=reserve]")
    fill(page, port=str(port), app="shop", service="web")
    page.click(".modal .confirm")
    assert "shop" in page.wait_for(".refusal:not(:empty)").text
    page.click(".refusal [data-remedy=release]")
    assert str(port) in page.wait_for(".modal.release").text
    page.click(".modal.release .confirm")
    page.wait_until_gone(row(port))


def test_refused_kill_offers_force(page):
    port = page.daemon.allocate("web")
    with serving(port, "stubborn") as server:
        page.wait_for(f"{row(port)}[data-state=active]")
        page.click(f"{row(port)} [data-action=kill]")
        page.click(".modal .confirm")
        page.click(".refusal [data-remedy=force]")
        page.wait_until_gone(".modal")
        assert server.wait(timeout=20) == -signal.SIGKILL


def test_remedy_without_an_action_of_the_page_is_only_in_the_hint(page):
    port = page.daemon.allocate("api", "other")
    page.wait_for(row(port))
    page.click(".top [data-action=reserve]")
    fill(page, port=str(port), app="shop", service="web")
    page.click(".modal .confirm")
    assert "request another port" in page.wait_for(".refusal .hint").text
    [history] = page.all(".refusal [data-remedy]")
    assert history.get_attribute("data-remedy") == "show_history"
    history.click()
    page.wait_until_gone(".modal")
    page.wait("document.getElementById('drawer').open")
