"""Users other than root, as which tests run processes."""

import os
import pathlib

import pytest

OWNER, OTHER, THIRD = 1233, 1234, 1235
# Root of a new user namespace has no other users.
USERS = pathlib.Path("/proc/self/uid_map").read_text().split()
CAN_BECOME_OTHERS = os.geteuid() == 0 and USERS == ["0", "0", "4294967295"]

needs_other_users = pytest.mark.skipif(
    not CAN_BECOME_OTHERS, reason="running processes of other users needs the machine's root: they were not tested"
)
