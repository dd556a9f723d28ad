package import PortModel

/// Whom a kill may hit: a pure decision over what the kernel tells of a port.
package enum KillPolicy {
    /// The one process to be signalled: the one that `pid` names, else the only occupier, else the one from which all
    /// others descend. `protected` are the registry's own. Throws `not_listening`, `occupier_unknown`,
    /// `not_the_occupier`, `several_occupiers` or `protected_process`.
    package static func target(
        on port: Port,
        occupancy: Occupancy?,
        pid: Int32?,
        protected: [Int32: ProtectedProcess]
    ) throws(RegistryError) -> Occupier {
        guard let occupancy else {
            throw RegistryError(.notListening, "nobody listens on port \(port)", subject: "\(port)")
        }
        let occupiers = occupancy.occupiers
        guard !occupiers.isEmpty else {
            let users = Set(occupancy.listeners.map(\.userID)).sorted().map(String.init).joined(separator: ", ")
            throw RegistryError(
                .occupierUnknown,
                "which process of user id \(users) listens on port \(port) is unknown",
                subject: "\(port)",
                hint: "another user's process, or one in a container, is theirs to stop"
            )
        }
        guard occupancy.isComplete || pid != nil else {
            throw RegistryError(
                .occupierUnknown,
                "\(Occupier.names(of: occupiers)) listens on port \(port), and a process that is unknown does, too",
                subject: "\(port)",
                hint: "ending one would not close the port; to end it all the same, name its pid"
            )
        }
        let target: Occupier
        if let pid {
            guard let named = occupiers.first(where: { $0.pid == pid }) else {
                throw RegistryError(
                    .notTheOccupier,
                    "process \(pid) does not listen on port \(port): \(Occupier.names(of: occupiers)) does",
                    subject: "\(pid)",
                    hint: "portctl who \(port)"
                )
            }
            target = named
        } else if let root = occupiers.first(where: { isAbove($0, all: occupiers) }) {
            target = root
        } else {
            throw RegistryError(
                .severalOccupiers,
                "several processes listen on port \(port): \(Occupier.names(of: occupiers))",
                subject: "\(port)",
                hint: "name one by its pid"
            )
        }
        guard target.name != "systemd" || !target.ancestors.isEmpty else {
            throw RegistryError(
                .protectedProcess,
                "\(Occupier.names(of: [target])) has the socket for a unit, and the user's session depends on it",
                subject: "\(target.pid)",
                hint: "systemctl --user list-sockets names the unit to be stopped"
            )
        }
        let own = protected[target.pid]
        guard target.pid > 1, own == nil else {
            let what =
                switch own {
                case .daemon: "the port registry itself"
                case .caller: "the program that asks"
                case nil: "process \(target.pid)"
                }
            throw RegistryError(
                .protectedProcess,
                "\(what) is never killed",
                subject: "\(target.pid)",
                hint: own == .daemon ? "portctl stop" : nil
            )
        }
        return target
    }

    private static func isAbove(_ one: Occupier, all: [Occupier]) -> Bool {
        all.allSatisfy { $0.pid == one.pid || $0.ancestors.contains(one.pid) }
    }
}
