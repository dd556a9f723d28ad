"""The verdict on processes that are really made. A row's docstring says which step of the decision it is about:

1. foreign: the hold or marker that makes it the service's was placed for a directory that was removed or replaced
2. mine: an owner itself, adopted, or proven before (same process, same socket)
3. unknown: a forwarder
4. foreign: in another checkout, unless it descends from a command that `run` became; or its nearest owner is another
   service's while this one has a living owner; or it is another person's
5. mine: descends from an owner, carries the marker, or its nearest checkout is the service's
6. unknown: the process is hidden; or the service has neither directory nor living owner; or it is an orphan that
   started after the hold was placed and stands in no checkout
7. foreign: everything else

Of several listeners, those count that the printed address reaches: foreign if one is, else unknown if one is.
"""

import json

import pytest

import rows_directories  # noqa: F401
import rows_forwarders  # noqa: F401
import rows_holds  # noqa: F401
import rows_managers  # noqa: F401
import rows_processes  # noqa: F401
import rows_sockets  # noqa: F401
import rows_users  # noqa: F401
from conftest import skip_without
from faces import check_faces
from table import TABLE
from world import EXIT_CODES, NONE


def text_of(answer):
    return json.dumps(answer, ensure_ascii=False)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_verdict(row, request):
    skip_without(row.needs)
    world = request.getfixturevalue(row.world)
    service = row.make(world)
    answer = service.verify()
    assert answer["verdict"] == row.verdict, f"{row.make.__doc__} {text_of(answer)}"
    for text in row.says:
        assert (text(world) if callable(text) else text) in text_of(answer), answer
    for entry in answer["ports"]:
        if entry["verdict"] != NONE:
            assert entry["reason"], entry
            assert {"port", "address", "verdict"} <= set(entry["listeners"][0]), entry
    if row.faces:
        check_faces(service, row.verdict)


def test_table_has_at_least_forty_scenarios_of_each_verdict_several():
    assert len(TABLE) >= 40
    for verdict in EXIT_CODES:
        assert [row for row in TABLE if row.verdict == verdict], verdict
    assert len([row for row in TABLE if row.faces]) >= 10
