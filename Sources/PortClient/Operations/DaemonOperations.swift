package import PortAPI

/// Requests about the daemon. All throw the caller's failure.
package struct DaemonOperations<Caller: EndpointCaller> {
    let caller: Caller

    /// Returns `ok` when the database can be read.
    package func health() throws(Caller.CallError) -> StatusWordBody { try caller.call(Endpoints.Daemon.health) }

    /// Returns the daemon's version, process, files and addresses.
    package func status() throws(Caller.CallError) -> StatusBody { try caller.call(Endpoints.Daemon.status) }

    /// Returns what the daemon's checks have found.
    package func diagnosis() throws(Caller.CallError) -> [FindingDTO] { try caller.call(Endpoints.Daemon.diagnosis) }

    /// Returns the newest `limit` journal entries, newest first.
    package func journal(limit: Int) throws(Caller.CallError) -> [JournalEntryDTO] {
        try caller.call(Endpoints.Events.journal, JournalQuery(limit: limit))
    }
}
