import PortAPI
import PortModel
import PortRegistry

extension GroupBody {
    init(_ group: PortGroup) {
        self.init(
            id: group.id,
            createdAt: group.createdAt.text,
            allocations: group.allocations.map(AllocationBody.init),
            warnings: group.warnings.isEmpty ? nil : group.warnings
        )
    }
}
