"""What every face says about one port."""

import json

from world import EXIT_CODES, FOREIGN, MINE, NONE, UNKNOWN

WORST_FIRST = [FOREIGN, UNKNOWN, NONE, MINE]


def worst(verdicts):
    return min(verdicts, key=WORST_FIRST.index, default=NONE)


def listeners_verdict(listeners):
    """The verdict of what `ps`, `who` and `/v1/listeners` show of a port; checks that their parts agree."""
    whole = {listener["allocation"]["verdict"] for listener in listeners if "allocation" in listener}
    assert len(whole) == 1, listeners
    [whole] = whole
    single = [process["verdict"] for listener in listeners for process in listener.get("processes") or []]
    # Processes that nobody can see have no entry, and another local address than the printed one does not count.
    if whole in (MINE, FOREIGN) and single:
        assert whole in single, listeners
    if whole == MINE:
        assert FOREIGN not in single or len({listener["address"] for listener in listeners}) > 1, listeners
    return whole


def state_verdict(allocation):
    """The verdict of a wide listing; checks that the state is its state."""
    verdict, state = allocation["verdict"], allocation["state"]
    assert (state == "conflict") == (verdict == FOREIGN), allocation
    assert (state == "reserved") == (verdict == NONE), allocation
    return verdict


def of_lookup(ended, service):
    """`lookup` prints no port of a foreign listener, and says which it is; unknown is said."""
    if ended.returncode == EXIT_CODES[FOREIGN]:
        assert ended.stdout == "" and ended.stderr.strip(), ended
        return FOREIGN
    assert ended.returncode == 0 and ended.stdout == f"{service.port}\n", ended
    return UNKNOWN if ended.stderr.strip() else "passed"


def all_faces(service):
    """Returns the verdict of every face on a service that listens on its own port or on none, by the face's name."""
    checkout, daemon, port = service.checkout, service.checkout.world.daemon, service.port
    held = daemon.allocation(port)
    app, instance, name = held["app"], held["instance"], held["service"]
    identity = f"{app}/{instance}/{name}"
    query = {"app": app, "instance": instance, "root": str(checkout)}
    verified = service.verify()
    [entry] = [entry for entry in verified["ports"] if entry["port"] == port]
    by_port = checkout.verify(port)
    [listed] = [
        entry
        for entry in json.loads(checkout.printed("portctl", "list", "--all", "--wide", "--json"))
        if entry["port"] == port
    ]
    result = {
        "verify": verified["verdict"],
        "verify, the port": entry["verdict"],
        "verify PORT": by_port["verdict"],
        "verify URL": checkout.verify(f"http://localhost:{port}/")["verdict"],
        "verify IDENTITY": checkout.verify(identity)["verdict"],
        "GET /v1/services/NAME/verdict": daemon.get(f"/v1/services/{name}/verdict", **query)["verdict"],
        "GET /v1/ports/PORT/verdict": daemon.get(f"/v1/ports/{port}/verdict", **query)["verdict"],
        "list --wide": state_verdict(listed),
        "GET /v1/allocations": state_verdict(held),
        "GET /lookup": daemon.get("/lookup", service=identity)["verdict"],
    }
    if result["verify"] != NONE:
        result["who PORT"] = listeners_verdict(json.loads(checkout.printed("portctl", "who", str(port), "--json")))
        result["who NAME"] = listeners_verdict(json.loads(checkout.printed("portctl", "who", identity, "--json")))
        result["ps"] = listeners_verdict(
            [one for one in json.loads(checkout.printed("portctl", "ps", "--json")) if one["port"] == port]
        )
        result["GET /v1/listeners"] = listeners_verdict(daemon.get("/v1/listeners", port=port))
    passed = of_lookup(checkout.portctl("lookup", identity), service)
    result["lookup"] = result["verify"] if passed == "passed" and result["verify"] in (MINE, NONE) else passed
    claim = checkout.printed("portctl", "lookup", "--claim", identity)
    assert claim == str(port), claim
    return result


def check_faces(service, verdict):
    found = all_faces(service)
    assert found == dict.fromkeys(found, verdict)
