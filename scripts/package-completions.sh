#!/usr/bin/env bash
# Writes the completion scripts of every program, with the names that the shells expect: OUT_DIR/bash/NAME,
# OUT_DIR/zsh/_NAME and OUT_DIR/fish/NAME.fish.
# Usage: scripts/package-completions.sh BIN_DIR OUT_DIR
set -euo pipefail
[ $# -eq 2 ] || { echo "usage: $0 BIN_DIR OUT_DIR" >&2; exit 2; }
bin=$1
out=$2

mkdir -p "$out/bash" "$out/zsh" "$out/fish"
for name in portctl get-port release-port list-ports port-manager port-server; do
    # The generator also offers a subcommand "help" for programs without subcommands, where "help" would be a service.
    no_help=
    if [ "$name" != portctl ]; then
        no_help="/compgen -W 'help' --/d; /'help:Show subcommand help/d; /-fa 'help' -d 'Show subcommand help/d"
    fi
    # Without "#!": the user's shell sources the file.
    "$bin/$name" --generate-completion-script bash | sed -e '1{/^#!/d;}' -e "$no_help" >"$out/bash/$name"
    "$bin/$name" --generate-completion-script zsh | sed -e "$no_help" >"$out/zsh/_$name"
    "$bin/$name" --generate-completion-script fish | sed -e "$no_help" >"$out/fish/$name.fish"
done
