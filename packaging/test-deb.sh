#!/usr/bin/env bash
# Installs the Debian package, uses it as an ordinary user, upgrades and removes it while a daemon runs, and checks that
# no file remains. It does this in a throw-away Debian or Ubuntu, or on this machine if it cannot make one.
# Usage: packaging/test-deb.sh PACKAGE.deb
set -euo pipefail

fail() { echo "$*" >&2; exit 1; }

# Prints the names of all files that packages can install or leave, without logs and caches.
everything() {
    find /etc /opt /srv /usr /var -xdev \( -path /var/log -o -path /var/cache -o -path /var/tmp \) -prune -o -print |
        LC_ALL=C sort
}

# Runs a command as an ordinary user, with its own registry.
as_user() {
    (cd "$user_home" && setpriv --reuid 1234 --regid 1234 --clear-groups env -i PATH=/usr/bin:/bin HOME="$user_home" \
        LC_ALL=C.UTF-8 PORT_SERVER_HOME="$user_home/registry" PORT_SERVER_LISTEN=127.0.0.1:0 "$@")
}

# Prints the pid of the user's daemon.
daemon() { cat "$user_home/registry/port-server.pid"; }

# Stops and removes what a failed test has left on this machine.
finish() {
    as_user sh -c 'kill "$(cat "$PORT_SERVER_HOME/port-server.pid")"' >/dev/null 2>&1 || true
    dpkg -r portctl >/dev/null 2>&1 || true
    rm -rf "$work"
}

# upgrade PACKAGE PORT: installs a package that differs only in its version while the daemon runs.
upgrade() {
    local package=$1 port=$2 version pid
    version=$(dpkg-deb --field "$package" Version)+test
    dpkg-deb --raw-extract "$package" "$work/newer"
    sed -i "s/^Version: .*/Version: $version/" "$work/newer/DEBIAN/control"
    dpkg-deb --root-owner-group -Znone --build "$work/newer" "$work/newer.deb" >/dev/null
    rm -r "$work/newer"

    pid=$(daemon)
    dpkg -i "$work/newer.deb" >"$work/log" 2>&1 || fail "the newer package cannot be installed: $(cat "$work/log")"
    [ "$(dpkg-query -W -f '${Version}' portctl)" = "$version" ] || fail "$version is not the installed version"
    [[ "$(daemon) $(readlink "/proc/$pid/exe")" == "$pid "*"(deleted)" ]] ||
        fail "the daemon from before the upgrade no longer runs"
    [ "$(as_user portctl lookup web)" = "$port" ] || fail "the daemon from before the upgrade does not answer"
    as_user portctl doctor >"$work/log" 2>&1 || fail "\"portctl doctor\" after the upgrade: $(cat "$work/log")"
    as_user portctl restart >"$work/log" 2>&1 || fail "\"portctl restart\" after the upgrade: $(cat "$work/log")"
    [ "$(daemon)" != "$pid" ] || fail "\"portctl restart\" started no new daemon"
    [ "$(readlink "/proc/$(daemon)/exe")" = /usr/bin/port-server ] || fail "the new daemon is not the package's"
    [ "$(as_user portctl port web)" = "$port" ] || fail "web has another port after the upgrade"
    as_user portctl doctor >"$work/log" 2>&1 || fail "\"portctl doctor\" after the restart: $(cat "$work/log")"
    echo "ok upgraded while the daemon ran, and restarted: $version"
}

# See docs/installation.md: the daemon outlives the package, and a signal ends it.
remove_from_under_daemon() {
    local port=$1 pid
    pid=$(daemon)
    cp /usr/bin/portctl "$work/portctl"
    dpkg -r portctl >"$work/log" 2>&1 || fail "the package cannot be removed: $(cat "$work/log")"
    ! command -v portctl >/dev/null 2>&1 || fail "portctl is still there"
    ! dpkg -s portctl >/dev/null 2>&1 || fail "dpkg still knows the package"
    [ "$(as_user "$work/portctl" lookup web)" = "$port" ] || fail "the daemon did not outlive the package"
    as_user sh -c 'kill "$(cat "$PORT_SERVER_HOME/port-server.pid")"'
    timeout 10 tail --pid="$pid" -f /dev/null || fail "the daemon does not end"
    echo "ok removed while the daemon ran, and the daemon ended by a signal"
}

# The test itself, on this machine or in the throw-away system.
use_and_remove() {
    local package=$1 page
    if dpkg -s portctl >/dev/null 2>&1 || command -v portctl >/dev/null 2>&1; then
        fail "portctl is already installed here, and this test would remove it"
    fi
    # Not local, because the trap needs it.
    work=$(mktemp -d /tmp/portctl-deb-test.XXXXXX)
    chmod 755 "$work"
    user_home=$work/user
    mkdir "$user_home"
    chown 1234:1234 "$user_home"
    trap finish EXIT

    "$(dirname "$0")/test-completions.sh" --prepare >/dev/null
    everything >"$work/before"
    dpkg -i "$package" >"$work/log" 2>&1 || fail "the package cannot be installed: $(cat "$work/log")"
    dpkg -L portctl | while read -r file; do [ -e "$file" ] || fail "$file is missing"; done
    [ -z "$(dpkg -V portctl)" ] || fail "installed files differ from the package: $(dpkg -V portctl)"
    echo "ok installed: $(dpkg-query -W portctl | tr '\t' ' ')"

    local port second
    port=$(as_user portctl port web)
    [[ $port =~ ^[0-9]+$ ]] || fail "\"portctl port web\" printed \"$port\""
    [ "$(as_user portctl port web)" = "$port" ] || fail "\"portctl port web\" gave another port the second time"
    [[ $(as_user portctl list) == *"$port"* ]] || fail "\"portctl list\" lacks $port"
    second=$(as_user portctl run job -- sh -c 'echo $PORT' 2>/dev/null)
    [[ $second =~ ^[0-9]+$ && $second != "$port" ]] || fail "\"portctl run\" gave \"$second\""
    as_user portctl health >/dev/null || fail "\"portctl health\" failed"
    echo "ok portctl: web has $port"
    # The calling shell owns the port, and must belong to the user.
    second=$(as_user sh -c 'get-port shop; list-ports >assignments; release-port shop >/dev/null') ||
        fail "get-port, list-ports or release-port failed"
    [[ $second =~ ^[0-9]+$ && $second != "$port" ]] || fail "\"get-port shop\" printed \"$second\""
    grep -q "$second" "$user_home/assignments" || fail "list-ports lacks $second"
    as_user port-manager --list >/dev/null || fail "port-manager failed"
    echo "ok get-port, list-ports, release-port, port-manager: shop had $second"

    if command -v man >/dev/null 2>&1; then
        for page in portctl portctl-run portctl-group-allocate get-port release-port list-ports port-manager port-server
        do
            [[ $(LC_ALL=C.UTF-8 man "$page" 2>/dev/null) == *$'\n'NAME* ]] || fail "there is no man page $page"
        done
        if command -v mandb >/dev/null 2>&1; then
            mandb -q 2>/dev/null || true
            [[ $(whatis portctl-run) == *"run a command"* ]] || fail "whatis does not know portctl-run"
        fi
        echo "ok man pages"
    else
        echo "skipped: man pages: man is not installed"
    fi
    "$(dirname "$0")/test-completions.sh" --installed >"$work/log" 2>&1 || fail "completions: $(cat "$work/log")"
    echo "ok $(tail -n 1 "$work/log"), found by the shells themselves"
    if command -v systemd-analyze >/dev/null 2>&1; then
        mkdir -m 700 "$work/run"
        XDG_RUNTIME_DIR=$work/run systemd-analyze --user verify /usr/lib/systemd/user/portctl.service \
            >"$work/log" 2>&1 || fail "the unit: $(cat "$work/log")"
        [ ! -s "$work/log" ] || fail "the unit: $(cat "$work/log")"
        echo "ok systemd unit"
    else
        echo "skipped: systemd unit: systemd-analyze is not installed"
    fi

    upgrade "$package" "$port"
    remove_from_under_daemon "$port"
    everything >"$work/after"
    # dpkg keeps the status file from before its last change.
    LC_ALL=C comm -3 "$work/before" "$work/after" | sed '/\/var\/lib\/dpkg\/status-old$/d' >"$work/changes"
    [ ! -s "$work/changes" ] || fail "files remain or are missing: $(cat "$work/changes")"
    echo "ok no file remains"
}

if [ "${1:-}" = --inside ]; then
    use_and_remove "$2"
    exit
fi

[ $# -eq 1 ] || { echo "usage: $0 PACKAGE.deb" >&2; exit 2; }
if [ "$(id -u)" -ne 0 ]; then exec sudo -- "$0" "$@"; fi
package=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
here=$(cd "$(dirname "$0")" && pwd)

command -v mmdebstrap >/dev/null 2>&1 || "$here/../scripts/install-packages.sh" mmdebstrap
scratch=$(mktemp -d /tmp/portctl-deb-root.XXXXXX)
trap 'rm -rf --one-file-system "$scratch"' EXIT
root=$scratch/root
. /etc/os-release
components=main
# On Ubuntu fish is in universe.
if [ "${ID:-}" = ubuntu ]; then components=main,universe; fi
echo "Making a throw-away ${VERSION_CODENAME:-stable}"
if mmdebstrap --quiet --variant=minbase --components=$components --include=man-db,bash-completion,zsh,fish,systemd \
    "${VERSION_CODENAME:-stable}" "$root" >"$scratch/log" 2>&1; then
    mkdir -p "$root/mnt/packaging" "$root/mnt/scripts"
    cp "$here"/test-deb.sh "$here"/test-completions.sh "$root/mnt/packaging/"
    cp "$package" "$root/mnt/portctl.deb"
    # In new namespaces, so that no process and no mount outlives the test.
    unshare --mount --pid --fork --kill-child sh -c '
        set -e
        mount -t proc proc "$1/proc"
        mount --rbind /dev "$1/dev"
        exec chroot "$1" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
            /mnt/packaging/test-deb.sh --inside /mnt/portctl.deb
    ' sh "$root"
else
    echo "It cannot be made ($(tail -n 1 "$scratch/log")); the package is tested on this machine."
    "$0" --inside "$package"
fi
