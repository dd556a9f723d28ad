#!/usr/bin/env bash
# Tests the packages' completion scripts in bash, zsh and fish.
# Usage: packaging/test-completions.sh BIN_DIR | --installed | --prepare
# With --installed it tests the scripts that the shells find on this machine; with --prepare it installs the shells.
# Shells that cannot be installed are skipped.
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: $0 BIN_DIR | --installed | --prepare" >&2; exit 2; }
scripts=$(dirname "$0")/../scripts

has() { command -v "$1" >/dev/null 2>&1; }
find_bash_completion() {
    for bash_completion in /usr/share/bash-completion/bash_completion \
        /opt/homebrew/share/bash-completion/bash_completion /usr/local/share/bash-completion/bash_completion ''; do
        if [ -r "$bash_completion" ]; then break; fi
    done
    [ -n "$bash_completion" ]
}

missing=()
has zsh || missing+=(zsh)
has fish || missing+=(fish)
find_bash_completion || missing+=(bash-completion)
if [ ${#missing[@]} -gt 0 ] && has apt-get; then "$scripts/install-packages.sh" "${missing[@]}"; fi
if [ "$1" = --prepare ]; then exit; fi

shells=()
# bash-completion needs a newer bash than that of macOS.
if find_bash_completion && bash -c '((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 402))'; then
    shells+=(bash)
else
    echo "skipped: completions in bash: bash-completion, or a bash that it needs, is not installed"
fi
for shell in zsh fish; do
    if has $shell; then shells+=("$shell"); else echo "skipped: completions in $shell: it is not installed"; fi
done
[ ${#shells[@]} -gt 0 ] || exit 0

work=$(mktemp -d /tmp/portctl-completions.XXXXXX)
trap 'rm -rf "$work"' EXIT
bash_directory='' zsh_directory='' fish_directory=''
if [ "$1" != --installed ]; then
    bin=$(cd "$1" && pwd)
    "$scripts/package-completions.sh" "$bin" "$work"
    bash_directory=$work/bash zsh_directory=$work/zsh fish_directory=$work/fish
    export PATH=$bin:$PATH
fi
# Without the user's own configuration.
export HOME=$work/home XDG_CONFIG_HOME=$work/home/.config XDG_DATA_HOME=$work/home/.local/share
mkdir -p "$HOME"

# Each function prints the candidates for the command line $1, one per line.

in_bash() {
    # Like the Tab key: bash-completion finds the script by the command's name, in the directory "completions" of
    # BASH_COMPLETION_USER_DIR, and the function that the script registers returns the candidates.
    mkdir -p "$work/bash-user"
    if [ -n "$bash_directory" ]; then ln -sfn "$bash_directory" "$work/bash-user/completions"; fi
    BASH_COMPLETION_USER_DIR=$work/bash-user bash --norc --noprofile -c '
        set +u
        source "$1"
        COMP_LINE=$2 COMP_POINT=${#2}
        read -ra COMP_WORDS <<<"$2"
        if [[ $2 == *" " ]]; then COMP_WORDS+=(""); fi
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        COMP_TYPE=9 COMP_KEY=9
        command=${COMP_WORDS[0]}
        _completion_loader "$command" 2>/dev/null || true
        [[ $(complete -p "$command") =~ -F\ ([^ ]+) ]] || exit 1
        COMPREPLY=()
        "${BASH_REMATCH[1]}" "$command" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf "%s\n" "${COMPREPLY[@]}"
    ' bash "$bash_completion" "$1"
}

in_zsh() {
    # A zsh in a pseudo-terminal, and the Tab key. compadd is wrapped to print the candidates instead of the list that
    # the terminal shows.
    cat >"$work/zshrc" <<'ZSH'
PS1=
autoload -Uz compinit && compinit -u -d $work/zcompdump
compadd() {
    # With -O, -A and -D compadd only fills arrays.
    if [[ ${@[1,(i)(-|--)]} != *-[OAD]\ * ]]; then
        local -a matching
        builtin compadd -A matching "$@"
        print -rl -- $matching >>$work/candidates
    fi
    builtin compadd "$@"
}
complete-and-report() { zle expand-or-complete; print done >$work/done }
zle -N complete-and-report
bindkey '^I' complete-and-report
# Input that arrives before the line editor has the terminal would be edited by the terminal.
zle-line-init() { print ready >$work/ready }
zle -N zle-line-init
ZSH
    rm -f "$work/candidates" "$work/ready" "$work/done"
    : >"$work/candidates"
    zsh -f -c '
        work=$1 directory=$2 line=$3
        zmodload zsh/zpty
        # For a minute at most.
        wait_for() { repeat 3000; do [[ -e $1 ]] && return; zpty -r -t shell ignored; sleep 0.02; done; return 1 }
        zpty shell zsh -f -i
        zpty -w shell "work=${(q)work}; fpath=(${(q)directory} \$fpath); source \$work/zshrc"
        wait_for $work/ready || exit 1
        zpty -n -w shell $line$'"'\\t'"'
        wait_for $work/done || exit 1
        zpty -d shell
    ' zsh "$work" "$zsh_directory" "$1" >/dev/null
    cat "$work/candidates"
}

in_fish() {
    # fish prints the candidate, a tab and the description. Without configuration it does not search the directories of
    # packages.
    fish -c '
        if test -n "$argv[1]"; set -p fish_complete_path $argv[1]; end
        complete -C $argv[2]
    ' "$fish_directory" "$1" | cut -f 1
}

failures=0
# expect LINE WANTED… [: UNWANTED…]: each shell offers all the wanted candidates, and none of the unwanted ones.
expect() {
    local line=$1 shell candidates word list=wanted bad
    shift
    for shell in "${shells[@]}"; do
        bad=
        list=wanted
        candidates=$("in_$shell" "$line") || bad+=" (the shell failed)"
        for word in "$@"; do
            if [ "$word" = : ]; then list=unwanted; continue; fi
            if grep -qxF -e "$word" <<<"$candidates"; then
                [ $list = wanted ] || bad+=" offers $word;"
            else
                [ $list = unwanted ] || bad+=" lacks $word;"
            fi
        done
        if [ -z "$bad" ]; then
            echo "ok $shell: \"$line\""
        else
            echo "FAILED $shell: \"$line\":$bad it offers: ${candidates//$'\n'/ }" >&2
            failures=$((failures + 1))
        fi
    done
}

expect 'portctl ki' kill : list run
expect 'portctl re' release reserve restart : kill
expect 'portctl list --' --app --instance --service --all --wide --json --help : --port
expect 'portctl list --json --' --all : --json
expect 'portctl group ' allocate list release : kill
expect 'portctl completions ' bash zsh fish
expect 'portctl hel' help
expect 'get-port ' : help
expect 'port-server ' : help
expect 'get-port --' --pid --strict --json --help : --app
expect 'release-port --' --json --help
expect 'list-ports --' --json --help : --pid
expect 'port-manager --rel' --release --release-group : --list
expect 'port-server --l' --listen --legacy-ports --log-level : --db

[ $failures -eq 0 ] || { echo "$failures completions are wrong" >&2; exit 1; }
echo "completions work in ${shells[*]}"
