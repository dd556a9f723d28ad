import PortAPI
import PortModel
import PortRegistry

extension PortBody {
    init(_ port: Port, inUse: Bool, uses: [PortUse], availability: PortAvailability) {
        self.init(port: Int(port.number), available: false, inUse: inUse)
        self.uses = uses.isEmpty ? nil : uses.map(PortUseBody.init)
        switch availability {
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
