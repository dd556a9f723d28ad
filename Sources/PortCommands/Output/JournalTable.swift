import PortAPI
import PortModel

extension Table {
    /// A row for each journal entry. `withPorts` adds the column PORT, which is superfluous in one port's history.
    init(of entries: [JournalEntryDTO], withPorts: Bool = true) {
        self.init(["WHEN", "WHAT"] + (withPorts ? ["PORT"] : []) + ["SERVICE", "REQUESTED BY", "WHY"])
        for entry in entries {
            let when = String(entry.at.map { $0 == "T" ? " " : $0 }.prefix { $0 != "Z" })
            let port = withPorts ? [entry.port.map(String.init) ?? "-"] : []
            let caller = "\(entry.caller) (\(entry.face))"
            add(
                [when, entry.action.replacing("_", with: " ")] + port + [
                    entry.service ?? "-", caller, entry.reason ?? "-",
                ]
            )
        }
    }
}
