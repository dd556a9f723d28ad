import PortAPI
import PortModel
import PortRegistry

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension GroupBody {
    init(_ group: PortGroup) {
        self.init(
            id: group.id,
            createdAt: group.createdAt.formatted(.iso8601),
            allocations: group.allocations.map(AllocationBody.init),
            warnings: group.warnings.isEmpty ? nil : group.warnings
        )
    }
}
