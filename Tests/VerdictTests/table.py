"""The table of the scenarios: each row makes its processes, and returns the service that is asked about."""

import dataclasses
from collections.abc import Callable

TABLE = []


@dataclasses.dataclass
class Scenario:
    name: str
    verdict: str
    make: Callable
    # Of conftest.NEEDS.
    needs: tuple
    # The fixture that is the world.
    world: str
    # Whether every face is asked.
    faces: bool
    # What the reason, or what the listeners say, must contain.
    says: tuple


def scenario(name, verdict, *, needs=(), world="world", faces=False, says=()):
    """Adds a row. The docstring of its function derives the verdict."""

    def add(make):
        needed = (needs,) if isinstance(needs, str) else needs
        assert make.__doc__ and name not in {row.name for row in TABLE}
        TABLE.append(Scenario(name, verdict, make, needed, world, faces, (says,) if isinstance(says, str) else says))
        return make

    return add
