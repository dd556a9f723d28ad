import PortAPI
import PortModel

extension ProjectCleanupBody {
    /// `allocations` are those that were released.
    init(_ allocations: [Allocation]) {
        self.init(
            freed: allocations.map { Freed(port: Int($0.port.number), project: $0.identity.machineWideName) }
        )
    }
}
