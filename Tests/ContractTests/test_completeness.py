"""The check that conftest.py makes at the end of a session of the whole directory: some test received every documented
answer and event."""

import copy

import pytest
from received import Received


@pytest.fixture
def complete(daemon):
    """As if tests had received everything that the document describes."""
    received = Received()
    received.add(
        copy.deepcopy(daemon.document),
        [
            (method.upper(), path, int(status))
            for path, item in daemon.document["paths"].items()
            for method, operation in item.items()
            if method != "parameters"
            for status in operation["responses"]
        ],
        daemon.document["components"]["schemas"]["Event"]["properties"]["type"]["enum"],
    )
    assert received.missing() == []
    return received


def test_an_answer_that_no_test_received_is_reported(complete):
    complete.document["paths"]["/v1/new"] = {"get": {"responses": {"200": {}}}}
    complete.answers.remove(("GET", "/healthz", 200))
    assert complete.missing() == ["no test received 200 from GET /healthz", "no test received 200 from GET /v1/new"]


def test_an_event_that_no_test_received_is_reported(complete):
    complete.document["components"]["schemas"]["Event"]["properties"]["type"]["enum"].append("renamed")
    complete.events.remove("killed")
    assert complete.missing() == ["no test received the event killed", "no test received the event renamed"]
