#!/usr/bin/env python3
"""Prints how many tests a run of scripts/check.sh passed, failed and skipped, as the last line of its output.

Usage: scripts/tally.py LOG STATUS
LOG has everything that the run printed; STATUS is its exit status. Counted are the closing lines of Swift Testing and
of pytest, and the scripts' own lines: "ok …" is a check that passed, "skipped: …" one that was not made.
"""

import collections
import pathlib
import re
import sys

# Swift Testing, whose lines begin with a symbol: "✔ Test run with 492 tests in 60 suites passed after 83.1 seconds."
SWIFT_RUN = re.compile(r"^\S+\s+Test run with (\d+) tests? ")
# "✘ Test name() failed after 0.1 seconds with 1 issue.", also "… with 3 test cases failed after …".
SWIFT_FAILED = re.compile(r"^\S+\s+Test (?!run with |case ).* failed after [\d.]+ seconds with \d+ issues?")
# "➜ Test name() skipped: "the reason"". Skipped tests are part of the run's number of tests, suites are not.
SWIFT_SKIPPED = re.compile(r"^➜\s+Test .* skipped\b")
# pytest: "1 failed, 140 passed, 2 skipped in 20.56s", with or without a frame of "=".
PYTEST_RUN = re.compile(r"^(?:=+ )?(\d+ \w+(?:, \d+ \w+)*) in \d[\d.]*s\b")
PYTEST_OUTCOMES = {
    "passed": "passed", "xpassed": "passed", "failed": "failed", "error": "failed", "errors": "failed",
    "skipped": "skipped", "xfailed": "skipped",
}  # fmt: skip
SCRIPT_LINE = re.compile(r"^(ok|skipped:) \S")


def count(lines):
    """Returns the numbers of passed, failed and skipped tests in the lines of a log."""
    counts = collections.Counter()
    not_passed = 0  # of the tests of the Swift run whose closing line comes next
    for line in lines:
        if match := SWIFT_RUN.match(line):
            counts["passed"] += int(match[1]) - not_passed
            not_passed = 0
        elif SWIFT_FAILED.match(line):
            counts["failed"] += 1
            not_passed += 1
        elif SWIFT_SKIPPED.match(line):
            counts["skipped"] += 1
            not_passed += 1
        elif match := PYTEST_RUN.match(line):
            for outcome in match[1].split(", "):
                number, word = outcome.split()
                if word in PYTEST_OUTCOMES:
                    counts[PYTEST_OUTCOMES[word]] += int(number)
        elif match := SCRIPT_LINE.match(line):
            counts["passed" if match[1] == "ok" else "skipped"] += 1
    return counts


def main():
    log, status = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    counts = count(log.read_text(encoding="utf-8", errors="replace").splitlines())
    # A run that stopped without a failed test (a build error, a crash, a script) has one failure.
    failed = max(counts["failed"], 1 if status else 0)
    print(f"total: {counts['passed']} passed, {failed} failed, {counts['skipped']} skipped")


if __name__ == "__main__":
    main()
