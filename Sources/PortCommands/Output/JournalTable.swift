import PortAPI
import PortModel

extension Table {
    /// A row for each journal entry. `withPorts` adds the column PORT, which is superfluous in one port's history;
    /// there, the reasons wrap.
    init(of entries: [JournalEntryDTO], withPorts: Bool = true, for display: Display) {
        var columns: [Column] = [.init("WHEN", rank: 3, isSpare: withPorts && display.isTerminal)]
        if display.isTerminal { columns.append(.init("AGE")) }
        columns.append(.init("WHAT", minimum: 9))
        if withPorts { columns.append(.init("PORT")) }
        columns += [
            .init("SERVICE", rank: 1, minimum: 12), .init("REQUESTED BY", rank: 2, minimum: 16),
            .init("WHY", minimum: 24, cut: .end, wraps: !withPorts),
        ]
        self.init(columns)
        for entry in entries {
            var row: [Cell] = ["\(display.time(entry.at))"]
            if display.isTerminal { row.append("\(display.age(entry.at))") }
            row.append(Cell(entry.action.replacing("_", with: " "), Tone(action: entry.action)))
            if withPorts { row.append(Cell(entry.port.map(String.init) ?? "-")) }
            let service = entry.service.map(ServiceIdentity.machineWideName) ?? "-"
            add(row + [Cell(service), "\(entry.caller) (\(entry.face))", Cell(entry.reason ?? "-")])
        }
    }
}

extension Tone {
    /// The colour of what happened, if it matters: a conflict, or what was refused or ended by force.
    init?(action: String) {
        switch action {
        case "conflict", "killed": self = .conflict
        case "refused", "moved", "lingers", "drifted": self = .lingering
        default: return nil
        }
    }
}
