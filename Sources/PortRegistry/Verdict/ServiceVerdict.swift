package import PortModel

/// The verdict on all who listen on the port of a service.
package struct ServiceVerdict: Hashable, Sendable {
    /// What counts: foreign if one of the listeners that the service's address reaches is, else unknown if one is.
    package let verdict: Verdict
    /// The verdict on each process that listens, in the order of the listeners; those that decide first.
    package let listeners: [ListenerVerdict]

    /// Nobody listens.
    package static let none = ServiceVerdict(listeners: [])

    /// Combines the verdicts on all listeners of a port. `address` is the address through which the service is reached;
    /// `nil` for `localhost`.
    init(listeners: [ListenerVerdict], address: LocalAddress? = nil) {
        let sockets = Set(listeners.map { LocalAddress.Socket($0.listener) })
        let found = (address ?? .localhost).reached(among: sockets)
        let reached = listeners.filter { found.contains(LocalAddress.Socket($0.listener)) }
        // A service that listens on another local address alone is reached there.
        let deciding = reached.isEmpty && address == nil ? listeners : reached
        let verdict = Verdict(ofAll: deciding.map(\.verdict))
        self.verdict = verdict
        self.listeners =
            deciding.filter { $0.verdict == verdict } + deciding.filter { $0.verdict != verdict }
            + listeners.filter { !deciding.contains($0) }
    }

    /// The listener that decides; `nil` when nobody listens.
    package var deciding: ListenerVerdict? { verdict == .none ? nil : listeners.first }

    /// Whether those who listen are proven to be this service's, and not only its project's.
    var isOfOneService: Bool {
        guard verdict == .mine else { return false }
        switch deciding?.reason {
        case .owner, .descendant, .marked, .adopted, .provenBefore: return true
        default: return false
        }
    }

    /// The names of those who are not the service: `node (pid 12)`, or `a process of user id 1001`.
    package var foreignNames: String {
        if !foreignProcesses.isEmpty { return Occupier.names(of: foreignProcesses) }
        let user = listeners.first { $0.verdict == .foreign }?.listener.userID
        return user.map { "a process of user id \($0)" } ?? "nobody"
    }

    /// The verdict on the process with `pid`; `nil` when it does not listen.
    package func verdict(on pid: Int32) -> Verdict? {
        let found = listeners.filter { $0.process?.pid == pid }.map(\.verdict)
        return found.isEmpty ? nil : Verdict(ofAll: found)
    }

    /// The processes that are not the service's own.
    package var foreignProcesses: [Occupier] {
        var seen: Set<Int32> = []
        return listeners.filter { $0.verdict == .foreign }.compactMap(\.process)
            .filter { seen.insert($0.pid).inserted }
    }
}
