extension Remedy {
    /// The remedy in plain words, without the spelling of any face.
    package var phrase: RemedyPhrase {
        switch self {
        case .anyPort: RemedyPhrase("leave the port out to get a free one", .change)
        case .choosePort: RemedyPhrase("request another port", .change)
        case .namePort: RemedyPhrase("name the port", .change)
        case .allowAnotherPort: RemedyPhrase("leave strict out to move to another port", .change)
        case .otherRange: RemedyPhrase("request another range", .change)
        case .requestFewerPorts: RemedyPhrase("request fewer ports", .change)
        case .nonContiguous: RemedyPhrase("leave contiguous out", .change)
        case .force: RemedyPhrase("force uses SIGKILL", .step)
        case .killIfOccupied: RemedyPhrase("the reservation can end it first", .step)
        case .spellOut: RemedyPhrase("name one of them as app/instance/service", .change)
        case .otherDatabase: RemedyPhrase("name another database with the setting db", .change)
        case .adopt(let port, let service):
            RemedyPhrase("to register it, adopt port \(port) for \(service)", .step)
        case .kill(let port, let pid):
            RemedyPhrase("kill \(pid.map { "process \($0)" } ?? "the process") on port \(port)", .step)
        case .releasePort(let port): RemedyPhrase("release port \(port)", .change)
        case .release(let service): RemedyPhrase("release \(service)", .change)
        case .releaseUnneeded(let app, let instance):
            RemedyPhrase("release ports of \(app)/\(instance) that you no longer need", .change)
        case .move(let service): RemedyPhrase("to move the service, request a port for \(service) again", .step)
        case .showListeners(let port): RemedyPhrase("see the listeners of port \(port)", .step)
        case .showHistory(let port): RemedyPhrase("the journal of port \(port) tells its history", .step)
        case .listAllocations: RemedyPhrase("the list of allocations shows every allocation", .step)
        case .listServices: RemedyPhrase("the list of allocations shows every service", .step)
        case .listGroups: RemedyPhrase("the list of groups shows every group", .step)
        case .retry: RemedyPhrase("try again", .step)
        case .startDaemon: RemedyPhrase("start a daemon of your own", .step)
        case .stopDaemon: RemedyPhrase("stop the daemon as such", .step)
        case .restart(let purpose): RemedyPhrase("a restart of the daemon \(purpose.effect)", .step)
        case .findDatabase: RemedyPhrase("the daemon's status names the database", .step)
        case .diagnose: RemedyPhrase("the diagnosis shows what the system hides", .step)
        case .checkRecovery: RemedyPhrase("look for missing allocations, then remove that file", .step)
        case .changeSetting(_, let change): RemedyPhrase(change, .change)
        // The commands of the system are the same for everybody.
        case .stopUnit(_, .system): RemedyPhrase("systemctl list-sockets shows which unit to stop", .step)
        case .stopUnit(_, .user): RemedyPhrase("systemctl --user list-sockets shows which unit to stop", .step)
        case .stopUnit(let pid, .either):
            RemedyPhrase("systemctl status \(pid) and systemctl --user status \(pid) show which unit to stop", .step)
        case .stopContainer(let port, .docker):
            RemedyPhrase("docker ps --filter publish=\(port) shows the container to stop", .step)
        case .stopContainer(_, .podman): RemedyPhrase("podman ps shows the container to stop", .step)
        case .stopContainer(_, .runtime): RemedyPhrase("crictl ps or nerdctl ps shows the container to stop", .step)
        case .advice(let text): RemedyPhrase(text, .change)
        case .reason(let text): RemedyPhrase(text, .reason)
        }
    }
}

extension Remedy.RestartPurpose {
    /// Completes a sentence about a restart.
    package var effect: String {
        switch self {
        case .changeNamespace: "moves it"
        case .recoverDatabase: "recovers what is readable into a new database"
        case .reopenDatabase: "opens the current file"
        case .readConfiguration: "reads config.yaml again"
        case .readEphemeralRange: "reads the range again"
        }
    }
}

extension [Remedy] {
    /// The remedies in plain words, in one line; `nil` when there are none.
    package var plainWords: String? { map(\.phrase).sentence }

    /// The advice, if there is any.
    package static func advice(_ text: String?) -> [Remedy] { text.map { [.advice($0)] } ?? [] }
}
