import PortAPI
import PortModel
import PortRegistry

extension AllocationRequest {
    /// Throws `invalid_request`, `invalid_name`, `invalid_port`, `invalid_ttl` or `invalid_owner`.
    init(_ body: AllocateBody, face: Face) throws {
        self.init(
            identity: try ServiceIdentity(
                app: body.app ?? "",
                instance: body.instance ?? "",
                service: body.service ?? ""
            )
        )
        port = try Port(optional: body.port)
        preferred = try Port(optional: body.preferred)
        pool = try PortPool(named: body.range)
        whenAllocated = try WhenAllocated(body)
        hold = try RequestedHold(
            face: face,
            ttl: body.ttlSeconds,
            ownerPID: body.ownerPID,
            grace: body.graceSeconds,
            ownerIsOptional: body.ownerOptional ?? false
        )
        adopt = body.adopt ?? false
        strict = body.strict ?? false
        project = try body.project.map { body throws(RegistryError) in try Project.Directories(body) }
        tags = body.tags
        metadata = body.metadata
        wantsVariables = body.variables ?? false
    }
}

extension AllocationRequest.WhenAllocated {
    /// Throws `invalid_request` when the flags contradict each other.
    init(_ body: AllocateBody) throws(RegistryError) {
        if body.move == true {
            guard body.exclusive == true, body.further != true else {
                throw RegistryError(.invalidRequest, "move needs exclusive", subject: "move")
            }
            self = .moveIdle
            return
        }
        switch (body.ensure ?? false, body.exclusive ?? false, body.further ?? false) {
        case (false, false, false): self = .refuse
        case (true, false, false): self = .share
        case (_, true, false): self = .takeIdle
        case (false, false, true): self = .further
        default:
            throw RegistryError(
                .invalidRequest,
                "further cannot be combined with ensure or exclusive",
                subject: "further"
            )
        }
    }
}
