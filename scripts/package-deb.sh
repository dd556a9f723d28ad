#!/usr/bin/env bash
# Builds portctl_VERSION_ARCH.deb from the executables, always the same bytes from the same executables, and checks it
# with lintian.
# Usage: scripts/package-deb.sh BIN_DIR OUT_DIR
set -euo pipefail
[ $# -eq 2 ] || { echo "usage: $0 BIN_DIR OUT_DIR" >&2; exit 2; }
bin=$(cd "$1" && pwd)
mkdir -p "$2"
out=$(cd "$2" && pwd)
cd "$(dirname "$0")/.."

missing=()
command -v dpkg-deb >/dev/null 2>&1 || missing+=(dpkg)
command -v lintian >/dev/null 2>&1 || missing+=(lintian)
command -v readelf >/dev/null 2>&1 || missing+=(binutils)
command -v python3 >/dev/null 2>&1 || missing+=(python3)
[ ${#missing[@]} -eq 0 ] || scripts/install-packages.sh "${missing[@]}"

# The executables need no shared libraries, so that the package has no Depends.
for program in portctl port-server; do
    # Not a pipe into "grep -q": it ends with the first match, and the writer may fail because of that.
    headers=$(readelf -lW "$bin/$program")
    if [[ $headers == *INTERP* ]]; then
        echo "$bin/$program needs shared libraries; use the static executables of \"make build\"" >&2
        exit 1
    fi
done

field() {
    "$bin/portctl" version --json | python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"
}
upstream=$(field version)
# Debian sorts 0.2.0~beta.1 before 0.2.0. -1 is the revision of the package.
version=${upstream/-/\~}-1
architecture=$(dpkg --print-architecture)
# The variables are those of Debian's own tools.
maintainer="${DEBFULLNAME:-portctl authors} <${DEBEMAIL:-portctl@example.org}>"
# Every date in the package is that of the build.
: "${SOURCE_DATE_EPOCH:=$(date -u -d "$(field build_date)" +%s)}"
export SOURCE_DATE_EPOCH

work=$(mktemp -d /tmp/portctl-deb.XXXXXX)
trap 'rm -rf "$work"' EXIT
umask 022
root=$work/root
share=$root/usr/share
doc=$share/doc/portctl

install -D -m 755 -t "$root/usr/bin" "$bin/portctl" "$bin/port-server"
for name in get-port release-port list-ports port-manager; do ln -s portctl "$root/usr/bin/$name"; done
# The unit is not enabled: portctl starts the daemon itself, and the unit is for users who want it from login on.
install -D -m 644 -t "$root/usr/lib/systemd/user" packaging/portctl.service

scripts/make-man-pages.py "$bin" "$share/man/man1" >/dev/null
gzip -9n "$share"/man/man1/*.1
scripts/package-completions.sh "$bin" "$work/completions"
install -D -m 644 -t "$share/bash-completion/completions" "$work"/completions/bash/*
install -D -m 644 -t "$share/zsh/vendor-completions" "$work"/completions/zsh/*
install -D -m 644 -t "$share/fish/vendor_completions.d" "$work"/completions/fish/*

install -D -m 644 -t "$doc" packaging/copyright README.md
install -D -m 644 -t "$doc/docs" docs/*.md docs/*.json
install -D -m 644 -t "$doc/docs/decisions" docs/decisions/*.md
if [ -d docs/images ]; then cp -R docs/images "$doc/docs/"; fi
gzip -9nc CHANGELOG.md >"$doc/changelog.gz"
cat >"$work/changelog" <<TEXT
portctl ($version) unstable; urgency=medium

  * Version $upstream; changelog.gz lists the changes.

 -- $maintainer  $(LC_ALL=C date -u -R -d "@$SOURCE_DATE_EPOCH")
TEXT
gzip -9nc "$work/changelog" >"$doc/changelog.Debian.gz"
install -D -m 644 packaging/lintian-overrides "$share/lintian/overrides/portctl"
find "$root" -type d -exec chmod 755 {} +
find "$doc" -type f -exec chmod 644 {} +

mkdir "$root/DEBIAN"
cat >"$root/DEBIAN/control" <<TEXT
Package: portctl
Version: $version
Architecture: $architecture
Maintainer: $maintainer
Installed-Size: $(du -sk --apparent-size --exclude=DEBIAN "$root" | cut -f 1)
Section: devel
Priority: optional
Description: registry that gives every service of this machine its own port
 Many projects, git worktrees and coding agents on one machine want the same
 ports. With portctl each service requests a port and gets its own, the same
 one every time; no two services ever get one port, and a busy port is never
 granted.
 .
  - "portctl port web" prints a service's port, "portctl run web -- COMMAND"
    runs a command with it. App and instance are the git repository and the
    worktree; nothing has to be configured.
  - "portctl who 3000" shows the process that listens on a port, "portctl kill
    3000" ends that process, and no other.
  - get-port, release-port, list-ports and port-manager are the command lines
    of earlier tools, on the same registry.
 .
 The daemon, port-server, runs for one user, listens on a Unix socket and on
 loopback alone, and is started when a command needs it, or at login by its
 systemd user unit.
TEXT
(cd "$root" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum) >"$root/DEBIAN/md5sums"

package=$out/portctl_${version}_$architecture.deb
# dpkg-deb sets only times that are later than SOURCE_DATE_EPOCH.
find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
dpkg-deb --root-owner-group -Zxz --build "$root" "$package" >/dev/null
lintian --fail-on error "$package"
echo "built $package"
