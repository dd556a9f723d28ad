package import PortAPI

/// Requests about groups of allocations. All throw the caller's failure.
package struct GroupOperations<Caller: EndpointCaller> {
    let caller: Caller

    /// Allocates several ports, or none.
    package func create(_ body: GroupRequestBody) throws(Caller.CallError) -> GroupBody {
        try caller.call(Endpoints.Groups.create, body)
    }

    /// Returns the groups of an app and instance.
    package func list(_ query: AllocationQuery = AllocationQuery()) throws(Caller.CallError) -> [GroupBody] {
        try caller.call(Endpoints.Groups.list, query)
    }

    /// Ends the allocations of a group.
    package func release(id: String) throws(Caller.CallError) -> GroupBody {
        try caller.call(Endpoints.Groups.release, at: [id])
    }
}
