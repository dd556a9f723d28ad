package import PortModel

/// Whom a kill may hit: a pure decision over what the kernel tells of a port.
package enum KillPolicy {
    /// The one process to be signalled: the one that `pid` names, else the only occupier, else the one from which all
    /// others descend. `protected` are the registry's own. Throws `not_listening`, `occupier_unknown`,
    /// `not_the_occupier`, `several_occupiers` or `protected_process`.
    package static func victim(
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
                "\(names(of: occupiers)) listens on port \(port), and a process that is unknown does, too",
                subject: "\(port)",
                hint: "ending one would not close the port; to end it all the same, name its pid"
            )
        }
        let victim: Occupier
        if let pid {
            guard let named = occupiers.first(where: { $0.pid == pid }) else {
                throw RegistryError(
                    .notTheOccupier,
                    "process \(pid) does not listen on port \(port): \(names(of: occupiers)) does",
                    subject: "\(pid)",
                    hint: "portctl who \(port)"
                )
            }
            victim = named
        } else if let root = occupiers.first(where: { isAbove($0, all: occupiers) }) {
            victim = root
        } else {
            throw RegistryError(
                .severalOccupiers,
                "several processes listen on port \(port): \(names(of: occupiers))",
                subject: "\(port)",
                hint: "name one by its pid"
            )
        }
        guard victim.name != "systemd" || !victim.ancestors.isEmpty else {
            throw RegistryError(
                .protectedProcess,
                "\(names(of: [victim])) has the socket for a unit, and the user's session depends on it",
                subject: "\(victim.pid)",
                hint: "systemctl --user list-sockets names the unit to be stopped"
            )
        }
        let own = protected[victim.pid]
        guard victim.pid > 1, own == nil else {
            let what =
                switch own {
                case .daemon: "the port registry itself"
                case .asker: "the program that asks"
                case nil: "process \(victim.pid)"
                }
            throw RegistryError(
                .protectedProcess,
                "\(what) is never killed",
                subject: "\(victim.pid)",
                hint: own == .daemon ? "portctl stop" : nil
            )
        }
        return victim
    }

    private static func isAbove(_ one: Occupier, all: [Occupier]) -> Bool {
        all.allSatisfy { $0.pid == one.pid || $0.ancestors.contains(one.pid) }
    }

    /// `node (pid 12), nginx (pid 13)`.
    package static func names(of occupiers: [Occupier]) -> String {
        occupiers.map { "\($0.name.oneLine) (pid \($0.pid))" }.joined(separator: ", ")
    }
}
