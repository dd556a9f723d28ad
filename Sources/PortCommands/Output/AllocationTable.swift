import PortAPI
import PortModel

extension Table {
    /// A row for each allocation, in the columns of the original `portctl list`. `wide` adds state, holds, owner
    /// and directory, in a terminal the age as well, and puts conflicts first.
    init(of allocations: [AllocationBody], wide: Bool, for display: Display) {
        let conflicts = wide ? allocations.filter { $0.state == "conflict" } : []
        let others = wide ? allocations.filter { $0.state != "conflict" } : allocations
        var columns: [Column] = [
            .init("ID", rank: 6), .init("APP", minimum: 8), .init("INSTANCE", minimum: 8),
            .init("SERVICE", minimum: 8), .init("PORT"), .init("CREATED", rank: 7, isSpare: wide && display.isTerminal),
        ]
        if wide {
            if display.isTerminal { columns.append(.init("AGE", rank: 3)) }
            columns += [
                .init("STATE", minimum: conflicts.isEmpty ? 12 : 32, cut: .end), .init("HOLDS", rank: 1, minimum: 12),
                .init("OWNER", rank: 4, minimum: 8), .init("DIRECTORY", rank: 2, minimum: 18),
            ]
        }
        self.init(columns)
        for allocation in conflicts + others {
            var row: [Cell] = ["\(allocation.id)"]
            row += allocation.names(for: display).map { Cell($0) }
            row += [Cell(allocation.portText), "\(display.time(allocation.createdAt))"]
            if wide {
                if display.isTerminal { row.append("\(display.age(allocation.createdAt))") }
                let holds = allocation.holds ?? []
                row += [
                    Cell(state: allocation.state, more: allocation.conflictingOccupiers, for: display),
                    Cell(holds.isEmpty ? "-" : holds.map(\.summary).joined(separator: ", ")),
                    Cell(Self.owners(holds)),
                    Cell(allocation.directory.map(display.path) ?? "-"),
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
    /// App, instance and service. In a terminal, a machine-wide name stands alone, as it was typed.
    fileprivate func names(for display: Display) -> [String] {
        display.isTerminal && isMachineWide ? [app, "-", "-"] : [app, instance, service]
    }

    /// The occupiers of a port in conflict, to follow the state: `: nginx (pid 12)`; empty without any.
    fileprivate var conflictingOccupiers: String {
        guard state == "conflict", let occupiers else { return "" }
        return ": " + occupiers.map(\.description.oneLine).joined(separator: ", ")
    }
}
