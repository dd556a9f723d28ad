#compdef portctl

__portctl_complete() {
    local -ar non_empty_completions=("${@:#(|:*)}")
    local -ar empty_completions=("${(M)@:#(|:*)}")
    _describe -V '' non_empty_completions -- empty_completions -P $'\'\''
}

__portctl_custom_complete() {
    local -a completions
    completions=("${(@f)"$("${command_name}" "${@}" "${command_line[@]}")"}")
    if [[ "${#completions[@]}" -gt 1 ]]; then
        __portctl_complete "${completions[@]:0:-1}"
    fi
}

__portctl_cursor_index_in_current_word() {
    if [[ -z "${QIPREFIX}${IPREFIX}${PREFIX}" ]]; then
        printf 0
    else
        printf %s "${#${(z)LBUFFER}[-1]}"
    fi
}

_portctl() {
    emulate -RL zsh -G
    setopt extendedglob nullglob numericglobsort
    unsetopt aliases banghist

    local -xr SAP_SHELL=zsh
    local -x SAP_SHELL_VERSION
    SAP_SHELL_VERSION="$(builtin emulate zsh -c 'printf %s "${ZSH_VERSION}"')"
    local -r SAP_SHELL_VERSION

    local context state state_descr line
    local -A opt_args

    local -r command_name="${words[1]}"
    local -ar command_line=("${words[@]}")
    local -ir current_word_index="$((CURRENT - 1))"

    local -i ret=1
    local -ar arg_specs=(
        '(-h --help)'{-h,--help}'[Show help information.]'
        '(-): :->command'
        '(-)*:: :->arg'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0
    case "${state}" in
    command)
        local -ar subcommands=(
            'port:Print a service'\''s port, allocating it the first time.'
            'run:Run a command with a port of its own in $PORT.'
            'lookup:Print the port of a service that has one.'
            'allocate:Allocate a port for a service.'
            'alloc:Lease a port for a service, for as long as heartbeats come.'
            'loop:Lease a port and keep it with heartbeats until this command ends.'
            'release:Release one or more port allocations.'
            'forget:Release a service'\''s port and forget that it was its own.'
            'list:List current allocations.'
            'check:Check whether a port is available.'
            'who:Show who listens on a port.'
            'ps:List everything that listens on this machine.'
            'why:Tell a port'\''s entries: who got it, who was refused, when and why.'
            'events:Tell what happened on this machine'\''s ports, or what happens.'
            'kill:End the process that listens on a port.'
            'reserve:Allocate a certain port, ending who listens on it if wanted.'
            'group:Ports that are allocated together, all or none.'
            'dashboard:Show every allocation by app, worktree and role, with what really is on its port.'
            'doctor:Look everything over, and say what to do about what is wrong.'
            'start:Start the port-server daemon in the background.'
            'stop:Stop the running port-server daemon.'
            'restart:Stop and start the port-server daemon.'
            'status:Show whether the port-server daemon is running.'
            'health:Check if the server is reachable.'
            'service:Have the daemon started at every login.'
            'skill:Teach coding agents to use portctl.'
            'completions:Print a shell'\''s completion script.'
            'version:Print the version, commit, and build date.'
            'help:Show subcommand help information.'
        )
        _describe -V subcommand subcommands && ret=0
        ;;
    arg)
        case "${words[1]}" in
        port|run|lookup|allocate|alloc|loop|release|forget|list|check|who|ps|why|events|kill|reserve|group|dashboard|doctor|start|stop|restart|status|health|service|skill|completions|version|help)
            "_portctl_${words[1]}" && ret=0
            ;;
        esac
        ;;
    esac

    return "${ret}"
}

_portctl_port() {
    local -i ret=1
    local -ar arg_specs=(
        ':service:'
        '--app[Application name. (default\: git repository or directory name)]:app:'
        '--instance[Instance name. (default\: git worktree, or main)]:instance:'
        '--port[Port to allocate; a service that has another one already is an error. 0 = choose.]:port:'
        '--strict[Fail instead of moving when the port the service had last is taken.]'
        '--json[Output as JSON.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_run() {
    local -i ret=1
    local -ar arg_specs=(
        ':name:'
        '--app[Application name. (default\: git repository or directory name)]:app:'
        '--instance[Instance name. (default\: git worktree, or main)]:instance:'
        '*--env-name[Variable to set instead of PORT; may be repeated.]:env-name:'
        '--ttl[Time to live in seconds; it does not run while the command lives.]:ttl:'
        '--port[Port to run on; 0 = choose.]:port:'
        '--strict[Fail instead of moving when the service'\''s port is taken.]'
        '--quiet[Say nothing unless something is wrong.]'
        '*:command:'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_lookup() {
    local -i ret=1
    local -ar arg_specs=(
        ':name:'
        '--app[Application name. (default\: git repository or directory name)]:app:'
        '--instance[Instance name. (default\: git worktree, or main)]:instance:'
        '--all[Print the ports of all replicas, one a line.]'
        '--json[Output as JSON.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_allocate() {
    local -i ret=1
    local -ar arg_specs=(
        '--app[Application name. (default\: git repository or directory name)]:app:'
        '--instance[Instance name. (default\: git worktree, or main)]:instance:'
        '--service[Service name.]:service:'
        '--port[Specific port to allocate; 0 = choose.]:port:'
        '--adopt[Register a service that already runs on --port.]'
        '--json[Output as JSON.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_alloc() {
    local -i ret=1
    local -ar arg_specs=(
        ':name:'
        '--app[Application name. (default\: git repository or directory name)]:app:'
        '--instance[Instance name. (default\: git worktree, or main)]:instance:'
        '--ttl[Time to live in seconds, at most 30 days. (default\: 300)]:ttl:'
        '--port[Port to lease; 0 = choose.]:port:'
        '*--tag[Tag to show with the lease; may be repeated.]:tag:'
        '--json[Output as JSON.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_loop() {
    local -i ret=1
    local -ar arg_specs=(
        ':name:'
        '--app[Application name. (default\: git repository or directory name)]:app:'
        '--instance[Instance name. (default\: git worktree, or main)]:instance:'
        '--ttl[Time to live in seconds, at most 30 days.]:ttl:'
        '--json[Output as JSON.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_release() {
    local -i ret=1
    local -ar arg_specs=(
        ':target:'
        '--id[Release a specific allocation by id.]:id:'
        '--app[Application name. (default\: git repository or directory name)]:app:'
        '--instance[Instance name. (default\: git worktree, or main)]:instance:'
        '--service[Filter by service name.]:service:'
        '--port[Filter by port number.]:port:'
        '--json[Output as JSON.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_forget() {
    local -i ret=1
    local -ar arg_specs=(
        ':service:'
        '--app[Application name. (default\: git repository or directory name)]:app:'
        '--instance[Instance name. (default\: git worktree, or main)]:instance:'
        '--json[Output as JSON.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_list() {
    local -i ret=1
    local -ar arg_specs=(
        '--app[Filter by application. (default\: git repository or directory name)]:app:'
        '--instance[Filter by instance.]:instance:'
        '--service[Filter by service.]:service:'
        '--all[List every application'\''s allocations.]'
        '--wide[Show state, holds, owner and directory, too.]'
        '--json[Output as JSON instead of a table.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_check() {
    local -i ret=1
    local -ar arg_specs=(
        '--port[Port number to check.]:port:'
        '--json[Output as JSON.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_who() {
    local -i ret=1
    local -ar arg_specs=(
        ':port:'
        '--json[Output as JSON.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_ps() {
    local -i ret=1
    local -ar arg_specs=(
        '--json[Output as JSON.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_why() {
    local -i ret=1
    local -ar arg_specs=(
        ':port:'
        '--json[Output as JSON.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_events() {
    local -i ret=1
    local -ar arg_specs=(
        '(--follow -f)'{--follow,-f}'[Go on with what happens from now on.]'
        '--json[Output as JSON; with --follow one object in a line for each event.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_kill() {
    local -i ret=1
    local -ar arg_specs=(
        ':port:'
        '--pid[Which process, when several listen.]:pid:'
        '--force[SIGKILL when SIGTERM does not close the port within three seconds.]'
        '--yes[Do not ask.]'
        '--json[Output as JSON.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_reserve() {
    local -i ret=1
    local -ar arg_specs=(
        ':port:'
        '--app[Application name. (default\: git repository or directory name)]:app:'
        '--instance[Instance name. (default\: git worktree, or main)]:instance:'
        '--service[Service name.]:service:'
        '--kill[End the process that listens on the port.]'
        '--force[With --kill\: SIGKILL when SIGTERM does not close the port within three seconds.]'
        '--yes[With --kill\: do not ask.]'
        '--json[Output as JSON.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_group() {
    local -i ret=1
    local -ar arg_specs=(
        '(-h --help)'{-h,--help}'[Show help information.]'
        '(-): :->command'
        '(-)*:: :->arg'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0
    case "${state}" in
    command)
        local -ar subcommands=(
            'allocate:Allocate several ports, or none.'
            'list:List the groups of the current project.'
            'release:Release a group'\''s ports.'
        )
        _describe -V subcommand subcommands && ret=0
        ;;
    arg)
        case "${words[1]}" in
        allocate|list|release)
            "_portctl_group_${words[1]}" && ret=0
            ;;
        esac
        ;;
    esac

    return "${ret}"
}

_portctl_group_allocate() {
    local -i ret=1
    local -ar arg_specs=(
        ':count:'
        '--roles[The services'\'' names, with commas; one for each port. (default\: without names)]:roles:'
        '--app[Application name. (default\: git repository or directory name)]:app:'
        '--instance[Instance name. (default\: git worktree, or main)]:instance:'
        '--contiguous[Ports that follow one another.]'
        '--range[Ports to choose from, such as 4000-4999.]:range:'
        '*--metadata[KEY=VALUE to store with the ports; may be repeated.]:metadata:'
        '--json[Output as JSON.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_group_list() {
    local -i ret=1
    local -ar arg_specs=(
        '--app[Filter by application. (default\: git repository or directory name)]:app:'
        '--instance[Filter by instance.]:instance:'
        '--all[List every application'\''s groups.]'
        '--json[Output as JSON instead of a table.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_group_release() {
    local -i ret=1
    local -ar arg_specs=(
        ':id:'
        '--json[Output as JSON.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_dashboard() {
    local -i ret=1
    local -ar arg_specs=(
        '--watch[Keep it up to date until q or Ctrl-C.]'
        '--json[Output as JSON.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_doctor() {
    local -i ret=1
    local -ar arg_specs=(
        '--json[Output as JSON.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_start() {
    local -i ret=1
    local -ar arg_specs=(
        '--json[Output as JSON.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_stop() {
    local -i ret=1
    local -ar arg_specs=(
        '--json[Output as JSON.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_restart() {
    local -i ret=1
    local -ar arg_specs=(
        '--json[Output as JSON.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_status() {
    local -i ret=1
    local -ar arg_specs=(
        '--json[Output as JSON.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_health() {
    local -i ret=1
    local -ar arg_specs=(
        '--json[Output as JSON.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_service() {
    local -i ret=1
    local -ar arg_specs=(
        '(-h --help)'{-h,--help}'[Show help information.]'
        '(-): :->command'
        '(-)*:: :->arg'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0
    case "${state}" in
    command)
        local -ar subcommands=(
            'install:Start the daemon now, by the service manager, and at every login.'
            'uninstall:End the service, and start the daemon at logins no more.'
            'status:Show whether the daemon is installed as a service.'
        )
        _describe -V subcommand subcommands && ret=0
        ;;
    arg)
        case "${words[1]}" in
        install|uninstall|status)
            "_portctl_service_${words[1]}" && ret=0
            ;;
        esac
        ;;
    esac

    return "${ret}"
}

_portctl_service_install() {
    local -i ret=1
    local -ar arg_specs=(
        '--dry-run[Only show the file that would be written.]'
        '--json[Output as JSON.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_service_uninstall() {
    local -i ret=1
    local -ar arg_specs=(
        '--json[Output as JSON.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_service_status() {
    local -i ret=1
    local -ar arg_specs=(
        '--json[Output as JSON.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_skill() {
    local -i ret=1
    local -ar arg_specs=(
        '(-h --help)'{-h,--help}'[Show help information.]'
        '(-): :->command'
        '(-)*:: :->arg'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0
    case "${state}" in
    command)
        local -ar subcommands=(
            'install:Install the port-manager agent skill.'
        )
        _describe -V subcommand subcommands && ret=0
        ;;
    arg)
        case "${words[1]}" in
        install)
            "_portctl_skill_${words[1]}" && ret=0
            ;;
        esac
        ;;
    esac

    return "${ret}"
}

_portctl_skill_install() {
    local -i ret=1
    local -ar arg_specs=(
        '--global[Install to global platforms instead of project-local.]'
        '--json[Output as JSON.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_completions() {
    local -i ret=1
    local -ar _shell=('bash' 'zsh' 'fish')
    local -ar arg_specs=(
        ':shell:{__portctl_complete "${_shell[@]}"}'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_version() {
    local -i ret=1
    local -ar arg_specs=(
        '--json[Output as JSON.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_help() {
    local -i ret=1
    local -ar arg_specs=(
        '*:subcommands:'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

if [[ "${funcstack[1]}" = _portctl ]]; then
    _portctl "${@}"
else
    compdef _portctl portctl
fi