import PortAPI
import PortModel

extension Table {
    /// A row for each allocation, in the columns of the original `portctl list`. `wide` adds state, holds, owner
    /// and directory.
    init(of allocations: [AllocationBody], wide: Bool) {
        let documented = ["ID", "APP", "INSTANCE", "SERVICE", "PORT", "CREATED"]
        self.init(wide ? documented + ["STATE", "HOLDS", "OWNER", "DIRECTORY"] : documented)
        for allocation in allocations {
            var row = [
                "\(allocation.id)", allocation.app, allocation.instance, allocation.service, "\(allocation.port)",
                allocation.creationTime,
            ]
            if wide {
                let holds = allocation.holds ?? []
                row += [
                    allocation.stateWithOccupiers,
                    holds.isEmpty ? "-" : holds.map(\.summary).joined(separator: ", "),
                    Self.owners(holds),
                    allocation.directory ?? "-",
                ]
            }
            add(row)
        }
    }
}

extension Table {
    /// The owners' pids: `4242`, `4242 (exited)`; `-` without owners.
    private static func owners(_ holds: [HoldDTO]) -> String {
        let owners = holds.compactMap { hold in
            hold.ownerPID.map { hold.ownerAlive == true ? "\($0)" : "\($0) (exited)" }
        }
        return owners.isEmpty ? "-" : owners.joined(separator: ", ")
    }
}

extension HoldDTO {
    /// The kind and the remaining time: `permanent`, `process`, `ttl (212s left)`.
    fileprivate var summary: String { kind + (secondsLeft.map { " (\($0)s left)" } ?? "") }
}

extension AllocationBody {
    /// The state, and the occupiers of a port in conflict: `active`, `conflict: nginx (pid 12)`.
    fileprivate var stateWithOccupiers: String {
        guard state == "conflict", let occupiers else { return state ?? "-" }
        return "conflict: " + occupiers.map(\.description.oneLine).joined(separator: ", ")
    }

    /// The time of creation in UTC: `2025-02-08 15:04:05`.
    fileprivate var creationTime: String {
        String(createdAt.map { $0 == "T" ? " " : $0 }.prefix { $0 != "Z" })
    }
}
