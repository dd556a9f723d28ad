import PortAPI
import PortModel
import PortRegistry

extension GroupRequest {
    /// Throws `invalid_request`, `invalid_name`, `invalid_ttl` or `invalid_owner`.
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
        project = try body.project.map { body throws(RegistryError) in try Project.Directories(body) }
        tags = body.tags
        metadata = body.metadata
    }
}
