"""Last of all: whatever the document promises was seen in this session."""

# 403 has cases of its own, over raw connections. 405 cannot happen to a documented method.
# 503 needs a full pool or a broken database: IntegrationTests have both.
NOT_HERE = {403, 405, 503}


def test_every_documented_answer_was_seen(session_daemon):
    documented = {
        (method.upper(), path, int(status))
        for path, item in session_daemon.document["paths"].items()
        for method, operation in item.items()
        if method != "parameters"
        for status in operation["responses"]
        if int(status) not in NOT_HERE
    }
    assert documented - session_daemon.seen == set()


def test_every_documented_event_was_seen(session_daemon):
    documented = session_daemon.document["components"]["schemas"]["Event"]["properties"]["type"]["enum"]
    # Both come before anybody reads: PortStoreTests have them.
    assert set(documented) - {"taken_over", "rebuilt"} == session_daemon.told_of
