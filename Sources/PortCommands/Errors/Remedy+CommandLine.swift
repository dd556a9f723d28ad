import PortModel

extension [Remedy] {
    /// The remedies with the command line's commands and options, in one line; `nil` when there are none.
    var commandLineWords: String? { map(\.commandLinePhrase).sentence }
}

extension Remedy {
    /// The remedy as a command or with the option of one; in plain words where the command line has neither.
    var commandLinePhrase: RemedyPhrase {
        switch self {
        case .namePort: RemedyPhrase("--port N", .change)
        case .allowAnotherPort: RemedyPhrase("leave --strict out to move to another port", .change)
        case .nonContiguous: RemedyPhrase("leave --contiguous out", .change)
        case .force: RemedyPhrase("--force uses SIGKILL", .step)
        case .killIfOccupied: RemedyPhrase("--kill ends it", .step)
        case .otherDatabase: RemedyPhrase("name another database with --db", .change)
        case .adopt(let port, let identity):
            RemedyPhrase(
                "to register it: portctl allocate --service \(identity.service.shellQuoted) --port \(port) --adopt",
                .step
            )
        case .kill(let port, _): RemedyPhrase("portctl kill \(port)", .step, effect: "ends it")
        case .releasePort(let port): RemedyPhrase("release this one: portctl release \(port)", .change)
        case .release(let identity): RemedyPhrase("portctl release \(identity.commandLineWords)", .step)
        case .releaseUnneeded(let app, let instance):
            RemedyPhrase(
                "release ports that you no longer need (portctl list --app \(app.shellQuoted) "
                    + "--instance \(instance.shellQuoted))",
                .change
            )
        case .move(let identity):
            RemedyPhrase("to move the service: portctl port \(identity.commandLineWords)", .step)
        case .showListeners(let port): RemedyPhrase("portctl who \(port)", .step, effect: "shows the process")
        case .showHistory(let port): RemedyPhrase("portctl why \(port) tells its history", .step)
        case .listAllocations: RemedyPhrase("portctl list --all shows every allocation", .step)
        case .listServices: RemedyPhrase("portctl list --all shows every service", .step)
        case .listGroups: RemedyPhrase("portctl group list --all shows every group", .step)
        case .startDaemon: RemedyPhrase("start a daemon of your own: portctl start", .step)
        case .stopDaemon: RemedyPhrase("portctl stop", .step)
        case .restart(let purpose): RemedyPhrase("portctl restart \(purpose.effect)", .step)
        case .findDatabase: RemedyPhrase("portctl status names the database", .step)
        case .diagnose: RemedyPhrase("portctl doctor shows what the system hides", .step)
        case .checkRecovery:
            RemedyPhrase("check portctl list --all for missing allocations, then remove that file", .step)
        case .anyPort, .choosePort, .otherRange, .requestFewerPorts, .spellOut, .retry, .changeSetting, .stopUnit,
            .stopContainer, .advice, .reason:
            phrase
        }
    }
}

extension ServiceIdentity {
    /// The words by which the command line means this identity, quoted for a shell: `app/instance/service`, or, when
    /// that would mean another one because of slashes in the names, the service with options.
    var commandLineWords: String {
        if (try? ServiceIdentity(path: description)) == self { return description.shellQuoted }
        return "\(service.shellQuoted) --app \(app.shellQuoted) --instance \(instance.shellQuoted)"
    }
}
