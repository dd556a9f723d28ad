package import PortModel

/// Selects the process that a kill may signal: a pure decision from what the kernel reports about a port.
package enum KillPolicy {
    /// Returns the process to signal: the occupier with `pid`, else the only occupier, else the one that all others
    /// descend from. `protected` are the registry's own processes, by pid; `callers` are the processes that make the
    /// request, and their ancestors. Throws `not_listening`, `occupier_unknown`, `not_the_occupier`,
    /// `several_occupiers` or `protected_process`.
    package static func target(
        on port: Port,
        occupancy: Occupancy?,
        pid: Int32?,
        protected: [Int32: ProtectedProcess],
        callers: Set<Int32> = []
    ) throws(RegistryError) -> Occupier {
        guard let occupancy else {
            throw RegistryError(.notListening, "nobody listens on port \(port)", subject: "\(port)")
        }
        let occupiers = occupancy.occupiers
        guard !occupiers.isEmpty else {
            let users = Set(occupancy.listeners.map(\.userID)).sorted().map(String.init).joined(separator: ", ")
            throw RegistryError(
                .occupierUnknown,
                "an unknown process of user id \(users) listens on port \(port)",
                subject: "\(port)",
                remedies: [.advice("stop it as that user, or in the container that it runs in")]
            )
        }
        guard occupancy.isComplete || pid != nil else {
            throw RegistryError(
                .occupierUnknown,
                "\(Occupier.names(of: occupiers)) listens on port \(port), and so does an unknown process",
                subject: "\(port)",
                remedies: [
                    .advice("ending one of them would not close the port; to end it anyway, name its pid")
                ]
            )
        }
        let target: Occupier
        if let pid {
            guard let named = occupiers.first(where: { $0.pid == pid }) else {
                throw RegistryError(
                    .notTheOccupier,
                    "process \(pid) does not listen on port \(port): \(Occupier.names(of: occupiers)) does",
                    subject: "\(pid)",
                    remedies: [.showListeners(port)]
                )
            }
            target = named
        } else if let root = occupiers.first(where: { isAncestor($0, ofAll: occupiers) }) {
            target = root
        } else {
            throw RegistryError(
                .severalOccupiers,
                "several processes listen on port \(port): \(Occupier.names(of: occupiers))",
                subject: "\(port)",
                remedies: [.advice("name one by its pid")]
            )
        }
        if let forwarder = Forwarder(target), protected[target.pid] == nil {
            throw RegistryError(
                .protectedProcess,
                "\(Occupier.names(of: [target])) \(forwarder.description)",
                subject: "\(target.pid)",
                remedies: [forwarder.remedy(for: port, pid: target.pid)]
            )
        }
        let own = protected[target.pid]
        guard target.pid > 1, own == nil else {
            let description =
                switch own {
                case .daemon: "the port registry itself"
                case .caller: "the calling program"
                case nil: "process \(target.pid)"
                }
            throw RegistryError(
                .protectedProcess,
                "refusing to kill \(description)",
                subject: "\(target.pid)",
                remedies: own == .daemon ? [.stopDaemon] : []
            )
        }
        guard !callers.contains(target.pid) else {
            throw RegistryError(
                .protectedProcess,
                "refusing to kill \(Occupier.names(of: [target])): this request comes from it, or from a process "
                    + "that it started",
                subject: "\(target.pid)",
                remedies: [.reason("in a terminal that it did not start"), .kill(port, pid: pid)]
            )
        }
        return target
    }

    /// Whether a caller may kill a process without being asked: only if both have the same project, which is a git
    /// checkout or, without git, a directory. Takes the directories of the projects; `nil` for an unknown one. Only
    /// equal directories count: a process in a project below this one, such as a submodule, belongs to that project.
    package static func isOwn(projectOfProcess: String?, projectOfCaller: String) -> Bool {
        projectOfProcess == projectOfCaller
    }

    /// Whether all other occupiers descend from `occupier`.
    private static func isAncestor(_ occupier: Occupier, ofAll occupiers: [Occupier]) -> Bool {
        occupiers.allSatisfy { $0.pid == occupier.pid || $0.ancestors.contains(occupier.pid) }
    }
}
