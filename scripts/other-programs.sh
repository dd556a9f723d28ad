#!/usr/bin/env bash
# Fetches the programs of others that the scenarios of the verdict start, such as docker-proxy and sshd, from their
# Debian packages into .build/programs, with their libraries. Installs nothing, and fetches only what is missing.
# Usage: scripts/other-programs.sh
set -euo pipefail
cd "$(dirname "$0")/.."

# Each file that is needed, its package, and where it is in that.
FILES="
    direnv          direnv          ./usr/bin/direnv
    docker-proxy    docker.io       ./usr/sbin/docker-proxy
    libslirp.so.0   libslirp0       */libslirp.so*
    libsubid.so.4   libsubid4       */libsubid.so*
    libwrap.so.0    libwrap0        */libwrap.so*
    sshd            openssh-server  ./usr/sbin/sshd
    rootlessport    podman          ./usr/lib/podman/rootlessport
    rootlesskit     rootlesskit     ./usr/bin/rootlesskit
    slirp4netns     slirp4netns     ./usr/bin/slirp4netns
    newuidmap       uidmap          ./usr/bin/new?idmap
"
programs=.build/programs
if ! command -v apt-get >/dev/null 2>&1; then
    echo "The programs of others are taken from Debian's packages, and this machine has no apt-get." >&2
    exit 0
fi
mkdir -p "$programs"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

download() { (cd "$scratch" && apt-get download -q "$1" >"$1.log" 2>&1); }

while read -r file package pattern; do
    if [ -z "$file" ] || [ -e "$programs/$file" ]; then continue; fi
    echo "Fetching: $file, of the package $package"
    # The lists of packages are missing on a new machine.
    download "$package" || { scripts/install-packages.sh && download "$package"; } || { cat "$scratch/$package.log"; exit 1; }
    dpkg-deb --fsys-tarfile "$scratch/$package"_*.deb |
        tar -x -C "$programs" --wildcards --transform 's|.*/||' "$pattern"
done <<<"$FILES"
# Root starts them, and nobody else needs them.
chmod -R u-s,go-w "$programs"
