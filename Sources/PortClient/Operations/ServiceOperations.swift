package import PortAPI

/// Requests about services by name. All throw the caller's failure.
package struct ServiceOperations<Caller: EndpointCaller> {
    let caller: Caller

    /// Finds the service that a name means.
    package func lookUp(_ name: String, in scope: ServiceQuery) throws(Caller.CallError) -> ServiceBody {
        try caller.call(Endpoints.Services.lookUp, at: [name], scope)
    }

    /// Returns whether what listens on the ports of the service that a name means is that service.
    package func verdict(on name: String, in scope: ServiceQuery) throws(Caller.CallError) -> VerdictBody {
        try caller.call(Endpoints.Services.verdict, at: [name], scope)
    }

    /// Returns whether what listens on the ports of a project's services are those services.
    package func verdicts(_ query: VerdictQuery) throws(Caller.CallError) -> VerdictBody {
        try caller.call(Endpoints.Services.verdicts, query)
    }

    /// Waits until the services listen, or the body's time is up.
    package func wait(_ body: WaitRequestBody) throws(Caller.CallError) -> WaitBody {
        try caller.call(Endpoints.Services.wait, body)
    }

    /// Ends the allocations of the service that a name means.
    package func release(_ name: String, in scope: ServiceQuery) throws(Caller.CallError) -> ServiceBody {
        try caller.call(Endpoints.Services.release, at: [name], scope)
    }
}
