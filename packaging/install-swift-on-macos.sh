#!/usr/bin/env bash
# Installs a Swift toolchain with swiftly, and selects the newest Xcode 26 for its SDK, for the next workflow steps.
# Usage: packaging/install-swift-on-macos.sh VERSION
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: $0 VERSION" >&2; exit 2; }

xcode=$(find /Applications -maxdepth 1 -name 'Xcode_26*.app' | sort -V | tail -n 1)
[ -z "$xcode" ] || sudo xcode-select --switch "$xcode"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
curl -fsSL -o "$work/swiftly.pkg" https://download.swift.org/swiftly/darwin/swiftly.pkg
pkgutil --check-signature "$work/swiftly.pkg"
installer -pkg "$work/swiftly.pkg" -target CurrentUserHomeDirectory
"$HOME/.swiftly/bin/swiftly" init --skip-install --assume-yes --quiet-shell-followup
# shellcheck disable=SC1091
. "$HOME/.swiftly/env.sh"
swiftly install --use --assume-yes "$1"
echo "$HOME/.swiftly/bin" >>"$GITHUB_PATH"
swift --version
