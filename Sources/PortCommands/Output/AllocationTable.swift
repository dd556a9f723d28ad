import PortAPI
import PortModel

extension Table {
    /// Seed 002's columns; `wide` adds what the registry knows beside them.
    init(of allocations: [AllocationBody], wide: Bool) {
        let documented = ["ID", "APP", "INSTANCE", "SERVICE", "PORT", "CREATED"]
        self.init(wide ? documented + ["STATE", "HOLDS", "OWNER", "FOLDER"] : documented)
        for allocation in allocations {
            var row = [
                "\(allocation.id)", allocation.app, allocation.instance, allocation.service, "\(allocation.port)",
                allocation.createdForPeople,
            ]
            if wide {
                let holds = allocation.holds ?? []
                row += [
                    allocation.stateWithStranger,
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
    /// `4242`, `4242 (exited)`; `-` without owners.
    private static func owners(_ holds: [HoldDTO]) -> String {
        let owners = holds.compactMap { hold in
            hold.ownerPID.map { hold.ownerAlive == true ? "\($0)" : "\($0) (exited)" }
        }
        return owners.isEmpty ? "-" : owners.joined(separator: ", ")
    }
}

extension HoldDTO {
    /// `permanent`, `process`, `ttl (212s left)`.
    fileprivate var summary: String { kind + (secondsLeft.map { " (\($0)s left)" } ?? "") }
}

extension AllocationBody {
    /// `active`; `conflict: nginx (pid 12)`.
    fileprivate var stateWithStranger: String {
        guard state == "conflict", let occupiers else { return state ?? "-" }
        return "conflict: " + occupiers.map(\.description.oneLine).joined(separator: ", ")
    }

    /// `2025-02-08 15:04:05`, UTC as on the wire.
    fileprivate var createdForPeople: String {
        String(createdAt.map { $0 == "T" ? " " : $0 }.prefix { $0 != "Z" })
    }
}
