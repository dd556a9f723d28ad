#!/usr/bin/env python3
"""Checks what the formatter does not: words that are out of use (scripts/words.txt), doc comments of public and package
declarations, files per directory, references to documents that are not in the repository, the errors of PortSystem, the
command line in what other faces print, and the length of comments.
Prints a line for each finding and exits 1 if there is one."""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).parents[1]
MAXIMUM_FILES = 20
MAXIMUM_COLUMNS = 120

# Comments and string literals are not code. An interpolation counts as text.
NOT_CODE = re.compile(r'//[^\n]*|/\*.*?\*/|#+".*?"#+|"""(?:\\.|.)*?"""|"(?:\\.|[^"\\\n])*"', re.DOTALL)
NOT_CODE_ELSEWHERE = {
    ".js": re.compile(r"//[^\n]*|/\*.*?\*/|`(?:\\.|[^`\\])*`|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.DOTALL),
    ".py": re.compile(r"#[^\n]*|\"\"\".*?\"\"\"|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.DOTALL),
}
# Names that are not ours: a field on the wire, a method of Python's files.
NAMES_OF_OTHERS = {".js": {"folder"}, ".py": {"folder", "tell"}}
IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")

MODIFIER = r"(?:\w+(?:\(\w+\))?\s+)*?"
DECLARATION = re.compile(
    r"^(?P<indent> *)(?:@\w+(?:\(.*\))?\s+)*" + MODIFIER + r"(?:public|package|open)\s+" + MODIFIER
    + r"(?P<kind>struct|class|enum|actor|protocol|typealias|func|init|subscript|extension)\b(?P<rest>.*)$"
)
REQUIREMENT = re.compile(r"^ +(?:@\w+(?:\(.*\))?\s+)*" + MODIFIER + r"(?P<kind>func|init|subscript)\b(?P<rest>.*)$")
# Lines that may stand between a doc comment and its declaration.
BETWEEN = re.compile(r"^\s*(?:@|//[^/]|#if|#else|#endif|\)$)")
ABSENT = re.compile(r"(?i:seed 00\d)|\b(?:DESIGN|PROMISES|HOUSE|FAULTS|STYLE)\b")

# The client and the routes take paths from Endpoints.
WITHOUT_PATHS = ("PortClient", "PortCommands", "PortHTTP", "PortDaemon")
RAW_PATH = re.compile(r'"/(?:v1/|healthz|alloc\b|release\b|heartbeat\b|lookup"|ports/|health"|openapi\.json")[^"]*"?')

# Functions that find users and hosts by the name service. In the static executables they load its libraries at run time,
# and end the process if those are not of the C library that is linked.
NAME_SERVICE = re.compile(
    r"\b(?:getpw(?:uid|nam)\w*|getgr(?:gid|nam)\w*|getaddrinfo|getnameinfo|gethostby\w+|makeAddressResolvingHost"
    r"|attributesOfItem|homeDirectory\w*|NSHomeDirectory|NSUserName|expandingTildeInPath)\b"
)

# What speaks to every face names neither options nor commands of one of them.
WITHOUT_COMMAND_LINE = ("PortModel", "PortSystem", "PortProject", "PortRegistry", "PortStore", "PortHost", "PortManager", "PortHTTP",
                        "PortDaemon")
COMMENT = re.compile(r"(?:^|\s)//.*")
COMMAND_LINE = re.compile(r" --[a-z]|\bportctl [a-z]")
# A part of each allowed line, by the name of its file.
COMMAND_LINE_ALLOWED = (
    # Commands of the system have options of their own.
    ("Remedy+Phrase.swift", "systemctl --user"),
    ("Remedy+Phrase.swift", "docker ps --filter"),
    # The name of the program is no command.
    ("PortExclusions+Explanation.swift", "kept for portctl itself"),
    # port-server is a program whose help and messages name the one that starts it.
    ("PortServerCommand.swift", "portctl starts it"),
    ("RegistryError+Options.swift", "name another"),
    ("HomeInUseError.swift", "see portctl status"),
)


def tracked(*patterns):
    words = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns]
    try:
        output = subprocess.run(words, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"the checked files are those that git knows, and git failed: {error}")
    return [path for name in output.split("\0") if name and (path := ROOT / name).is_file()]


def words_out_of_use():
    words = {}
    for line in (ROOT / "scripts/words.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            word, _, replacement = line.partition(" ")
            words[word] = replacement.strip()
    return words


def words_of(identifier):
    words = [word.lower() for word in WORD.findall(identifier)]
    joined = []
    for word in words:
        if word == "up" and joined and joined[-1] in ("look", "looks", "looked"):
            joined[-1] += "up"
        else:
            joined.append(word)
    return joined


def check_words(path, text, words):
    not_code = NOT_CODE_ELSEWHERE.get(path.suffix, NOT_CODE)
    allowed = NAMES_OF_OTHERS.get(path.suffix, ())
    code = not_code.sub(lambda match: "\n" * match[0].count("\n"), text)
    for number, line in enumerate(code.splitlines(), 1):
        for identifier in IDENTIFIER.findall(line):
            for word in words_of(identifier):
                if word in words and word not in allowed:
                    yield number, f'"{identifier}": "{word}" is out of use; {words[word]}'


def is_memberwise(lines, index):
    """Whether the initialiser at `index` does nothing but assign its parameters."""
    depth, body, is_inside = 0, [], False
    for line in lines[index:]:
        for character in line:
            if character == "{":
                depth += 1
                is_inside = True
            elif character == "}":
                depth -= 1
        body.append(line)
        if is_inside and depth == 0:
            break
        if not is_inside and line.strip() == "":
            return False
    text = "\n".join(body)
    statements = re.split(r"[;\n]", text[text.find("{") + 1:text.rfind("}")])
    assignment = re.compile(r"^\s*(?:(?:self\.)?\w+ = [A-Za-z_]\w*|)\s*$")
    return all(assignment.match(statement) for statement in statements)


def check_doc_comments(lines):
    protocol_indent = None
    for index, line in enumerate(lines):
        match = DECLARATION.match(line)
        if match and match["kind"] == "protocol" and not re.search(r"\bimport\b", line):
            protocol_indent = match["indent"]
        elif protocol_indent is not None and line == protocol_indent + "}":
            protocol_indent = None
        if match is None and protocol_indent is not None:
            match = REQUIREMENT.match(line)
        if match is None or re.match(r"^ *(?://|(?:package |public )?import )", line):
            continue
        if match["kind"] == "extension":
            yield index + 1, "the access level of an extension's members stands at each member"
            continue
        before = index - 1
        while before >= 0 and BETWEEN.match(lines[before]):
            # The lines of an attribute's arguments belong to the attribute.
            while lines[before].strip() == ")" and not lines[before].lstrip().startswith("@"):
                before -= 1
                while before >= 0 and not lines[before].lstrip().startswith("@"):
                    before -= 1
            before -= 1
        if before >= 0 and re.match(r"^\s*///\s*\S", lines[before]):
            continue
        name = match["rest"].strip().split("{")[0].strip()
        if match["kind"] == "enum" and re.match(r"CodingKeys\b", name):
            continue
        if match["kind"] == "func" and name.startswith(("encode(to encoder:", "hash(into", "makeIterator(", "== (")):
            continue
        if match["kind"] == "init" and (name.startswith("(from decoder:") or is_memberwise(lines, index)):
            continue
        yield index + 1, f"{match['kind']} {name[:50]} has no doc comment"


def main():
    findings = []

    def report(path, number, text):
        findings.append(f"{path.relative_to(ROOT)}:{number}: {text}")

    words = words_out_of_use()
    for path in tracked("Sources/*.swift", "Tests/*.swift", "Benchmarks/*.swift", "examples/*.swift"):
        text = path.read_text(errors="replace")
        lines = text.splitlines()
        for number, finding in check_words(path, text, words):
            report(path, number, finding)
        for number, line in enumerate(lines, 1):
            if len(line) > MAXIMUM_COLUMNS:
                report(path, number, f"more than {MAXIMUM_COLUMNS} columns")
        if path.is_relative_to(ROOT / "Sources"):
            for number, finding in check_doc_comments(lines):
                report(path, number, finding)

    for path in tracked("Sources/*.swift"):
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            if match := NAME_SERVICE.search(COMMENT.sub("", line)):
                report(path, number, f"{match[0]} uses the name service, which the static executables cannot load")

    for path in tracked("Sources/PortSystem/*.swift"):
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            if "RegistryError" in line:
                report(path, number, "PortSystem throws SystemError alone; Sources/PortErrors words it")

    for target in ("PortModel", "PortRegistry"):
        for path in tracked(f"Sources/{target}/*.swift"):
            for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
                if re.search(r"\bimport\b.*\bFoundation", line):
                    report(path, number, f"{target} does without Foundation")

    for target in WITHOUT_PATHS:
        for path in tracked(f"Sources/{target}/*.swift"):
            for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
                if match := RAW_PATH.search(COMMENT.sub("", line)):
                    report(path, number, f"{match[0]}: paths are in Sources/PortAPI/Endpoints")

    for target in WITHOUT_COMMAND_LINE:
        for path in tracked(f"Sources/{target}/*.swift"):
            for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
                if match := COMMAND_LINE.search(COMMENT.sub("", line)):
                    if not any(path.name == name and part in line for name, part in COMMAND_LINE_ALLOWED):
                        report(path, number, f'"{match[0].strip()}" is the command line\'s: make it a Remedy')

    for path in tracked("Sources", "Tests", "docs", "scripts", "packaging", "examples", "Benchmarks", "*.md", "Makefile",
                        "Package.swift"):
        if path == pathlib.Path(__file__) or path.suffix in (".png", ".svg"):
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            if match := ABSENT.search(line):
                report(path, number, f'"{match[0]}" is a document that is not in the repository')

    for path in tracked("Sources/*.js", "Tests/*.py", "scripts/*.py"):
        for number, finding in check_words(path, path.read_text(errors="replace"), words):
            report(path, number, finding)

    directories = {}
    for path in tracked("Sources"):
        directories.setdefault(path.parent, []).append(path)
    for directory, files in sorted(directories.items()):
        if len(files) > MAXIMUM_FILES:
            report(directory, 0, f"{len(files)} files; at most {MAXIMUM_FILES}: make a directory for each subject")

    for finding in findings:
        print(finding)
    if findings:
        sys.exit(f"{len(findings)} findings")


if __name__ == "__main__":
    main()
