import PortAPI
import PortModel
import PortRegistry

extension AllocationRequest {
    /// Requests the project's port, as get-port does. `owner` is the value of the header ``OwnerPID/header``. Throws
    /// `invalid_name`, `invalid_port` or `invalid_owner`.
    init(_ body: ProjectRequestBody, owner: String?) throws(RegistryError) {
        self.init(identity: try ServiceIdentity(machineWide: body.project ?? ""))
        preferred = try Port(optional: body.preferred)
        whenAllocated = .share
        hold = try RequestedHold(
            face: .projects,
            ttl: nil,
            ownerPID: OwnerPID.number(in: owner ?? ""),
            grace: nil
        )
    }
}
