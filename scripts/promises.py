#!/usr/bin/env python3
"""docs/promises.md: "promises.py" checks that every test it names exists; "promises.py FIGURES" also writes the figures of
a soak into it."""

import collections
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).parents[1]
PAGE = ROOT / "docs/promises.md"
ROW = re.compile(r"^(\|.*\|.*`(\w+)`[^|]*\|)(.*)\|$", re.MULTILINE)


def tests():
    for path in (ROOT / "Tests").rglob("*"):
        if path.suffix in (".swift", ".py"):
            yield from re.findall(r"\b(?:func|def) (\w+)\(", path.read_text())


page = PAGE.read_text()
missing = [name for _, name, _ in ROW.findall(page) if name not in set(tests())]
if missing:
    sys.exit(f"docs/promises.md names tests that do not exist: {', '.join(missing)}")
if len(sys.argv) > 1:
    figures = collections.defaultdict(list)
    for line in pathlib.Path(sys.argv[1]).read_text().splitlines():
        entry = json.loads(line)
        figures[entry["test"].partition("[")[0]].append(f"{entry['figure']} ({entry['at']})")
    PAGE.write_text(
        ROW.sub(lambda row: f"{row[1]} {'; '.join(figures[row[2]])} |" if row[2] in figures else row[0], page)
    )
