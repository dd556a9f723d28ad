#!/usr/bin/env python3
"""Writes the man pages of every program and of portctl's subcommands, from the help of the executables.

Usage: scripts/make-man-pages.py BIN_DIR OUT_DIR
The tables of environment variables, settings and files come from docs/configuration.md.
"""

import datetime
import json
import os
import pathlib
import re
import subprocess
import sys
import textwrap

PROGRAMS = ["portctl", "get-port", "release-port", "list-ports", "port-manager", "port-server"]
SECTION = 1
CONFIGURATION = pathlib.Path(__file__).resolve().parent.parent / "docs" / "configuration.md"

EXIT_STATUS = [("0", "Success."), ("1", "Every failure; the reason is on standard error.")]
# The description of these commands explains their exit status.
OWN_EXIT_STATUS = {"portctl run", "portctl lookup", "portctl check", "portctl who", "portctl status", "portctl health",
                   "portctl doctor"}


# MARK: roff

def plain(text):
    """Returns text with roff's special characters escaped."""
    text = text.replace("\\", "\\e").replace("~", "\\(ti").replace("^", "\\(ha").replace("`", "\\(ga")
    return "".join(c if ord(c) < 128 else f"\\[u{ord(c):04X}]" for c in text)


def escaped(text):
    """Returns prose for roff. The hyphens of options and program names become minus signs, which can be copied."""
    text = re.sub(r"(?<![\w-])-{1,2}(?=[\w ]|$)", lambda match: "\\-" * len(match[0]), plain(text))
    for program in PROGRAMS:
        text = re.sub(rf"\b{program}\b", program.replace("-", "\\-"), text)
    return re.sub(r"^([.'])", r"\\&\1", text)


def bold(text):
    """Returns literal input, in bold."""
    return f"\\fB{plain(text).replace('-', chr(92) + '-')}\\fP"


def italic(text):
    return f"\\fI{escaped(text)}\\fP"


def markdown(text):
    """Converts the inline Markdown of docs/configuration.md."""
    text = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", text)
    parts = re.split(r"`([^`]*)`", text)
    return "".join(bold(part) if index % 2 else escaped(part) for index, part in enumerate(parts))


def sentence(text):
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def paragraphs(text):
    return "\n.PP\n".join(escaped(" ".join(part.split())) for part in text.split("\n\n"))


def tagged(items):
    return [line for tag, body in items for line in (".TP", tag, body)]


def wrapped(line):
    """Wraps text at 80 columns. No line starts with a character that makes it a roff request."""
    if line.startswith("."):
        return line
    lines = textwrap.wrap(line, 80, break_long_words=False, break_on_hyphens=False)
    return "\n".join("\\&" + part if part[0] in ".'" else part for part in lines)


# MARK: the help of the executables

def dump(program):
    output = subprocess.run([program, "--experimental-dump-help"], capture_output=True, check=True, text=True).stdout
    return json.loads(output)["command"]


def shown(items):
    return [item for item in items or [] if item.get("shouldDisplay", True)]


def option_names(argument):
    names = sorted(argument["names"], key=lambda name: name["kind"] == "long")
    return [{"long": "--", "short": "-", "longWithSingleDash": "-"}[name["kind"]] + name["name"] for name in names]


def label(argument):
    """Returns an option or argument as in the list of options and arguments."""
    if argument["kind"] == "positional":
        return italic(argument["valueName"])
    names = ", ".join(bold(name) for name in option_names(argument))
    return names if argument["kind"] == "flag" else f"{names} {italic(argument['valueName'])}"


def synopsis(argument):
    if argument["kind"] == "positional":
        text = italic(argument["valueName"]) + ("..." if argument["isRepeating"] else "")
        if argument["parsingStrategy"] == "postTerminator":
            return f"{bold('--')} {text}"
    else:
        text = bold(option_names(argument)[-1])
        if argument["kind"] == "option":
            text += f" {italic(argument['valueName'])}"
        if argument["isRepeating"]:
            text += " ..."
    return f"[{text}]" if argument["isOptional"] else text


def explained(argument):
    text = argument.get("abstract", "")
    if argument.get("discussion"):
        text += " " + argument["discussion"]
    if values := argument.get("allValues"):
        text += f" One of: {', '.join(values)}."
    default = argument.get("defaultValue")
    if default and "(default" not in text:
        text += f" (default: {default})"
    return paragraphs(text.strip() or argument["valueName"])


# MARK: docs/configuration.md

def table(heading):
    """Returns the rows of the first table under the heading, as lists of cells."""
    lines = iter(CONFIGURATION.read_text(encoding="utf-8").splitlines())
    for line in lines:
        if line == heading:
            break
    else:
        sys.exit(f'{CONFIGURATION} has no heading "{heading}"')
    rows = []
    for line in lines:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
        elif rows or line.startswith("#"):
            break
    if len(rows) < 3:
        sys.exit(f'{CONFIGURATION} has no table under "{heading}"')
    return rows[2:]


def environment():
    return [".SH ENVIRONMENT"] + tagged(
        (markdown(name), markdown(sentence(meaning))) for name, meaning in table("## Environment of the command line"))


def files():
    return [".SH FILES"] + tagged(
        (bold("~/.port_server/") + markdown(name), markdown(sentence(meaning)))
        for name, meaning in table("## The home"))


def settings():
    lines = [
        ".SH CONFIGURATION",
        "Nothing has to be configured.",
        "A flag overrides the environment, which overrides "
        f"{bold('~/.port_server/config.yaml')}.",
    ]
    for setting, flag, variable, key, default in table("# Configuration"):
        where = "; ".join(markdown(part) for part in (flag, variable, key) if part)
        lines += [".TP", where, f"{markdown(sentence(setting))} Default: {markdown(default)}."]
    return lines


# MARK: pages

def page(command, path, version, date, others):
    name = " ".join(path)
    file = "-".join(path)
    # whatis(1) shows the first sentence, in lower case.
    summary = command["abstract"].split(". ")[0].rstrip(".")
    summary = summary[0].lower() + summary[1:]
    arguments = shown(command.get("arguments"))
    subcommands = [sub for sub in shown(command.get("subcommands")) if sub["commandName"] != "help"]
    positionals = [argument for argument in arguments if argument["kind"] == "positional"]
    options = [argument for argument in arguments if argument["kind"] != "positional"]

    lines = [
        '.\\" Written by scripts/make-man-pages.py from the help of the command.',
        f'.TH {escaped(file).upper()} {SECTION} "{date}" "portctl {version}" "portctl"',
        ".SH NAME",
        f"{escaped(file)} \\- {escaped(summary)}",
        ".SH SYNOPSIS",
    ]
    if subcommands:
        lines.append(f"{bold(name)} {italic('subcommand')} [{italic('options')}]")
    else:
        # The arguments after "--" are last, as on the command line.
        order = options + positionals
        order.sort(key=lambda argument: argument["parsingStrategy"] == "postTerminator")
        parts = [synopsis(argument) for argument in order if argument["valueName"] != "help"]
        lines.append(" ".join([bold(name)] + parts))
    lines += [".SH DESCRIPTION", escaped(command["abstract"])]
    if command.get("discussion"):
        lines += [".PP", paragraphs(command["discussion"])]
    if subcommands:
        lines.append(".SH COMMANDS")
        lines += tagged(
            (f"{bold('-'.join(path + [sub['commandName']]))}({SECTION})", escaped(sub["abstract"]))
            for sub in subcommands)
    if positionals:
        lines.append(".SH ARGUMENTS")
        lines += tagged((label(argument), explained(argument)) for argument in positionals)
    if options:
        lines.append(".SH OPTIONS")
        lines += tagged((label(argument), explained(argument)) for argument in options)
    if name not in OWN_EXIT_STATUS and name != "port-server":
        lines += [".SH EXIT STATUS"] + tagged((bold(code), meaning) for code, meaning in EXIT_STATUS)
    if name == "port-server":
        lines += settings()
    if len(path) == 1:
        lines += environment() + files()
    references = [f"{bold(other)}({SECTION})" for other in others if other != file]
    lines += [".SH SEE ALSO", ",\n".join(references)]
    text = "\n".join(wrapped(line) for block in lines for line in block.split("\n"))
    pages = {f"{file}.{SECTION}": text + "\n"}
    for sub in subcommands:
        pages |= page(sub, path + [sub["commandName"]], version, date,
                      ["-".join(path)] if path != ["portctl"] else ["portctl", "port-server"])
    return pages


def main():
    if len(sys.argv) != 3:
        sys.exit(f"usage: {sys.argv[0]} BIN_DIR OUT_DIR")
    binaries, directory = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])
    version = json.loads(
        subprocess.run([binaries / "portctl", "version", "--json"], capture_output=True, check=True).stdout)
    date = version["build_date"][:10]
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        date = datetime.datetime.fromtimestamp(int(epoch), datetime.timezone.utc).date().isoformat()
    directory.mkdir(parents=True, exist_ok=True)
    pages = {}
    for program in PROGRAMS:
        pages |= page(dump(binaries / program), [program], version["version"], date, PROGRAMS)
    for name, text in pages.items():
        (directory / name).write_text(text, encoding="ascii")
    print(f"{len(pages)} man pages in {sys.argv[2]}")


main()
