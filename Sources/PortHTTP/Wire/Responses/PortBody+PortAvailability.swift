import PortAPI
import PortModel
import PortRegistry

extension PortBody {
    init(_ port: Port, inUse: Bool, availability: PortAvailability) {
        self.init(port: Int(port.number), available: false, inUse: inUse)
        switch availability {
        case .available(let warnings):
            available = true
            self.warnings = warnings.isEmpty ? nil : warnings
        case .allocated(let allocation): holder = AllocationBody(allocation)
        case .inUse: break
        }
    }
}
