import PortAPI
import PortModel
import PortRegistry

extension JournalEntryDTO {
    init(_ entry: JournalEntry) {
        self.init(
            at: entry.at.text,
            action: entry.action.rawValue,
            face: entry.caller.face.rawValue,
            caller: entry.caller.name,
            service: entry.identity?.description,
            port: entry.port.map { Int($0.number) },
            reason: entry.reason
        )
    }
}
