#!/usr/bin/env bash
# Asks bash, zsh and fish what they would complete, with the scripts that the packages carry.
# Usage: packaging/test-completions.sh BIN_DIR | --installed | --prepare
# With --installed it is about what the shells find by themselves on this machine; with --prepare the shells are only
# installed. Where they cannot be, those that are there are asked.
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: $0 BIN_DIR | --installed | --prepare" >&2; exit 2; }
scripts=$(dirname "$0")/../scripts

has() { command -v "$1" >/dev/null 2>&1; }
find_bash_completion() {
    for bash_completion in /usr/share/bash-completion/bash_completion /opt/homebrew/share/bash-completion/bash_completion \
        /usr/local/share/bash-completion/bash_completion ''; do
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
# bash-completion needs a newer bash than macOS has.
if find_bash_completion && bash -c '((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 402))'; then
    shells+=(bash)
else
    echo "skipped: completions in bash: bash-completion, or a bash for it, is not installed"
fi
for shell in zsh fish; do
    if has $shell; then shells+=("$shell"); else echo "skipped: completions in $shell: it is not installed"; fi
done
[ ${#shells[@]} -gt 0 ] || exit 0

work=$(mktemp -d /tmp/portctl-completions.XXXXXX)
trap 'rm -rf "$work"' EXIT
bash_folder='' zsh_folder='' fish_folder=''
if [ "$1" != --installed ]; then
    bin=$(cd "$1" && pwd)
    "$scripts/package-completions.sh" "$bin" "$work"
    bash_folder=$work/bash zsh_folder=$work/zsh fish_folder=$work/fish
    export PATH=$bin:$PATH
fi
# Nothing of the user's own.
export HOME=$work/home XDG_CONFIG_HOME=$work/home/.config XDG_DATA_HOME=$work/home/.local/share
mkdir -p "$HOME"

# Each prints the candidates for the command line $1, one a line.

in_bash() {
    # As a Tab does it: bash-completion finds the script by the command's name, and the function it registers is asked.
    # (It looks in the folder "completions" of BASH_COMPLETION_USER_DIR.)
    mkdir -p "$work/bash-user"
    if [ -n "$bash_folder" ]; then ln -sfn "$bash_folder" "$work/bash-user/completions"; fi
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
    # A real zsh in a pseudo-terminal, a real Tab. compadd is wrapped, so that the candidates are told as they are, not
    # as the list is laid out.
    cat >"$work/zshrc" <<'ZSH'
PS1=
autoload -Uz compinit && compinit -u -d $work/zcompdump
compadd() {
    # With -O, -A and -D it only fills arrays.
    if [[ ${@[1,(i)(-|--)]} != *-[OAD]\ * ]]; then
        local -a matching
        builtin compadd -A matching "$@"
        print -rl -- $matching >>$work/candidates
    fi
    builtin compadd "$@"
}
complete-and-tell() { zle expand-or-complete; print done >$work/done }
zle -N complete-and-tell
bindkey '^I' complete-and-tell
# What is typed before the line editor has the terminal, the terminal itself would edit.
zle-line-init() { print ready >$work/ready }
zle -N zle-line-init
ZSH
    rm -f "$work/candidates" "$work/ready" "$work/done"
    : >"$work/candidates"
    zsh -f -c '
        work=$1 folder=$2 line=$3
        zmodload zsh/zpty
        # A minute: the machine may be busy.
        wait_for() { repeat 3000; do [[ -e $1 ]] && return; zpty -r -t shell ignored; sleep 0.02; done; return 1 }
        zpty shell zsh -f -i
        zpty -w shell "work=${(q)work}; fpath=(${(q)folder} \$fpath); source \$work/zshrc"
        wait_for $work/ready || exit 1
        zpty -n -w shell $line$'"'\\t'"'
        wait_for $work/done || exit 1
        zpty -d shell
    ' zsh "$work" "$zsh_folder" "$1" >/dev/null
    cat "$work/candidates"
}

in_fish() {
    # fish lists the candidate, a tab and the description. Without its configuration it does not look into the packages'
    # folders.
    fish -c '
        if test -n "$argv[1]"; set -p fish_complete_path $argv[1]; end
        complete -C $argv[2]
    ' "$fish_folder" "$1" | cut -f 1
}

failures=0
# expect LINE WANTED… [-- UNWANTED…]: in each shell all the wanted are offered, and none of the unwanted.
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

# What follows a lone colon must not be offered.
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
