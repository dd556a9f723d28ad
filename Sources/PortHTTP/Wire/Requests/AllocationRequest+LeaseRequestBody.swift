import PortAPI
import PortModel
import PortRegistry

extension AllocationRequest {
    /// Requests a further port for each call, as PortManager's leases do. Throws `invalid_name` or `invalid_ttl`.
    init(_ body: LeaseRequestBody) throws(RegistryError) {
        self.init(identity: try ServiceIdentity(machineWide: body.serviceName ?? ""))
        whenAllocated = .further
        hold = try RequestedHold(face: .leases, ttl: body.ttlSeconds, ownerPID: nil, grace: nil)
        tags = body.tags
    }
}
