#!/usr/bin/env python3
"""Checks docs/promises.md, and records figures in it.

Usage: scripts/promises.py [FIGURES]
Without an argument it checks that every test that docs/promises.md names exists and has a row in
docs/mutation-tests.md, that docs/promises.json has the measurements of the rows with a figure and of no others, and that
each row has at most one short figure. With the figures of a soak (a JSON object per line, see
Tests/SoakTests/conftest.py) it first replaces, for the tests that ran, the measurements in the JSON file and the figures
on the page.
"""

import collections
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).parents[1]
PAGE = ROOT / "docs/promises.md"
DATA = ROOT / "docs/promises.json"
MUTATIONS = ROOT / "docs/mutation-tests.md"

# A row: the promise, the test (the last name in backticks of the second cell), and the figure.
ROW = re.compile(r"^(\|[^|]*\|[^|]*`(\w+)`[^|]*\|)([^|]*)\|$", re.MULTILINE)
# A figure and the day of the measurement. conftest.py limits a test's short figure to the same length.
MAXIMUM = 60
FIGURE = re.compile(rf"[^|]{{1,{MAXIMUM}}} \(\d{{4}}-\d\d-\d\d\)")


def tests():
    """Yields the names of all functions in the directories of tests."""
    for path in (ROOT / "Tests").rglob("*"):
        if path.suffix in (".swift", ".py"):
            yield from re.findall(r"\b(?:func|def) (\w+)\(", path.read_text())


def tests_with_mutations():
    """Yields the tests that have a row in docs/mutation-tests.md, whatever other columns it has."""
    column = None
    for line in MUTATIONS.read_text().splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if column is None:
            column = next((place for place, cell in enumerate(cells) if cell.startswith("test")), None)
        elif len(cells) > column:
            yield from re.findall(r"`(\w+)`", cells[column])


def short_figure(entries):
    """Combines the short figures of one test's cases: one for all that are the same, else all of them."""
    shorts = [entry["short"] for entry in entries if entry.get("short")]
    if not shorts:
        return None
    cases = len({entry["parameters"] for entry in entries})
    distinct = list(dict.fromkeys(shorts))
    text = f"{cases} cases: {distinct[0]}" if len(distinct) == 1 and cases > 1 else "; ".join(distinct)
    return f"{text} ({max(entry['at'] for entry in entries)})"


def record(path):
    """Writes the figures of a soak into the data and the page. A test that did not run keeps its own."""
    measured = collections.defaultdict(list)
    for line in pathlib.Path(path).read_text().splitlines():
        entry = json.loads(line)
        measured[entry.pop("test")].append(entry)
    data = json.loads(DATA.read_text())
    for test, entries in measured.items():
        data[test] = [{key: entry[key] for key in ("figure", "at", "parameters")} for entry in entries]
    DATA.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n")
    figures = {test: figure for test, entries in measured.items() if (figure := short_figure(entries))}
    page = PAGE.read_text()
    PAGE.write_text(ROW.sub(lambda row: f"{row[1]} {figures[row[2]]} |" if row[2] in figures else row[0], page))


def findings():
    """Yields a sentence for each rule that is broken, with the tests concerned."""
    existing = set(tests())
    mutated = set(tests_with_mutations())
    rows = {name: figure.strip() for _, name, figure in ROW.findall(PAGE.read_text())}
    with_figure = {name for name, figure in rows.items() if figure}
    measured = json.loads(DATA.read_text()).keys()
    faults = {
        "docs/promises.md names tests that do not exist": rows.keys() - existing,
        "docs/mutation-tests.md names tests that do not exist": mutated - existing,
        "docs/promises.json names tests that do not exist": measured - existing,
        "docs/mutation-tests.md has no row for tests that docs/promises.md names": rows.keys() - mutated,
        "docs/promises.md has no row with a figure for tests that docs/promises.json names": measured - with_figure,
        "docs/promises.json has no measurement for tests with a figure in docs/promises.md": with_figure - measured,
        f"docs/promises.md has figures that are not one text of at most {MAXIMUM} characters and a date": {
            name for name in with_figure if not FIGURE.fullmatch(rows[name])
        },
    }
    return [f"{fault}: {', '.join(sorted(names))}" for fault, names in faults.items() if names]


if len(sys.argv) > 1:
    record(sys.argv[1])
if found := findings():
    sys.exit("\n".join(found))
