#!/bin/bash

__portctl_cursor_index_in_current_word() {
    local remaining="${COMP_LINE}"

    local word
    for word in "${COMP_WORDS[@]::COMP_CWORD}"; do
        remaining="${remaining##*([[:space:]])"${word}"*([[:space:]])}"
    done

    local -ir index="$((COMP_POINT - ${#COMP_LINE} + ${#remaining}))"
    if [[ "${index}" -le 0 ]]; then
        printf 0
    else
        printf %s "${index}"
    fi
}

# positional arguments:
#
# - 1: the current (sub)command's count of positional arguments
#
# required variables:
#
# - repeating_flags: the repeating flags that the current (sub)command can accept
# - non_repeating_flags: the non-repeating flags that the current (sub)command can accept
# - repeating_options: the repeating options that the current (sub)command can accept
# - non_repeating_options: the non-repeating options that the current (sub)command can accept
# - positional_number: value ignored
# - unparsed_words: unparsed words from the current command line
#
# modified variables:
#
# - non_repeating_flags: remove flags for this (sub)command that are already on the command line
# - non_repeating_options: remove options for this (sub)command that are already on the command line
# - positional_number: set to the current positional number
# - unparsed_words: remove all flags, options, and option values for this (sub)command
__portctl_offer_flags_options() {
    local -ir positional_count="${1}"
    positional_number=0

    local was_flag_option_terminator_seen=false
    local is_parsing_option_value=false

    local -ar unparsed_word_indices=("${!unparsed_words[@]}")
    local -i word_index
    for word_index in "${unparsed_word_indices[@]}"; do
        if "${is_parsing_option_value}"; then
            # This word is an option value:
            # Reset marker for next word iff not currently the last word
            [[ "${word_index}" -ne "${unparsed_word_indices[${#unparsed_word_indices[@]} - 1]}" ]] && is_parsing_option_value=false
            unset "unparsed_words[${word_index}]"
            # Do not process this word as a flag or an option
            continue
        fi

        local word="${unparsed_words["${word_index}"]}"
        if ! "${was_flag_option_terminator_seen}"; then
            case "${word}" in
            --)
                unset "unparsed_words[${word_index}]"
                # by itself -- is a flag/option terminator, but if it is the last word, it is the start of a completion
                if [[ "${word_index}" -ne "${unparsed_word_indices[${#unparsed_word_indices[@]} - 1]}" ]]; then
                    was_flag_option_terminator_seen=true
                fi
                continue
                ;;
            -*)
                # ${word} is a flag or an option
                # If ${word} is an option, mark that the next word to be parsed is an option value
                local option
                for option in "${repeating_options[@]}" "${non_repeating_options[@]}"; do
                    [[ "${word}" = "${option}" ]] && is_parsing_option_value=true && break
                done

                # Remove ${word} from ${non_repeating_flags} or ${non_repeating_options} so it isn't offered again
                local not_found=true
                local -i index
                for index in "${!non_repeating_flags[@]}"; do
                    if [[ "${non_repeating_flags[${index}]}" = "${word}" ]]; then
                        unset "non_repeating_flags[${index}]"
                        non_repeating_flags=("${non_repeating_flags[@]}")
                        not_found=false
                        break
                    fi
                done
                if "${not_found}"; then
                    for index in "${!non_repeating_flags[@]}"; do
                        if [[ "${non_repeating_flags[${index}]}" = "${word}" ]]; then
                            unset "non_repeating_flags[${index}]"
                            non_repeating_flags=("${non_repeating_flags[@]}")
                            break
                        fi
                    done
                fi
                unset "unparsed_words[${word_index}]"
                continue
                ;;
            esac
        fi

        # ${word} is neither a flag, nor an option, nor an option value
        if [[ "${positional_number}" -lt "${positional_count}" || "${positional_count}" -lt 0 ]]; then
            # ${word} is a positional
            ((positional_number++))
            unset "unparsed_words[${word_index}]"
        else
            if [[ -z "${word}" ]]; then
                # Could be completing a flag, option, or subcommand
                positional_number=-1
            else
                # ${word} is a subcommand or invalid, so stop processing this (sub)command
                positional_number=-2
            fi
            break
        fi
    done

    unparsed_words=("${unparsed_words[@]}")

    if\
        ! "${was_flag_option_terminator_seen}"\
        && ! "${is_parsing_option_value}"\
        && [[ ("${cur}" = -* && "${positional_number}" -ge 0) || "${positional_number}" -eq -1 ]]
    then
        COMPREPLY+=($(compgen -W "${repeating_flags[*]} ${non_repeating_flags[*]} ${repeating_options[*]} ${non_repeating_options[*]}" -- "${cur}"))
    fi
}

__portctl_add_completions() {
    local completion
    while IFS='' read -r completion; do
        COMPREPLY+=("${completion}")
    done < <(IFS=$'\n' compgen "${@}" -- "${cur}")
}

__portctl_custom_complete() {
    if [[ -n "${cur}" || -z ${COMP_WORDS[${COMP_CWORD}]} || "${COMP_LINE:${COMP_POINT}:1}" != ' ' ]]; then
        local -ar words=("${COMP_WORDS[@]}")
    else
        local -ar words=("${COMP_WORDS[@]::${COMP_CWORD}}" '' "${COMP_WORDS[@]:${COMP_CWORD}}")
    fi

    "${COMP_WORDS[0]}" "${@}" "${words[@]}"
}

_portctl() {
    local state
    state="$(shopt -p;shopt -po)"
    trap "${state//$'\n'/;}" RETURN
    shopt -s extglob
    set +o history +o posix

    local -xr SAP_SHELL=bash
    local -x SAP_SHELL_VERSION
    SAP_SHELL_VERSION="$(IFS='.';printf %s "${BASH_VERSINFO[*]}")"
    local -r SAP_SHELL_VERSION

    local -r cur="${2}"
    local -r prev="${3}"

    local -i positional_number
    local -a unparsed_words=("${COMP_WORDS[@]:1:${COMP_CWORD}}")

    local -a repeating_flags=()
    local -a non_repeating_flags=(--version -h --help)
    local -a repeating_options=()
    local -a non_repeating_options=()
    __portctl_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    port|run|lookup|allocate|alloc|loop|release|forget|prune|list|check|verify|wait|who|ps|why|events|kill|reserve|group|dashboard|import|doctor|start|stop|restart|status|health|logs|service|skill|completions|version|help)
        # Offer subcommand argument completions
        "_portctl_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'port run lookup allocate alloc loop release forget prune list check verify wait who ps why events kill reserve group dashboard import doctor start stop restart status health logs service skill completions version help' -- "${cur}"))
        ;;
    esac
}

_portctl_port() {
    repeating_flags=()
    non_repeating_flags=(--strict --json --version -h --help)
    repeating_options=()
    non_repeating_options=(--app --instance --port)
    __portctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--app')
        return
        ;;
    '--instance')
        return
        ;;
    '--port')
        return
        ;;
    esac
}

_portctl_run() {
    repeating_flags=()
    non_repeating_flags=(--port-from-env --strict --no-flags --quiet --version -h --help)
    repeating_options=(--env-name)
    non_repeating_options=(--app --instance --ttl --port --wait-for)
    __portctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--app')
        return
        ;;
    '--instance')
        return
        ;;
    '--env-name')
        return
        ;;
    '--ttl')
        return
        ;;
    '--port')
        return
        ;;
    '--wait-for')
        return
        ;;
    esac
}

_portctl_lookup() {
    repeating_flags=()
    non_repeating_flags=(--all --claim --json --version -h --help)
    repeating_options=()
    non_repeating_options=(--app --instance)
    __portctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--app')
        return
        ;;
    '--instance')
        return
        ;;
    esac
}

_portctl_allocate() {
    repeating_flags=()
    non_repeating_flags=(--adopt --json --version -h --help)
    repeating_options=()
    non_repeating_options=(--app --instance --service --port)
    __portctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--app')
        return
        ;;
    '--instance')
        return
        ;;
    '--service')
        return
        ;;
    '--port')
        return
        ;;
    esac
}

_portctl_alloc() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=(--tag)
    non_repeating_options=(--app --instance --ttl --port)
    __portctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--app')
        return
        ;;
    '--instance')
        return
        ;;
    '--ttl')
        return
        ;;
    '--port')
        return
        ;;
    '--tag')
        return
        ;;
    esac
}

_portctl_loop() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(--app --instance --ttl)
    __portctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--app')
        return
        ;;
    '--instance')
        return
        ;;
    '--ttl')
        return
        ;;
    esac
}

_portctl_release() {
    repeating_flags=()
    non_repeating_flags=(--yes --json --version -h --help)
    repeating_options=()
    non_repeating_options=(--id --app --instance --service --port)
    __portctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--id')
        return
        ;;
    '--app')
        return
        ;;
    '--instance')
        return
        ;;
    '--service')
        return
        ;;
    '--port')
        return
        ;;
    esac
}

_portctl_forget() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(--app --instance)
    __portctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--app')
        return
        ;;
    '--instance')
        return
        ;;
    esac
}

_portctl_prune() {
    repeating_flags=()
    non_repeating_flags=(--dry-run --yes --json --version -h --help)
    repeating_options=()
    non_repeating_options=()
    __portctl_offer_flags_options 0
}

_portctl_list() {
    repeating_flags=()
    non_repeating_flags=(--all --wide --json --version -h --help)
    repeating_options=()
    non_repeating_options=(--app --instance --service)
    __portctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--app')
        return
        ;;
    '--instance')
        return
        ;;
    '--service')
        return
        ;;
    esac
}

_portctl_check() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(--port)
    __portctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--port')
        return
        ;;
    esac
}

_portctl_verify() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(--app --instance)
    __portctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--app')
        return
        ;;
    '--instance')
        return
        ;;
    esac
}

_portctl_wait() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(--app --instance --timeout --http)
    __portctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--app')
        return
        ;;
    '--instance')
        return
        ;;
    '--timeout')
        return
        ;;
    '--http')
        return
        ;;
    esac
}

_portctl_who() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=()
    __portctl_offer_flags_options 1
}

_portctl_ps() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=()
    __portctl_offer_flags_options 0
}

_portctl_why() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=()
    __portctl_offer_flags_options 1
}

_portctl_events() {
    repeating_flags=()
    non_repeating_flags=(--follow -f --json --version -h --help)
    repeating_options=()
    non_repeating_options=()
    __portctl_offer_flags_options 0
}

_portctl_kill() {
    repeating_flags=()
    non_repeating_flags=(--force --yes --json --version -h --help)
    repeating_options=()
    non_repeating_options=(--pid)
    __portctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--pid')
        return
        ;;
    esac
}

_portctl_reserve() {
    repeating_flags=()
    non_repeating_flags=(--kill --force --yes --json --version -h --help)
    repeating_options=()
    non_repeating_options=(--app --instance --service)
    __portctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--app')
        return
        ;;
    '--instance')
        return
        ;;
    '--service')
        return
        ;;
    esac
}

_portctl_group() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __portctl_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    allocate|list|release)
        # Offer subcommand argument completions
        "_portctl_group_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'allocate list release' -- "${cur}"))
        ;;
    esac
}

_portctl_group_allocate() {
    repeating_flags=()
    non_repeating_flags=(--contiguous --json --version -h --help)
    repeating_options=(--metadata)
    non_repeating_options=(--roles --app --instance --range)
    __portctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--roles')
        return
        ;;
    '--app')
        return
        ;;
    '--instance')
        return
        ;;
    '--range')
        return
        ;;
    '--metadata')
        return
        ;;
    esac
}

_portctl_group_list() {
    repeating_flags=()
    non_repeating_flags=(--all --json --version -h --help)
    repeating_options=()
    non_repeating_options=(--app --instance)
    __portctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--app')
        return
        ;;
    '--instance')
        return
        ;;
    esac
}

_portctl_group_release() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(--id)
    __portctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--id')
        return
        ;;
    esac
}

_portctl_dashboard() {
    repeating_flags=()
    non_repeating_flags=(--watch --json --version -h --help)
    repeating_options=()
    non_repeating_options=()
    __portctl_offer_flags_options 0
}

_portctl_import() {
    repeating_flags=()
    non_repeating_flags=(--dry-run --json --version -h --help)
    repeating_options=()
    non_repeating_options=()
    __portctl_offer_flags_options 1

    # Offer positional completions
    case "${positional_number}" in
    1)
        __portctl_add_completions -f
        return
        ;;
    esac
}

_portctl_doctor() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=()
    __portctl_offer_flags_options 0
}

_portctl_start() {
    repeating_flags=()
    non_repeating_flags=(--legacy-ports --json --version -h --help)
    repeating_options=()
    non_repeating_options=()
    __portctl_offer_flags_options 0
}

_portctl_stop() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=()
    __portctl_offer_flags_options 0
}

_portctl_restart() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=()
    __portctl_offer_flags_options 0
}

_portctl_status() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=()
    __portctl_offer_flags_options 0
}

_portctl_health() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=()
    __portctl_offer_flags_options 0
}

_portctl_logs() {
    repeating_flags=()
    non_repeating_flags=(--follow -f --version -h --help)
    repeating_options=()
    non_repeating_options=(-n --lines)
    __portctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '-n'|'--lines')
        return
        ;;
    esac
}

_portctl_service() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __portctl_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    install|uninstall|status)
        # Offer subcommand argument completions
        "_portctl_service_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'install uninstall status' -- "${cur}"))
        ;;
    esac
}

_portctl_service_install() {
    repeating_flags=()
    non_repeating_flags=(--dry-run --json --version -h --help)
    repeating_options=()
    non_repeating_options=()
    __portctl_offer_flags_options 0
}

_portctl_service_uninstall() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=()
    __portctl_offer_flags_options 0
}

_portctl_service_status() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=()
    __portctl_offer_flags_options 0
}

_portctl_skill() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __portctl_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    install)
        # Offer subcommand argument completions
        "_portctl_skill_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'install' -- "${cur}"))
        ;;
    esac
}

_portctl_skill_install() {
    repeating_flags=()
    non_repeating_flags=(--global --json --version -h --help)
    repeating_options=()
    non_repeating_options=()
    __portctl_offer_flags_options 0
}

_portctl_completions() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __portctl_offer_flags_options 1

    # Offer positional completions
    case "${positional_number}" in
    1)
        __portctl_add_completions -W 'bash'$'\n''zsh'$'\n''fish'
        return
        ;;
    esac
}

_portctl_version() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=()
    __portctl_offer_flags_options 0
}

_portctl_help() {
    repeating_flags=()
    non_repeating_flags=(--version)
    repeating_options=()
    non_repeating_options=()
    __portctl_offer_flags_options -1
}

complete -o filenames -F _portctl portctl