package import PortAPI

/// Requests of the projects face. All throw the caller's failure.
package struct ProjectOperations<Caller: EndpointCaller> {
    let caller: Caller

    /// Returns the ports of the whole machine.
    package func ports() throws(Caller.CallError) -> ProjectPortsBody { try caller.call(Endpoints.Projects.ports) }

    /// Ends the holds of the face whose owners have exited.
    package func cleanUp() throws(Caller.CallError) -> ProjectCleanupBody {
        try caller.call(Endpoints.Projects.cleanUp, EmptyBody())
    }
}
