#!/usr/bin/env bash
# Builds portctl-VERSION-OS-ARCH.tar.gz from the executables, always the same bytes from the same executables.
# Usage: scripts/package-tarball.sh BIN_DIR OUT_DIR
set -euo pipefail
[ $# -eq 2 ] || { echo "usage: $0 BIN_DIR OUT_DIR" >&2; exit 2; }
bin=$(cd "$1" && pwd)
mkdir -p "$2"
out=$(cd "$2" && pwd)
cd "$(dirname "$0")/.."
command -v python3 >/dev/null 2>&1 || scripts/install-packages.sh python3

case $(uname -s) in
    Linux) os=linux ;;
    Darwin) os=macos ;;
    *) os=$(uname -s | tr '[:upper:]' '[:lower:]') ;;
esac
version=$("$bin/portctl" version --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["version"])')
name=portctl-$version-$os-$(uname -m)

work=$(mktemp -d /tmp/portctl-tar.XXXXXX)
trap 'rm -rf "$work"' EXIT
umask 022
root=$work/$name

mkdir -p "$root/bin" "$root/share/man/man1"
cp "$bin/portctl" "$bin/port-server" "$root/bin/"
for link in get-port release-port list-ports port-manager; do ln -s portctl "$root/bin/$link"; done
# share has the layout that the shells and man expect, so that it can be copied into /usr/local or ~/.local.
scripts/make-man-pages.py "$bin" "$root/share/man/man1" >/dev/null
scripts/package-completions.sh "$bin" "$work/completions"
mkdir -p "$root/share/bash-completion" "$root/share/zsh" "$root/share/fish"
cp -R "$work/completions/bash" "$root/share/bash-completion/completions"
cp -R "$work/completions/zsh" "$root/share/zsh/site-functions"
cp -R "$work/completions/fish" "$root/share/fish/vendor_completions.d"
# No systemd unit or launchd agent: its path is not known yet. "portctl service install" writes one.
cp LICENSE README.md CHANGELOG.md "$root/"
# The licences of the code that the executables contain.
cp packaging/copyright "$root/COPYRIGHT"

# Only GNU tar has options for the order and the dates; Python is on macOS as well.
python3 - "$work" "$name" "$out/$name.tar.gz" "$bin" <<'PY'
import calendar, gzip, json, os, pathlib, subprocess, sys, tarfile, time

directory, name, archive, binaries = sys.argv[1:]
output = subprocess.run([f"{binaries}/portctl", "version", "--json"], capture_output=True, check=True).stdout
built = calendar.timegm(time.strptime(json.loads(output)["build_date"], "%Y-%m-%dT%H:%M:%SZ"))
moment = int(os.environ.get("SOURCE_DATE_EPOCH") or built)

def plain(member):
    member.uid = member.gid = 0
    member.uname = member.gname = "root"
    member.mtime = moment
    member.mode = 0o755 if member.isdir() or member.issym() or "/bin/" in member.name else 0o644
    return member

os.chdir(directory)
with (
    open(archive, "wb") as file,
    gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=file, mtime=moment) as packed,
    tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as tar,
):
    for path in [pathlib.Path(name), *sorted(pathlib.Path(name).rglob("*"))]:
        tar.add(path, recursive=False, filter=plain)
PY
echo "built $out/$name.tar.gz"
