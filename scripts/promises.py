#!/usr/bin/env python3
"""docs/promises.md: "promises.py" checks that every test it names exists, and has a row in docs/promises-broken.md;
"promises.py FIGURES" also writes the figures of a soak into it."""

import collections
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).parents[1]
PAGE = ROOT / "docs/promises.md"
BROKEN = ROOT / "docs/promises-broken.md"
ROW = re.compile(r"^(\|.*\|.*`(\w+)`[^|]*\|)(.*)\|$", re.MULTILINE)


def tests():
    for path in (ROOT / "Tests").rglob("*"):
        if path.suffix in (".swift", ".py"):
            yield from re.findall(r"\b(?:func|def) (\w+)\(", path.read_text())


def broken():
    for line in BROKEN.read_text().splitlines():
        if line.startswith("|"):
            yield from re.findall(r"`(\w+)`", line.split("|")[3])


page = PAGE.read_text()
named = {name for _, name, _ in ROW.findall(page)}
faults = {
    "docs/promises.md names tests that do not exist": named - set(tests()),
    "docs/promises-broken.md names tests that do not exist": set(broken()) - set(tests()),
    "docs/promises-broken.md has no row for tests that docs/promises.md names": named - set(broken()),
}
if len(sys.argv) > 1:
    figures = collections.defaultdict(list)
    for line in pathlib.Path(sys.argv[1]).read_text().splitlines():
        entry = json.loads(line)
        figures[entry["test"].partition("[")[0]].append(f"{entry['figure']} ({entry['at']})")
    # A row whose test did not run keeps what it has.
    PAGE.write_text(
        ROW.sub(lambda row: f"{row[1]} {'; '.join(figures[row[2]])} |" if row[2] in figures else row[0], page)
    )
    faults["docs/promises.md has no row for tests that have figures"] = figures.keys() - named
complaints = [f"{fault}: {', '.join(sorted(names))}" for fault, names in faults.items() if names]
if complaints:
    sys.exit("\n".join(complaints))
