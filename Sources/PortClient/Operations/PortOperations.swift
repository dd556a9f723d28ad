package import PortAPI

/// Requests about ports and their listeners. All throw the caller's failure.
package struct PortOperations<Caller: EndpointCaller> {
    let caller: Caller

    /// Returns whether a port is free, and who has it.
    package func check(_ port: Int) throws(Caller.CallError) -> PortBody {
        try caller.call(Endpoints.Ports.check, at: ["\(port)"])
    }

    /// Returns the sockets that listen on a port, or on all for `nil`.
    package func listeners(on port: Int? = nil) throws(Caller.CallError) -> [ListenerBody] {
        try caller.call(Endpoints.Ports.listeners, ListenerQuery(port: port))
    }

    /// Returns the UDP sockets that are bound to a port. An older daemon does not know the query and returns listeners,
    /// which are left out.
    package func udpSockets(on port: Int) throws(Caller.CallError) -> [ListenerBody] {
        try caller.call(Endpoints.Ports.listeners, ListenerQuery(port: port, transport: "udp"))
            .filter { $0.transport == "udp" }
    }

    /// Returns whether what listens on a port is one of a project's services.
    package func verdict(on port: Int, _ query: VerdictQuery) throws(Caller.CallError) -> VerdictBody {
        try caller.call(Endpoints.Ports.verdict, at: ["\(port)"], query)
    }

    /// Kills the process that listens on a port, or says which one it is.
    package func kill(_ port: Int, _ body: KillRequestBody) throws(Caller.CallError) -> KillBody {
        try caller.call(Endpoints.Ports.kill, at: ["\(port)"], body)
    }

    /// Returns the newest journal entries about a port, newest first.
    package func journal(of port: Int) throws(Caller.CallError) -> [JournalEntryDTO] {
        try caller.call(Endpoints.Ports.journal, at: ["\(port)"])
    }
}
