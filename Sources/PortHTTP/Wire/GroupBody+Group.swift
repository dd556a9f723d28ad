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

extension GroupRequest {
    init(_ body: GroupRequestBody, face: Face) throws(RegistryError) {
        guard let count = body.count else {
            throw RegistryError(.invalidRequest, "count is missing", subject: "count")
        }
        try self.init(count: count, roles: body.roles ?? [], app: body.app ?? "", instance: body.instance ?? "")
        pool = try PortPool(named: body.range)
        isContiguous = body.contiguous ?? false
        hold = try RequestedHold(
            face: face,
            ttl: body.ttlSeconds,
            ownerPID: body.ownerPID,
            grace: body.graceSeconds
        )
        project = try body.project.map { body throws(RegistryError) in try ProjectDirectory(body) }
        tags = body.tags
        metadata = body.metadata
    }
}

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
