package import PortModel

extension RemedyDTO {
    /// The remedies without values, by the names of their actions.
    private static let actions: [String: Remedy] = [
        "any_port": .anyPort, "choose_port": .choosePort, "name_port": .namePort,
        "allow_another_port": .allowAnotherPort, "other_range": .otherRange,
        "request_fewer_ports": .requestFewerPorts, "non_contiguous": .nonContiguous, "force": .force,
        "spell_out": .spellOut, "other_database": .otherDatabase,
        "list_allocations": .listAllocations, "list_services": .listServices, "list_groups": .listGroups,
        "retry": .retry, "start_daemon": .startDaemon, "stop_daemon": .stopDaemon, "find_database": .findDatabase,
        "diagnose": .diagnose,
    ]
    private static let names = Dictionary(uniqueKeysWithValues: actions.map { ($1, $0) })

    /// Creates the form on the wire.
    package init(_ remedy: Remedy) {
        self.init(action: Self.names[remedy] ?? "")
        switch remedy {
        case .anyPort, .choosePort, .namePort, .allowAnotherPort, .otherRange, .requestFewerPorts, .nonContiguous,
            .force, .spellOut, .otherDatabase, .listAllocations, .listServices, .listGroups, .retry,
            .startDaemon, .stopDaemon, .findDatabase, .diagnose:
            break
        case .adopt(let port, let identity):
            (action, self.port) = ("adopt", Int(port.number))
            name(identity)
        case .kill(let port, let pid): (action, self.port, self.pid) = ("kill", Int(port.number), pid.map(Int.init))
        case .killIfOccupied(let port): (action, self.port) = ("kill_if_occupied", Int(port.number))
        case .releasePort(let port): (action, self.port) = ("release", Int(port.number))
        case .release(let identity):
            action = "release"
            name(identity)
        case .releaseUnneeded(let app, let instance):
            (action, self.app, self.instance) = ("release_unneeded", app, instance)
        case .move(let identity):
            action = "move"
            name(identity)
        case .showListeners(let port): (action, self.port) = ("show_listeners", Int(port.number))
        case .showHistory(let port): (action, self.port) = ("show_history", Int(port.number))
        case .restart(let purpose): (action, self.purpose) = ("restart", purpose.rawValue)
        case .checkRecovery(let path): (action, self.path) = ("check_recovery", path)
        case .changeSetting(let setting, let text):
            (action, self.setting, self.text) = ("change_setting", setting, text)
        case .stopUnit(let pid, let manager):
            (action, self.pid, self.manager) = ("stop_unit", Int(pid), manager.rawValue)
        case .stopContainer(let port, let engine):
            (action, self.port, self.engine) = ("stop_container", Int(port.number), engine.rawValue)
        case .advice(let text): (action, self.text) = ("advice", text)
        case .reason(let text): (action, self.text) = ("reason", text)
        }
    }

    private mutating func name(_ identity: ServiceIdentity) {
        (app, instance, service) = (identity.app, identity.instance, identity.service)
    }

    /// The remedy; `nil` for an action or a value of a newer daemon.
    package var remedy: Remedy? {
        let port = port.flatMap { Port("\($0)") }
        switch action {
        case "adopt": return port.flatMap { port in identity.map { .adopt(port, $0) } }
        case "kill": return port.map { .kill($0, pid: pid.flatMap { Int32(exactly: $0) }) }
        case "kill_if_occupied": return port.map { .killIfOccupied($0) }
        case "release": return port.map { .releasePort($0) } ?? identity.map { .release($0) }
        case "release_unneeded":
            guard let app, let instance else { return nil }
            return .releaseUnneeded(app: app, instance: instance)
        case "move": return identity.map { .move($0) }
        case "show_listeners": return port.map { .showListeners($0) }
        case "show_history": return port.map { .showHistory($0) }
        case "restart": return purpose.flatMap(Remedy.RestartPurpose.init).map { .restart($0) }
        case "check_recovery": return path.map { .checkRecovery(damaged: $0) }
        case "change_setting":
            guard let setting, let text else { return nil }
            return .changeSetting(setting, text)
        case "stop_unit":
            guard let pid = pid.flatMap({ Int32(exactly: $0) }) else { return nil }
            return manager.flatMap(Remedy.ServiceManager.init).map { .stopUnit(pid: pid, of: $0) }
        case "stop_container":
            guard let port else { return nil }
            return engine.flatMap(Remedy.ContainerEngine.init).map { .stopContainer(port, engine: $0) }
        case "advice": return text.map { .advice($0) }
        case "reason": return text.map { .reason($0) }
        default: return Self.actions[action]
        }
    }

    private var identity: ServiceIdentity? {
        guard let app, let instance, let service else { return nil }
        return try? ServiceIdentity(app: app, instance: instance, service: service)
    }
}

extension [RemedyDTO] {
    /// The remedies as `nil` instead of an empty list.
    package init?(_ remedies: [Remedy]) {
        guard !remedies.isEmpty else { return nil }
        self = remedies.map(RemedyDTO.init)
    }

    /// The remedies; `nil` when a newer daemon sent one that is unknown here, because the rest may mislead.
    package var remedies: [Remedy]? {
        let known = compactMap(\.remedy)
        return known.count == count ? known : nil
    }
}
