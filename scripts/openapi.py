#!/usr/bin/env python3
"""Makes Sources/PortDashboard/OpenAPI/openapi.json from openapi.yaml beside it. The JSON is committed, so that a build
needs no Python. Usage: .venv/bin/python scripts/openapi.py [--check]; --check writes nothing, and exits 1 if the JSON is
not what the YAML says."""

import json
import pathlib
import sys

import yaml

DIRECTORY = pathlib.Path(__file__).parents[1] / "Sources/PortDashboard/OpenAPI"
SOURCE, RESULT = DIRECTORY / "openapi.yaml", DIRECTORY / "openapi.json"


class Loader(yaml.SafeLoader):
    """Reads what looks like a date as text, and refuses a key that occurs twice, of which YAML keeps the last."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.YAMLError(f"{key.value} occurs twice{key.start_mark}")
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def main():
    document = yaml.load(SOURCE.read_text(), Loader)
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"
    if sys.argv[1:] == ["--check"]:
        if not RESULT.exists() or RESULT.read_text() != text:
            sys.exit(f"{RESULT.name} is not what {SOURCE.name} says: run .venv/bin/python scripts/openapi.py")
    elif sys.argv[1:]:
        sys.exit(__doc__)
    else:
        RESULT.write_text(text)


if __name__ == "__main__":
    main()
