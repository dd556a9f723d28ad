extension Endpoints {
    /// The leases face: the API of PortManager's leases (docs/compatibility.md).
    package enum Leases {
        package static let allocate = Endpoint<LeaseRequestBody, LeaseGrantBody>(.post, "/alloc")
        package static let release = Endpoint<LeasePortBody, NoContent>(.post, "/release")
        package static let heartbeat = Endpoint<LeasePortBody, NoContent>(.post, "/heartbeat")
        package static let list = Endpoint<NoParameters, [LeaseBody]>(.get, "/list")
        package static let lookUp = Endpoint<LookupQuery, LookupBody>(.get, "/lookup")

        static let all = [
            allocate.description, release.description, heartbeat.description, list.description, lookUp.description,
        ]
    }

    /// The projects face: the API of the get-port service (docs/compatibility.md).
    package enum Projects {
        package static let request = Endpoint<ProjectRequestBody, ProjectGrantBody>(.post, "/ports/request")
        package static let release = Endpoint<ProjectReleaseBody, ProjectReleasedBody>(.delete, "/ports/release")
        package static let ports = Endpoint<NoParameters, ProjectPortsBody>(.get, "/ports/active")
        package static let cleanUp = Endpoint<EmptyBody, ProjectCleanupBody>(
            .post,
            "/ports/cleanup",
            isBodyOptional: true
        )
        package static let health = Endpoint<NoParameters, ProjectHealthBody>(.get, "/health")

        static let all = [
            request.description, release.description, ports.description, cleanUp.description, health.description,
        ]
    }
}
