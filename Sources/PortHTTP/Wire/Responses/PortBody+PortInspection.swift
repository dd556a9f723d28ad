import PortAPI
import PortModel
import PortRegistry

extension PortBody {
    init(_ inspection: PortInspection, now: Uptime) {
        self.init(port: Int(inspection.port.number), available: false, inUse: inspection.isInUse)
        uses = inspection.uses.isEmpty ? nil : inspection.uses.map(PortUseBody.init)
        listeners = inspection.listeners.isEmpty ? nil : inspection.listeners.map { ListenerBody($0, now: now) }
        switch inspection.availability {
        case .available(let warnings):
            available = true
            self.warnings = warnings.isEmpty ? nil : warnings
        case .allocated(let allocation): holder = AllocationBody(allocation)
        case .inUse: break
        }
    }
}

extension PortUseBody {
    init(_ use: PortUse) {
        self.init(
            address: use.address,
            peer: use.peer,
            userID: use.userID,
            processes: use.occupiers.map(ProcessDTO.init)
        )
    }
}
