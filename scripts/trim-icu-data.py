#!/usr/bin/env python3
"""Writes an assembly file with a small part of ICU's data: trim-icu-data.py OUTPUT.S

Foundation, which GRDB and Yams import, brings all of ICU's locale data into a static executable: 34 MB of port-server's
77. port-server formats nothing for a locale but English. The file that this script writes defines the same symbol as the
toolchain's archive; the linker, which sees it first, leaves the archive's member out. ICU is made for such subsets: what
is missing falls back to the root locale.

Kept is everything but: the locales other than root and English, converters for legacy encodings (UTF-8, UTF-16, Latin 1
and ASCII are code), dictionaries for word breaks, and transliteration. The source is the toolchain's own archive, so that
code and data always have one version. Fails, and writes nothing, when the archive is not as expected: the caller then
links all of the data.
"""
import json
import os
import re
import struct
import subprocess
import sys
import tempfile

# A resource bundle that is named after a locale, and the locales that are kept.
LOCALE = re.compile(r"(^|/)[a-z]{2,3}(_[A-Za-z0-9_]+)?\.res$")
KEPT_LOCALE = re.compile(r"(^|/)(en|en_001|en_US|en_US_POSIX)\.res$")
LEFT_OUT = re.compile(r"\.cnv$|\.dict$|(^|/)translit/")


def is_kept(name):
    return not LEFT_OUT.search(name) and (KEPT_LOCALE.search(name) or not LOCALE.search(name))


def trimmed(data):
    """The ICU data package `data` (type CmnD: a header, a table of contents, the items) with the kept items only."""
    header_size, magic1, magic2 = struct.unpack_from("<HBB", data, 0)
    if (magic1, magic2) != (0xDA, 0x27) or data[12:16] != b"CmnD":
        raise ValueError("it is no ICU data package")
    body = data[header_size:]
    (count,) = struct.unpack_from("<I", body, 0)
    entries = [struct.unpack_from("<II", body, 4 + 8 * index) for index in range(count)]
    ends = [offset for _, offset in entries[1:]] + [len(body)]
    items = []
    for (name_offset, offset), end in zip(entries, ends):
        name = body[name_offset:body.index(b"\0", name_offset)]
        if is_kept(name.decode("ascii")):
            items.append((name, body[offset:end]))

    names_size = sum(len(name) + 1 for name, _ in items)
    name_offset = 4 + 8 * len(items)
    offset = -(-(name_offset + names_size) // 16) * 16
    contents, names, blobs = [struct.pack("<I", len(items))], [], []
    for name, blob in items:
        blob += bytes(-len(blob) % 16)
        contents.append(struct.pack("<II", name_offset, offset))
        names.append(name + b"\0")
        blobs.append(blob)
        name_offset += len(name) + 1
        offset += len(blob)
    index = b"".join(contents + names)
    return data[:header_size] + index + bytes(-len(index) % 16) + b"".join(blobs)


def main(output):
    information = json.loads(subprocess.run(["swift", "-print-target-info"], check=True, capture_output=True).stdout)
    resources = information["paths"]["runtimeResourcePath"]
    archive = os.path.join(os.path.dirname(resources), "swift_static", "linux", "lib_FoundationICU.a")
    member = "icu_packaged_data.cpp.o"
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run(["ar", "x", archive, member], cwd=directory, check=True)
        symbols = subprocess.run(["nm", member], cwd=directory, check=True, capture_output=True, text=True).stdout
        found = re.fullmatch(r"0+ R (icudt\d+_dat)\n", symbols)
        if not found:
            raise ValueError(f"{member} does not consist of ICU's data: {symbols!r}")
        subprocess.run(["objcopy", "-O", "binary", "-j", ".rodata", member, "all"], cwd=directory, check=True)
        with open(os.path.join(directory, "all"), "rb") as file:
            data = trimmed(file.read())
    symbol = found[1]
    os.makedirs(os.path.dirname(output), exist_ok=True)
    binary = os.path.join(os.path.dirname(output), symbol)
    replace(binary, data)
    replace(output, f"""\
.section .rodata.{symbol},"a",@progbits
.balign 16
.globl {symbol}
.type {symbol}, @object
{symbol}:
.incbin "{binary}"
.size {symbol}, . - {symbol}
""".encode())


def replace(path, content):
    """Writes the file unless it has this content already, so that nothing is built again without need."""
    try:
        with open(path, "rb") as file:
            if file.read() == content:
                return
    except FileNotFoundError:
        pass
    with open(path + ".new", "wb") as file:
        file.write(content)
    os.replace(path + ".new", path)


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except (OSError, ValueError, KeyError, struct.error, subprocess.CalledProcessError) as error:
        sys.exit(f"{sys.argv[0]}: {error}")
