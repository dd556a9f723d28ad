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
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
        '(-): :->command'
        '(-)*:: :->arg'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0
    case "${state}" in
    command)
        local -ar subcommands=(
            'port:Print a service'\''s port, allocating one if it has none.'
            'run:Run a command with its own port in $PORT.'
            'lookup:Print the port of a service without allocating one.'
            'allocate:Allocate a port for a service.'
            'alloc:Lease a port for a service until its heartbeats stop.'
            'loop:Lease a port and send heartbeats until this command exits.'
            'release:Release one or more port allocations.'
            'forget:Release a service'\''s port and stop remembering it for the service.'
            'prune:End the allocations whose owners have exited.'
            'list:List current allocations.'
            'check:Check whether a port is available.'
            'verify:Check that what listens is the right server.'
            'wait:Wait until services listen.'
            'who:Show which process listens on a port.'
            'ps:List all TCP listeners on this machine.'
            'why:Show a port'\''s history: who got it, who was refused, when and why.'
            'events:Show recent events; --follow streams new ones.'
            'kill:Kill the process that listens on a port.'
            'reserve:Allocate a specific port, optionally killing its listener.'
            'group:Manage groups of ports that are allocated together.'
            'dashboard:Show all allocations by app, worktree and role, with the processes on their ports.'
            'import:Take over the ports that another system has in FILE.'
            'doctor:Check the installation and suggest fixes.'
            'start:Start the port-server daemon in the background.'
            'stop:Stop the running port-server daemon.'
            'restart:Stop and start the port-server daemon.'
            'status:Show whether the port-server daemon is running.'
            'health:Check if the server is reachable.'
            'logs:Print the end of the daemon'\''s log.'
            'service:Manage the service that starts the daemon at login.'
            'skill:Teach coding agents to use portctl.'
            'completions:Print a completion script for a shell.'
            'version:Print the version, commit, and build date.'
            'help:Show subcommand help information.'
        )
        _describe -V subcommand subcommands && ret=0
        ;;
    arg)
        case "${words[1]}" in
        port|run|lookup|allocate|alloc|loop|release|forget|prune|list|check|verify|wait|who|ps|why|events|kill|reserve|group|dashboard|import|doctor|start|stop|restart|status|health|logs|service|skill|completions|version|help)
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
        '--port[Port to allocate; fails if the service already has another one. 0 = auto-assign.]:port:'
        '--strict[Fail instead of choosing another port if the service'\''s previous port is taken.]'
        '--json[Output as JSON.]'
        '--version[Show the version.]'
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
        '*--env-name[Environment variable to set instead of PORT; may be repeated.]:env-name:'
        '--ttl[Time to live in seconds, shown with the lease; the port is held until the command exits.]:ttl:'
        '--port[Port to run on; 0 = auto-assign.]:port:'
        '--port-from-env[Run on the port that the caller chose and passed in PORT. The service moves to it from another port.]'
        '--strict[Fail instead of choosing another port if the service'\''s port is taken.]'
        '--wait-for[Services to wait for first, 60 seconds at most, separated by commas.]:names:'
        '--no-flags[Leave the command as it is\: add no port flag for a tool that does not follow PORT.]'
        '--quiet[Print nothing unless something goes wrong.]'
        '*:command:'
        '--version[Show the version.]'
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
        '--all[Print the ports of all replicas, one per line.]'
        '--claim[Print the allocated port, whoever listens.]'
        '--json[Output as JSON.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_allocate() {
    local -i ret=1
    local -ar arg_specs=(
        ':service:'
        '--app[Application name. (default\: git repository or directory name)]:app:'
        '--instance[Instance name. (default\: git worktree, or main)]:instance:'
        '--service[Service name.]:service:'
        '--port[Specific port to allocate; 0 = auto-assign.]:port:'
        '--adopt[Register a service that is already running on --port.]'
        '--json[Output as JSON.]'
        '--version[Show the version.]'
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
        '--ttl[Time to live in seconds, up to 30 days. (default\: 300)]:ttl:'
        '--port[Port to lease; 0 = auto-assign.]:port:'
        '*--tag[Tag to show with the lease; may be repeated.]:tag:'
        '--json[Output as JSON.]'
        '--version[Show the version.]'
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
        '--ttl[Time to live in seconds, shown with the lease; the port is held until the command exits.]:ttl:'
        '--json[Output as JSON.]'
        '--version[Show the version.]'
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
        '--yes[Do not ask for confirmation.]'
        '--json[Output as JSON.]'
        '--version[Show the version.]'
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
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_prune() {
    local -i ret=1
    local -ar arg_specs=(
        '--dry-run[Only show what would end.]'
        '--yes[Do not ask for confirmation.]'
        '--json[Output as JSON.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_list() {
    local -i ret=1
    local -ar arg_specs=(
        ':app:'
        '--app[Filter by application. (default\: git repository or directory name)]:app:'
        '--instance[Filter by instance.]:instance:'
        '--service[Filter by service.]:service:'
        '--all[List the allocations of all applications.]'
        '--wide[Also show state, holds, owner and directory.]'
        '--json[Output as JSON instead of a table.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_check() {
    local -i ret=1
    local -ar arg_specs=(
        ':port:'
        '--port[Port number to check.]:port:'
        '--json[Output as JSON.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_verify() {
    local -i ret=1
    local -ar arg_specs=(
        ':name:'
        '--app[Application name. (default\: git repository or directory name)]:app:'
        '--instance[Instance name. (default\: git worktree, or main)]:instance:'
        '--json[Output as JSON.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_wait() {
    local -i ret=1
    local -ar arg_specs=(
        '*:name:'
        '--app[Application name. (default\: git repository or directory name)]:app:'
        '--instance[Instance name. (default\: git worktree, or main)]:instance:'
        '--timeout[Seconds to wait at most.]:timeout:'
        '--http[Also wait until GET of this path answers with a status below 500.]:path:'
        '--json[Output as JSON.]'
        '--version[Show the version.]'
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
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_ps() {
    local -i ret=1
    local -ar arg_specs=(
        '--json[Output as JSON.]'
        '--version[Show the version.]'
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
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_events() {
    local -i ret=1
    local -ar arg_specs=(
        '(--follow -f)'{--follow,-f}'[Stream new events until Ctrl-C.]'
        '--json[Output as JSON; with --follow, one object per line.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_kill() {
    local -i ret=1
    local -ar arg_specs=(
        ':port:'
        '--pid[Process to kill, if several listen on the port.]:pid:'
        '--force[Send SIGKILL if SIGTERM does not close the port within three seconds.]'
        '--yes[Do not ask for confirmation.]'
        '--json[Output as JSON.]'
        '--version[Show the version.]'
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
        '--kill[Kill the process that listens on the port.]'
        '--force[With --kill\: send SIGKILL if SIGTERM does not close the port within three seconds.]'
        '--yes[With --kill\: do not ask for confirmation.]'
        '--json[Output as JSON.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_group() {
    local -i ret=1
    local -ar arg_specs=(
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
        '(-): :->command'
        '(-)*:: :->arg'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0
    case "${state}" in
    command)
        local -ar subcommands=(
            'allocate:Allocate several ports, all or none.'
            'list:List the groups of the current project.'
            'release:Release all ports of a group.'
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
        '--roles[Comma-separated service names, one per port. (default\: unnamed)]:roles:'
        '--app[Application name. (default\: git repository or directory name)]:app:'
        '--instance[Instance name. (default\: git worktree, or main)]:instance:'
        '--contiguous[Allocate consecutive ports.]'
        '--range[Range to choose from, such as 4000-4999.]:range:'
        '*--metadata[KEY=VALUE to store with the ports; may be repeated.]:metadata:'
        '--json[Output as JSON.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_group_list() {
    local -i ret=1
    local -ar arg_specs=(
        ':app:'
        '--app[Filter by application. (default\: git repository or directory name)]:app:'
        '--instance[Filter by instance.]:instance:'
        '--all[List the groups of all applications.]'
        '--json[Output as JSON instead of a table.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_group_release() {
    local -i ret=1
    local -ar arg_specs=(
        ':id:'
        '--id[Id of the group.]:id:'
        '--json[Output as JSON.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_dashboard() {
    local -i ret=1
    local -ar arg_specs=(
        '--watch[Update the view until q or Ctrl-C is pressed.]'
        '--json[Output as JSON.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_import() {
    local -i ret=1
    local -ar arg_specs=(
        ':file:_files'
        '--dry-run[Only show what would be imported.]'
        '--json[Output as JSON.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_doctor() {
    local -i ret=1
    local -ar arg_specs=(
        '--json[Output as JSON.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_start() {
    local -i ret=1
    local -ar arg_specs=(
        '--legacy-ports[Also listen on 127.0.0.1\:3030 and \:9876, if free, now and at every later start\: sets legacy.ports in config.yaml.]'
        '--json[Output as JSON.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_stop() {
    local -i ret=1
    local -ar arg_specs=(
        '--json[Output as JSON.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_restart() {
    local -i ret=1
    local -ar arg_specs=(
        '--json[Output as JSON.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_status() {
    local -i ret=1
    local -ar arg_specs=(
        '--json[Output as JSON.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_health() {
    local -i ret=1
    local -ar arg_specs=(
        '--json[Output as JSON.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_logs() {
    local -i ret=1
    local -ar arg_specs=(
        '(-n --lines)'{-n,--lines}'[The number of lines to begin with.]:lines:'
        '(--follow -f)'{--follow,-f}'[Print what is added, until interrupted.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_service() {
    local -i ret=1
    local -ar arg_specs=(
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
        '(-): :->command'
        '(-)*:: :->arg'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0
    case "${state}" in
    command)
        local -ar subcommands=(
            'install:Start the daemon now and at every login.'
            'uninstall:Stop the service and no longer start the daemon at login.'
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
        '--dry-run[Only print the file that would be written.]'
        '--json[Output as JSON.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_service_uninstall() {
    local -i ret=1
    local -ar arg_specs=(
        '--json[Output as JSON.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_service_status() {
    local -i ret=1
    local -ar arg_specs=(
        '--json[Output as JSON.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_skill() {
    local -i ret=1
    local -ar arg_specs=(
        '--version[Show the version.]'
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
        '--version[Show the version.]'
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
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_version() {
    local -i ret=1
    local -ar arg_specs=(
        '--json[Output as JSON.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_portctl_help() {
    local -i ret=1
    local -ar arg_specs=(
        '*:subcommands:'
        '--version[Show the version.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

if [[ "${funcstack[1]}" = _portctl ]]; then
    _portctl "${@}"
else
    compdef _portctl portctl
fi