import HTTPTypes
import Hummingbird
import PortAPI
import PortModel
import PortRegistry

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension ListenerBody {
    init(_ report: ListenerReport, registry: Registry) {
        let listener = report.listener
        self.init(
            port: Int(listener.port.number),
            address: listener.address,
            userID: listener.userID,
            processes: listener.occupiers.map(ProcessDTO.init),
            project: report.project.map { "\($0.app)/\($0.instance)" },
            allocation: report.allocation.map {
                var body = AllocationBody($0, registry: registry)
                // They are this listener's own processes.
                body.occupiers = nil
                return body
            }
        )
    }
}

extension ProcessDTO {
    init(_ occupier: Occupier) {
        self.init(pid: occupier.pid, name: occupier.name, command: occupier.commandLine, directory: occupier.directory)
    }
}

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
