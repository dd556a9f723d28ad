extension Endpoints {
    /// Ports, and who listens on them.
    package enum Ports {
        package static let check = Endpoint<NoParameters, PortBody>(.get, "/v1/ports/:port")
        package static let journal = Endpoint<NoParameters, [JournalEntryDTO]>(.get, "/v1/ports/:port/journal")
        package static let kill = Endpoint<KillRequestBody, KillBody>(
            .post,
            "/v1/ports/:port/kill",
            isBodyOptional: true
        )
        package static let listeners = Endpoint<ListenerQuery, [ListenerBody]>(.get, "/v1/listeners")

        package static let verdict = Endpoint<VerdictQuery, VerdictBody>(.get, "/v1/ports/:port/verdict")

        static let all = [
            check.description, journal.description, kill.description, listeners.description, verdict.description,
        ]
    }

    /// What has happened and what happens.
    package enum Events {
        package static let stream = Endpoint<NoParameters, EventStreamContent>(.get, "/v1/events")
        package static let journal = Endpoint<JournalQuery, [JournalEntryDTO]>(.get, "/v1/journal")

        static let all = [stream.description, journal.description]
    }

    /// The daemon itself.
    package enum Daemon {
        package static let health = Endpoint<NoParameters, StatusWordBody>(.get, "/healthz")
        package static let status = Endpoint<NoParameters, StatusBody>(.get, "/v1/status")
        package static let diagnosis = Endpoint<NoParameters, [FindingDTO]>(.get, "/v1/diagnosis")
        package static let pools = Endpoint<NoParameters, [PoolDTO]>(.get, "/v1/pools")
        package static let openAPI = Endpoint<NoParameters, FileContent>(.get, "/openapi.json")

        static let all = [
            health.description, status.description, diagnosis.description, pools.description, openAPI.description,
        ]
    }

    /// The dashboard's files. They are no part of the API.
    package enum Dashboard {
        package static let page = Endpoint<NoParameters, FileContent>(.get, "/")
        /// The router requires one name for all parameters at the same position: `name` is a
        /// directory, such as `views`, where `file` follows.
        package static let file = Endpoint<NoParameters, FileContent>(.get, "/dashboard/:name")
        package static let fileInDirectory = Endpoint<NoParameters, FileContent>(.get, "/dashboard/:name/:file")

        /// All files.
        package static let all = [page.description, file.description, fileInDirectory.description]
    }
}
