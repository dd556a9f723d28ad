function __portctl_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __portctl_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __portctl_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __portctl_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __portctl_parse_tokens -S
    set -l unparsed_tokens (__portctl_tokens -pc)
    switch $unparsed_tokens[1]
    case 'portctl'
        __portctl_parse_subcommand 0 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'port'
            __portctl_parse_subcommand 1 'app=' 'instance=' 'port=' 'strict' 'json' 'version' 'h/help'
        case 'run'
            __portctl_parse_subcommand -r 2 'app=' 'instance=' 'env-name=+' 'ttl=' 'port=' 'port-from-env' 'strict' 'wait-for=' 'no-flags' 'quiet' 'version' 'h/help'
        case 'lookup'
            __portctl_parse_subcommand 1 'app=' 'instance=' 'all' 'claim' 'json' 'version' 'h/help'
        case 'allocate'
            __portctl_parse_subcommand 1 'app=' 'instance=' 'service=' 'port=' 'adopt' 'json' 'version' 'h/help'
        case 'alloc'
            __portctl_parse_subcommand 1 'app=' 'instance=' 'ttl=' 'port=' 'tag=+' 'json' 'version' 'h/help'
        case 'loop'
            __portctl_parse_subcommand 1 'app=' 'instance=' 'ttl=' 'json' 'version' 'h/help'
        case 'release'
            __portctl_parse_subcommand 1 'id=' 'app=' 'instance=' 'service=' 'port=' 'yes' 'json' 'version' 'h/help'
        case 'forget'
            __portctl_parse_subcommand 1 'app=' 'instance=' 'json' 'version' 'h/help'
        case 'prune'
            __portctl_parse_subcommand 0 'dry-run' 'yes' 'json' 'version' 'h/help'
        case 'list'
            __portctl_parse_subcommand 1 'app=' 'instance=' 'service=' 'all' 'wide' 'json' 'version' 'h/help'
        case 'check'
            __portctl_parse_subcommand 1 'port=' 'json' 'version' 'h/help'
        case 'verify'
            __portctl_parse_subcommand 1 'app=' 'instance=' 'json' 'version' 'h/help'
        case 'wait'
            __portctl_parse_subcommand -r 1 'app=' 'instance=' 'timeout=' 'http=' 'json' 'version' 'h/help'
        case 'who'
            __portctl_parse_subcommand 1 'json' 'version' 'h/help'
        case 'ps'
            __portctl_parse_subcommand 0 'json' 'version' 'h/help'
        case 'why'
            __portctl_parse_subcommand 1 'json' 'version' 'h/help'
        case 'events'
            __portctl_parse_subcommand 0 'f/follow' 'json' 'version' 'h/help'
        case 'kill'
            __portctl_parse_subcommand 1 'pid=' 'force' 'yes' 'json' 'version' 'h/help'
        case 'reserve'
            __portctl_parse_subcommand 1 'app=' 'instance=' 'service=' 'kill' 'force' 'yes' 'json' 'version' 'h/help'
        case 'group'
            __portctl_parse_subcommand 0 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'allocate'
                __portctl_parse_subcommand 1 'roles=' 'app=' 'instance=' 'contiguous' 'range=' 'metadata=+' 'json' 'version' 'h/help'
            case 'list'
                __portctl_parse_subcommand 1 'app=' 'instance=' 'all' 'json' 'version' 'h/help'
            case 'release'
                __portctl_parse_subcommand 1 'id=' 'json' 'version' 'h/help'
            end
        case 'dashboard'
            __portctl_parse_subcommand 0 'watch' 'json' 'version' 'h/help'
        case 'import'
            __portctl_parse_subcommand 1 'dry-run' 'json' 'version' 'h/help'
        case 'doctor'
            __portctl_parse_subcommand 0 'json' 'version' 'h/help'
        case 'start'
            __portctl_parse_subcommand 0 'legacy-ports' 'json' 'version' 'h/help'
        case 'stop'
            __portctl_parse_subcommand 0 'json' 'version' 'h/help'
        case 'restart'
            __portctl_parse_subcommand 0 'json' 'version' 'h/help'
        case 'status'
            __portctl_parse_subcommand 0 'json' 'version' 'h/help'
        case 'health'
            __portctl_parse_subcommand 0 'json' 'version' 'h/help'
        case 'logs'
            __portctl_parse_subcommand 0 'n/lines=' 'f/follow' 'version' 'h/help'
        case 'service'
            __portctl_parse_subcommand 0 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'install'
                __portctl_parse_subcommand 0 'dry-run' 'json' 'version' 'h/help'
            case 'uninstall'
                __portctl_parse_subcommand 0 'json' 'version' 'h/help'
            case 'status'
                __portctl_parse_subcommand 0 'json' 'version' 'h/help'
            end
        case 'skill'
            __portctl_parse_subcommand 0 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'install'
                __portctl_parse_subcommand 0 'global' 'json' 'version' 'h/help'
            end
        case 'completions'
            __portctl_parse_subcommand 1 'version' 'h/help'
        case 'version'
            __portctl_parse_subcommand 0 'json' 'version' 'h/help'
        case 'help'
            __portctl_parse_subcommand -r 1 'version'
        end
    end
end

function __portctl_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __portctl_parse_subcommand -S -a positional_count
    argparse -s r -- $argv
    set -l option_specs $argv[2..]
    set -l is_repeating_positional $_flag_r
    set -el _flag_r
    set -a commands $unparsed_tokens[1]
    set positional_index 0
    while true
        set -e unparsed_tokens[1]
        argparse -sn "$commands" $option_specs -- $unparsed_tokens 2> /dev/null
        set unparsed_tokens $argv
        set positional_index (math $positional_index + 1)
        for non_repeating_flag_or_option in $non_repeating_flags_or_options
            if set -ql "_flag_$(string replace -a - _ -- $non_repeating_flag_or_option)"
                set non_repeating_flags_or_options_absent 1
                break
            end
        end
        test (count $unparsed_tokens) -eq 0 -o \( -z "$is_repeating_positional" -a "$positional_index" -gt "$positional_count" \) && break
    end
end

function __portctl_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __portctl_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__portctl_tokens -p)
    if test -z "$(__portctl_tokens -t)"
        set -l index (count (__portctl_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'portctl' -f
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl" version' -l 'version' -d 'Show the version.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_positional "portctl" -eq 1' -fa 'port' -d 'Print a service\'s port, allocating one if it has none.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_positional "portctl" -eq 1' -fa 'run' -d 'Run a command with its own port in $PORT.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_positional "portctl" -eq 1' -fa 'lookup' -d 'Print the port of a service without allocating one.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_positional "portctl" -eq 1' -fa 'allocate' -d 'Allocate a port for a service.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_positional "portctl" -eq 1' -fa 'alloc' -d 'Lease a port for a service until its heartbeats stop.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_positional "portctl" -eq 1' -fa 'loop' -d 'Lease a port and send heartbeats until this command exits.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_positional "portctl" -eq 1' -fa 'release' -d 'Release one or more port allocations.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_positional "portctl" -eq 1' -fa 'forget' -d 'Release a service\'s port and stop remembering it for the service.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_positional "portctl" -eq 1' -fa 'prune' -d 'End the allocations whose owners have exited.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_positional "portctl" -eq 1' -fa 'list' -d 'List current allocations.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_positional "portctl" -eq 1' -fa 'check' -d 'Check whether a port is available.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_positional "portctl" -eq 1' -fa 'verify' -d 'Check that what listens is the right server.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_positional "portctl" -eq 1' -fa 'wait' -d 'Wait until services listen.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_positional "portctl" -eq 1' -fa 'who' -d 'Show which process listens on a port.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_positional "portctl" -eq 1' -fa 'ps' -d 'List all TCP listeners on this machine.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_positional "portctl" -eq 1' -fa 'why' -d 'Show a port\'s history: who got it, who was refused, when and why.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_positional "portctl" -eq 1' -fa 'events' -d 'Show recent events; --follow streams new ones.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_positional "portctl" -eq 1' -fa 'kill' -d 'Kill the process that listens on a port.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_positional "portctl" -eq 1' -fa 'reserve' -d 'Allocate a specific port, optionally killing its listener.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_positional "portctl" -eq 1' -fa 'group' -d 'Manage groups of ports that are allocated together.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_positional "portctl" -eq 1' -fa 'dashboard' -d 'Show all allocations by app, worktree and role, with the processes on their ports.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_positional "portctl" -eq 1' -fa 'import' -d 'Take over the ports that another system has in FILE.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_positional "portctl" -eq 1' -fa 'doctor' -d 'Check the installation and suggest fixes.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_positional "portctl" -eq 1' -fa 'start' -d 'Start the port-server daemon in the background.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_positional "portctl" -eq 1' -fa 'stop' -d 'Stop the running port-server daemon.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_positional "portctl" -eq 1' -fa 'restart' -d 'Stop and start the port-server daemon.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_positional "portctl" -eq 1' -fa 'status' -d 'Show whether the port-server daemon is running.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_positional "portctl" -eq 1' -fa 'health' -d 'Check if the server is reachable.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_positional "portctl" -eq 1' -fa 'logs' -d 'Print the end of the daemon\'s log.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_positional "portctl" -eq 1' -fa 'service' -d 'Manage the service that starts the daemon at login.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_positional "portctl" -eq 1' -fa 'skill' -d 'Teach coding agents to use portctl.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_positional "portctl" -eq 1' -fa 'completions' -d 'Print a completion script for a shell.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_positional "portctl" -eq 1' -fa 'version' -d 'Print the version, commit, and build date.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_positional "portctl" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl port" app' -l 'app' -d 'Application name. (default: git repository or directory name)' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl port" instance' -l 'instance' -d 'Instance name. (default: git worktree, or main)' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl port" port' -l 'port' -d 'Port to allocate; fails if the service already has another one. 0 = auto-assign.' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl port" strict' -l 'strict' -d 'Fail instead of choosing another port if the service\'s previous port is taken.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl port" json' -l 'json' -d 'Output as JSON.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl port" version' -l 'version' -d 'Show the version.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl port" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl run" app' -l 'app' -d 'Application name. (default: git repository or directory name)' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl run" instance' -l 'instance' -d 'Instance name. (default: git worktree, or main)' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl run"' -l 'env-name' -d 'Environment variable to set instead of PORT; may be repeated.' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl run" ttl' -l 'ttl' -d 'Time to live in seconds, shown with the lease; the port is held until the command exits.' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl run" port' -l 'port' -d 'Port to run on; 0 = auto-assign.' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl run" port-from-env' -l 'port-from-env' -d 'Run on the port that the caller chose and passed in PORT. The service moves to it from another port.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl run" strict' -l 'strict' -d 'Fail instead of choosing another port if the service\'s port is taken.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl run" wait-for' -l 'wait-for' -d 'Services to wait for first, 60 seconds at most, separated by commas.' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl run" no-flags' -l 'no-flags' -d 'Leave the command as it is: add no port flag for a tool that does not follow PORT.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl run" quiet' -l 'quiet' -d 'Print nothing unless something goes wrong.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl run" version' -l 'version' -d 'Show the version.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl run" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl lookup" app' -l 'app' -d 'Application name. (default: git repository or directory name)' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl lookup" instance' -l 'instance' -d 'Instance name. (default: git worktree, or main)' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl lookup" all' -l 'all' -d 'Print the ports of all replicas, one per line.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl lookup" claim' -l 'claim' -d 'Print the allocated port, whoever listens.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl lookup" json' -l 'json' -d 'Output as JSON.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl lookup" version' -l 'version' -d 'Show the version.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl lookup" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl allocate" app' -l 'app' -d 'Application name. (default: git repository or directory name)' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl allocate" instance' -l 'instance' -d 'Instance name. (default: git worktree, or main)' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl allocate" service' -l 'service' -d 'Service name.' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl allocate" port' -l 'port' -d 'Specific port to allocate; 0 = auto-assign.' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl allocate" adopt' -l 'adopt' -d 'Register a service that is already running on --port.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl allocate" json' -l 'json' -d 'Output as JSON.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl allocate" version' -l 'version' -d 'Show the version.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl allocate" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl alloc" app' -l 'app' -d 'Application name. (default: git repository or directory name)' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl alloc" instance' -l 'instance' -d 'Instance name. (default: git worktree, or main)' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl alloc" ttl' -l 'ttl' -d 'Time to live in seconds, up to 30 days. (default: 300)' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl alloc" port' -l 'port' -d 'Port to lease; 0 = auto-assign.' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl alloc"' -l 'tag' -d 'Tag to show with the lease; may be repeated.' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl alloc" json' -l 'json' -d 'Output as JSON.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl alloc" version' -l 'version' -d 'Show the version.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl alloc" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl loop" app' -l 'app' -d 'Application name. (default: git repository or directory name)' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl loop" instance' -l 'instance' -d 'Instance name. (default: git worktree, or main)' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl loop" ttl' -l 'ttl' -d 'Time to live in seconds, shown with the lease; the port is held until the command exits.' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl loop" json' -l 'json' -d 'Output as JSON.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl loop" version' -l 'version' -d 'Show the version.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl loop" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl release" id' -l 'id' -d 'Release a specific allocation by id.' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl release" app' -l 'app' -d 'Application name. (default: git repository or directory name)' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl release" instance' -l 'instance' -d 'Instance name. (default: git worktree, or main)' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl release" service' -l 'service' -d 'Filter by service name.' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl release" port' -l 'port' -d 'Filter by port number.' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl release" yes' -l 'yes' -d 'Do not ask for confirmation.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl release" json' -l 'json' -d 'Output as JSON.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl release" version' -l 'version' -d 'Show the version.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl release" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl forget" app' -l 'app' -d 'Application name. (default: git repository or directory name)' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl forget" instance' -l 'instance' -d 'Instance name. (default: git worktree, or main)' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl forget" json' -l 'json' -d 'Output as JSON.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl forget" version' -l 'version' -d 'Show the version.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl forget" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl prune" dry-run' -l 'dry-run' -d 'Only show what would end.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl prune" yes' -l 'yes' -d 'Do not ask for confirmation.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl prune" json' -l 'json' -d 'Output as JSON.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl prune" version' -l 'version' -d 'Show the version.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl prune" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl list" app' -l 'app' -d 'Filter by application. (default: git repository or directory name)' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl list" instance' -l 'instance' -d 'Filter by instance.' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl list" service' -l 'service' -d 'Filter by service.' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl list" all' -l 'all' -d 'List the allocations of all applications.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl list" wide' -l 'wide' -d 'Also show state, holds, owner and directory.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl list" json' -l 'json' -d 'Output as JSON instead of a table.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl list" version' -l 'version' -d 'Show the version.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl list" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl check" port' -l 'port' -d 'Port number to check.' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl check" json' -l 'json' -d 'Output as JSON.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl check" version' -l 'version' -d 'Show the version.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl check" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl verify" app' -l 'app' -d 'Application name. (default: git repository or directory name)' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl verify" instance' -l 'instance' -d 'Instance name. (default: git worktree, or main)' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl verify" json' -l 'json' -d 'Output as JSON.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl verify" version' -l 'version' -d 'Show the version.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl verify" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl wait" app' -l 'app' -d 'Application name. (default: git repository or directory name)' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl wait" instance' -l 'instance' -d 'Instance name. (default: git worktree, or main)' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl wait" timeout' -l 'timeout' -d 'Seconds to wait at most.' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl wait" http' -l 'http' -d 'Also wait until GET of this path answers with a status below 500.' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl wait" json' -l 'json' -d 'Output as JSON.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl wait" version' -l 'version' -d 'Show the version.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl wait" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl who" json' -l 'json' -d 'Output as JSON.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl who" version' -l 'version' -d 'Show the version.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl who" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl ps" json' -l 'json' -d 'Output as JSON.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl ps" version' -l 'version' -d 'Show the version.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl ps" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl why" json' -l 'json' -d 'Output as JSON.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl why" version' -l 'version' -d 'Show the version.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl why" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl events" f follow' -l 'follow' -s 'f' -d 'Stream new events until Ctrl-C.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl events" json' -l 'json' -d 'Output as JSON; with --follow, one object per line.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl events" version' -l 'version' -d 'Show the version.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl events" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl kill" pid' -l 'pid' -d 'Process to kill, if several listen on the port.' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl kill" force' -l 'force' -d 'Send SIGKILL if SIGTERM does not close the port within three seconds.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl kill" yes' -l 'yes' -d 'Do not ask for confirmation.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl kill" json' -l 'json' -d 'Output as JSON.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl kill" version' -l 'version' -d 'Show the version.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl kill" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl reserve" app' -l 'app' -d 'Application name. (default: git repository or directory name)' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl reserve" instance' -l 'instance' -d 'Instance name. (default: git worktree, or main)' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl reserve" service' -l 'service' -d 'Service name.' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl reserve" kill' -l 'kill' -d 'Kill the process that listens on the port.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl reserve" force' -l 'force' -d 'With --kill: send SIGKILL if SIGTERM does not close the port within three seconds.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl reserve" yes' -l 'yes' -d 'With --kill: do not ask for confirmation.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl reserve" json' -l 'json' -d 'Output as JSON.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl reserve" version' -l 'version' -d 'Show the version.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl reserve" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl group" version' -l 'version' -d 'Show the version.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl group" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_positional "portctl group" -eq 1' -fa 'allocate' -d 'Allocate several ports, all or none.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_positional "portctl group" -eq 1' -fa 'list' -d 'List the groups of the current project.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_positional "portctl group" -eq 1' -fa 'release' -d 'Release all ports of a group.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl group allocate" roles' -l 'roles' -d 'Comma-separated service names, one per port. (default: unnamed)' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl group allocate" app' -l 'app' -d 'Application name. (default: git repository or directory name)' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl group allocate" instance' -l 'instance' -d 'Instance name. (default: git worktree, or main)' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl group allocate" contiguous' -l 'contiguous' -d 'Allocate consecutive ports.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl group allocate" range' -l 'range' -d 'Range to choose from, such as 4000-4999.' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl group allocate"' -l 'metadata' -d 'KEY=VALUE to store with the ports; may be repeated.' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl group allocate" json' -l 'json' -d 'Output as JSON.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl group allocate" version' -l 'version' -d 'Show the version.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl group allocate" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl group list" app' -l 'app' -d 'Filter by application. (default: git repository or directory name)' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl group list" instance' -l 'instance' -d 'Filter by instance.' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl group list" all' -l 'all' -d 'List the groups of all applications.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl group list" json' -l 'json' -d 'Output as JSON instead of a table.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl group list" version' -l 'version' -d 'Show the version.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl group list" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl group release" id' -l 'id' -d 'Id of the group.' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl group release" json' -l 'json' -d 'Output as JSON.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl group release" version' -l 'version' -d 'Show the version.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl group release" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl dashboard" watch' -l 'watch' -d 'Update the view until q or Ctrl-C is pressed.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl dashboard" json' -l 'json' -d 'Output as JSON.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl dashboard" version' -l 'version' -d 'Show the version.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl dashboard" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_positional "portctl import" -eq 1' -F
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl import" dry-run' -l 'dry-run' -d 'Only show what would be imported.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl import" json' -l 'json' -d 'Output as JSON.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl import" version' -l 'version' -d 'Show the version.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl import" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl doctor" json' -l 'json' -d 'Output as JSON.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl doctor" version' -l 'version' -d 'Show the version.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl doctor" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl start" legacy-ports' -l 'legacy-ports' -d 'Also listen on 127.0.0.1:3030 and :9876, if free, now and at every later start: sets legacy.ports in config.yaml.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl start" json' -l 'json' -d 'Output as JSON.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl start" version' -l 'version' -d 'Show the version.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl start" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl stop" json' -l 'json' -d 'Output as JSON.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl stop" version' -l 'version' -d 'Show the version.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl stop" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl restart" json' -l 'json' -d 'Output as JSON.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl restart" version' -l 'version' -d 'Show the version.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl restart" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl status" json' -l 'json' -d 'Output as JSON.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl status" version' -l 'version' -d 'Show the version.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl status" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl health" json' -l 'json' -d 'Output as JSON.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl health" version' -l 'version' -d 'Show the version.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl health" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl logs" lines n' -s 'n' -l 'lines' -d 'The number of lines to begin with.' -rfka ''
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl logs" f follow' -l 'follow' -s 'f' -d 'Print what is added, until interrupted.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl logs" version' -l 'version' -d 'Show the version.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl logs" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl service" version' -l 'version' -d 'Show the version.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl service" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_positional "portctl service" -eq 1' -fa 'install' -d 'Start the daemon now and at every login.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_positional "portctl service" -eq 1' -fa 'uninstall' -d 'Stop the service and no longer start the daemon at login.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_positional "portctl service" -eq 1' -fa 'status' -d 'Show whether the daemon is installed as a service.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl service install" dry-run' -l 'dry-run' -d 'Only print the file that would be written.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl service install" json' -l 'json' -d 'Output as JSON.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl service install" version' -l 'version' -d 'Show the version.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl service install" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl service uninstall" json' -l 'json' -d 'Output as JSON.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl service uninstall" version' -l 'version' -d 'Show the version.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl service uninstall" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl service status" json' -l 'json' -d 'Output as JSON.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl service status" version' -l 'version' -d 'Show the version.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl service status" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl skill" version' -l 'version' -d 'Show the version.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl skill" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_positional "portctl skill" -eq 1' -fa 'install' -d 'Install the port-manager agent skill.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl skill install" global' -l 'global' -d 'Install to global platforms instead of project-local.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl skill install" json' -l 'json' -d 'Output as JSON.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl skill install" version' -l 'version' -d 'Show the version.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl skill install" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_positional "portctl completions" -eq 1' -fka 'bash zsh fish'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl completions" version' -l 'version' -d 'Show the version.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl completions" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl version" json' -l 'json' -d 'Output as JSON.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl version" version' -l 'version' -d 'Show the version.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl version" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'portctl' -n '__portctl_should_offer_completions_for_flags_or_options "portctl help" version' -l 'version' -d 'Show the version.'