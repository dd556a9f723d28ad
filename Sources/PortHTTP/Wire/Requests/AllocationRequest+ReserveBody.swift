import PortAPI
import PortModel
import PortRegistry

extension AllocationRequest {
    /// Requests a specific port. Throws like ``init(_:face:)``.
    init(_ body: ReserveBody, face: Face) throws {
        try self.init(body.request, face: face)
        // A name may have several ports. What counts is whether one of them is the requested port.
        whenAllocated = .furtherUnlessHeld
        adopt = false
    }
}
