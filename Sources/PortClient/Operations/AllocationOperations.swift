package import PortAPI

/// Requests about allocations. All throw the caller's failure.
package struct AllocationOperations<Caller: EndpointCaller> {
    let caller: Caller

    /// Allocates a port.
    package func create(_ body: AllocateBody) throws(Caller.CallError) -> AllocationBody {
        try caller.call(Endpoints.Allocations.create, body)
    }

    /// Returns the allocations that the query names.
    package func list(_ query: AllocationQuery) throws(Caller.CallError) -> [AllocationBody] {
        try caller.call(Endpoints.Allocations.list, query)
    }

    /// Ends one allocation. The answer has it, as it was.
    package func release(id: Int64) throws(Caller.CallError) -> ReleasedBody {
        try caller.call(Endpoints.Allocations.release, at: ["\(id)"], ReleaseQuery(wide: true))
    }

    /// Ends the allocations that match.
    package func release(matching filter: FilterBody) throws(Caller.CallError) -> DeletedBody {
        try caller.call(Endpoints.Allocations.releaseMatching, filter)
    }

    /// Ends all holds of a face.
    package func releaseHolds(_ body: FaceHoldsBody) throws(Caller.CallError) -> DeletedBody {
        try caller.call(Endpoints.Allocations.releaseHolds, body)
    }

    /// Renews the holds of a face on one allocation.
    package func heartbeat(id: Int64, _ body: HeartbeatBody) throws(Caller.CallError) -> AllocationBody {
        try caller.call(Endpoints.Allocations.heartbeat, at: ["\(id)"], body)
    }

    /// Allocates a certain port, and kills its listener if the body says so.
    package func reserve(_ body: ReserveBody) throws(Caller.CallError) -> ReservationBody {
        try caller.call(Endpoints.Allocations.reserve, body)
    }

    /// Deletes the remembered port of a service.
    package func forget(_ body: ForgetBody) throws(Caller.CallError) -> ForgottenBody {
        try caller.call(Endpoints.Allocations.forget, body)
    }

    /// Ends the allocations whose owners have exited.
    package func prune(_ body: PruneRequestBody) throws(Caller.CallError) -> PruneBody {
        try caller.call(Endpoints.Allocations.prune, body)
    }

    /// Takes over what services had in another system.
    package func importEntries(_ body: ImportRequestBody) throws(Caller.CallError) -> ImportBody {
        try caller.call(Endpoints.Allocations.importEntries, body)
    }
}
