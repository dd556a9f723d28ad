internal import PortAPI

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
                    allocation.state ?? "-",
                    holds.isEmpty ? "-" : holds.map(\.kind).joined(separator: ","),
                    "-",
                    allocation.folder ?? "-",
                ]
            }
            add(row)
        }
    }
}

extension AllocationBody {
    /// `2025-02-08 15:04:05`, UTC as on the wire.
    fileprivate var createdForPeople: String {
        String(createdAt.map { $0 == "T" ? " " : $0 }.prefix { $0 != "Z" })
    }
}
