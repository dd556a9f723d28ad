"""What people do with the dashboard, and what they see without doing anything."""

import http.client
import json
import os
import signal
import socket
import statistics
import time

from selenium.webdriver.common.keys import Keys

from conftest import row, serving


def test_an_empty_machine_is_taught_the_first_command(page):
    page.wait("!document.getElementById('empty').hidden")
    assert "portctl run web -- npm start" in page.find("#empty").text
    assert "PORT=$(portctl port web)" in page.find("#empty").text


def test_the_page_may_run_nothing_but_its_own_files_and_no_other_page_may_show_it(daemon):
    """Promise 20, and 16 for what is no API."""
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


def test_what_a_shell_does_shows_by_itself(page):
    port = page.daemon.allocate("web")
    assert "web" in page.wait_for(row(port)).text
    with serving(port) as server:
        assert str(server.pid) in page.wait_for(f"{row(port)}[data-state=active]").text
    page.wait_for(f"{row(port)}[data-state=reserved]")
    page.daemon.portctl("release", str(port))
    page.wait_for_the_end_of(row(port))
    page.wait("!document.getElementById('empty').hidden")


def test_every_change_of_a_shell_appears_live(page):
    # How fast, is measured by scripts/bench/dashboard.py; here it is only printed.
    latencies = page.latencies_of_changes(50)
    print(f"median {statistics.median(latencies):.0f} ms, longest {max(latencies):.0f} ms")
    assert len(latencies) == 50 and len(page.all("#apps .row")) == 50


def test_listeners_that_no_allocation_names_have_a_place_of_their_own(page):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert str(os.getpid()) in page.wait_for(f"#listeners {row(port)}").text
    page.wait_for_the_end_of(row(port))


def test_searching_and_filtering(page):
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
    # What is left of the filter stays within reach when nothing is left to be filtered.
    page.daemon.portctl("release", "--app", "shop")
    page.daemon.portctl("release", "--app", "blog")
    page.wait("!document.getElementById('empty').hidden")
    assert page.find("#app").is_displayed()
    page.click("#show-all")
    page.wait("document.getElementById('filters').hidden && !location.search")


def test_a_port_is_copied_and_opened(page):
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


def test_releasing_asks_first(page):
    port = page.daemon.allocate("web")
    page.wait_for(row(port))
    page.click(f"{row(port)} [data-action=release]")
    page.wait_for(".modal.release")
    page.keys(Keys.ESCAPE)
    page.wait_for_the_end_of(".modal")
    assert page.daemon.portctl("list", "--all").count("web") == 1
    page.click(f"{row(port)} [data-action=release]")
    page.click(".modal .confirm")
    page.wait_for_the_end_of(row(port))
    assert page.daemon.portctl("list", "--all") == ""


def test_killing_names_the_victim(page):
    port = page.daemon.allocate("web")
    with serving(port) as server:
        page.wait_for(f"{row(port)}[data-state=active]")
        page.click(f"{row(port)} [data-action=kill]")
        text = page.wait_for(".modal.kill").text
        assert str(server.pid) in text and str(port) in text and os.getcwd() in text
        # Enter alone does nothing.
        page.keys(Keys.ENTER)
        page.wait_for_the_end_of(".modal")
        assert server.poll() is None
        page.click(f"{row(port)} [data-action=kill]")
        page.click(".modal .confirm")
        page.wait_for_the_end_of(".modal")
        assert server.wait(timeout=20) == -signal.SIGTERM
        # The button that was pressed is no more.
        page.wait_for(f"{row(port)}[data-state=reserved]")
        page.wait(f"document.activeElement.matches({json.dumps(row(port) + ' .port')})")


def test_a_listener_without_an_allocation_is_ended_from_its_place(page):
    with serving(29777) as server:
        page.click(f"#listeners {row(29777)} [data-action=kill]")
        assert "no allocation names" in page.wait_for(".modal.kill").text
        page.click(".modal .confirm")
        page.wait_for_the_end_of(f"#listeners {row(29777)}")
        assert server.wait(timeout=20) == -signal.SIGTERM


def test_the_question_follows_who_listens_and_chooses_nobody_by_itself(page):
    port = page.daemon.allocate("web")
    with serving(port, "shared") as server:
        page.wait_for(f"{row(port)}[data-state=active]")
        page.click(f"{row(port)} [data-action=kill]")
        with serving(port, "shared") as other:
            page.wait_for(f".victim[data-pid='{other.pid}']")
            assert page.find(".victim input:checked").get_attribute("value") == str(server.pid)
            server.kill()
            server.wait()
            page.wait("document.querySelector('.modal .confirm').disabled")
            assert "listens no more" in page.find(".modal h2").text
            assert not page.find(f".victim[data-pid='{server.pid}'] input").is_enabled()
            assert other.poll() is None
            page.click(f".victim[data-pid='{other.pid}'] input")
            page.click(".modal .confirm")
            page.wait_for_the_end_of(".modal")
            assert other.wait(timeout=20) == -signal.SIGTERM


def test_of_several_who_listen_the_chosen_one_is_ended(page):
    port = page.daemon.allocate("web")
    with serving(port, "shared") as one, serving(port, "shared") as other:
        page.wait_for(f"{row(port)}[data-state=active]")
        page.wait(f"document.querySelector({json.dumps(row(port))}).textContent.includes('+1')")
        page.click(f"{row(port)} [data-action=kill]")
        page.click(f".victim[data-pid='{other.pid}'] input")
        assert str(other.pid) in page.find(".modal h2").text
        page.click(".modal .confirm")
        # The other one still listens, and is named.
        page.wait_for(".refusal:not(:empty)")
        assert other.wait(timeout=20) == -signal.SIGTERM and one.poll() is None


def test_force_is_a_choice_of_its_own(page):
    port = page.daemon.allocate("web")
    with serving(port, "stubborn") as server:
        page.wait_for(f"{row(port)}[data-state=active]")
        page.click(f"{row(port)} [data-action=kill]")
        page.click(".modal .confirm")
        page.wait_for(".refusal[data-code=still_listening]")
        assert server.poll() is None
        page.click(".modal [name=force]")
        page.click(".modal .confirm")
        page.wait_for_the_end_of(".modal")
        assert server.wait(timeout=20) == -signal.SIGKILL


def test_a_failure_is_told_when_its_question_is_closed_already(page):
    port = page.daemon.allocate("web")
    with serving(port, "stubborn"):
        page.wait_for(f"{row(port)}[data-state=active]")
        page.click(f"{row(port)} [data-action=kill]")
        page.click(".modal .confirm")
        page.keys(Keys.ESCAPE)
        page.wait_for_the_end_of(".modal")
        assert str(port) in page.wait_for(".toast.failed[role=alert]").text


def test_reserving(page):
    page.click(".top [data-action=reserve]")
    page.wait_for(".modal.reserve")
    for name, text in (("port", "29555"), ("app", "demo"), ("service", "web")):
        field = page.find(f".modal [name={name}]")
        field.clear()
        field.send_keys(text)
    page.click(".modal .confirm")
    page.wait_for(f".app[data-app=demo] {row(29555)}")
    assert page.daemon.portctl("lookup", "demo/main/web") == "29555\n"


def fill(page, **fields):
    page.wait_for(".modal.reserve")
    for name, text in fields.items():
        field = page.find(f".modal [name={name}]")
        field.clear()
        field.send_keys(text)


def toast(page):
    return page.wait_for(".toast").text


def test_who_listens_already_is_adopted_when_it_is_shown(page):
    with serving(29777) as server:
        page.click(f"#listeners {row(29777)} [data-action=claim]")
        assert str(server.pid) in page.wait_for(".modal.reserve .check").text
        fill(page, app="demo", service="web")
        page.click(".modal .confirm")
        page.wait_for(f".app[data-app=demo] {row(29777)}[data-state=active]")
        assert toast(page).startswith("Adopted 29777")
        assert page.focused_port == 29777


def test_who_comes_while_the_form_is_open_is_adopted_only_by_choice(page):
    page.click(".top [data-action=reserve]")
    fill(page, port="29777", app="demo", service="web")
    assert not page.find(".modal .check").is_displayed()
    with serving(29777) as server:
        page.wait("!document.querySelector('.modal .check').hidden")
        assert str(server.pid) in page.find(".modal .check").text
        assert not page.find(".modal [name=adopt]").is_selected()
        page.click(".modal .confirm")
        assert str(server.pid) in page.wait_for(".refusal:not(:empty)").text
        assert page.all(".app") == []
        page.click(".modal [name=adopt]")
        page.click(".modal .confirm")
        page.wait_for(f".app[data-app=demo] {row(29777)}")
        assert toast(page).startswith("Adopted 29777")


def test_ports_are_grouped_and_the_pools_are_counted(page):
    main, tree, other = (
        page.daemon.allocate("web", app, "--instance", instance)
        for app, instance in (("shop", "main"), ("shop", "login"), ("blog", "main"))
    )
    page.wait_for_rows(3)
    for app, instance, port in (("shop", "main", main), ("shop", "login", tree), ("blog", "main", other)):
        page.find(f".app[data-app={app}] .instance[data-instance={instance}] {row(port)}")
    # The main checkout comes before its worktrees.
    assert [each.get_attribute("data-instance") for each in page.all(".app[data-app=shop] .instance")] == ["main", "login"]
    page.wait_for(".pool[data-face=registry][data-allocated='3']")
    assert "3 of 1,000" in page.find(".pool[data-face=registry]").text
