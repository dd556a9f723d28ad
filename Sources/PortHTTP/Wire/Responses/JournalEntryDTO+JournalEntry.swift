import PortAPI
import PortModel
import PortRegistry

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension JournalEntryDTO {
    init(_ entry: JournalEntry) {
        self.init(
            at: entry.at.formatted(.iso8601),
            action: entry.action.rawValue,
            face: entry.caller.face.rawValue,
            caller: entry.caller.name,
            service: entry.identity?.description,
            port: entry.port.map { Int($0.number) },
            reason: entry.reason
        )
    }
}
