extension Endpoints {
    /// Allocations, and what belongs to them.
    package enum Allocations {
        package static let create = Endpoint<AllocateBody, AllocationBody>(.post, "/v1/allocations")
        package static let list = Endpoint<AllocationQuery, [AllocationBody]>(.get, "/v1/allocations")
        package static let releaseMatching = Endpoint<FilterBody, DeletedBody>(.delete, "/v1/allocations")
        package static let release = Endpoint<ReleaseQuery, ReleasedBody>(.delete, "/v1/allocations/:id")
        package static let heartbeat = Endpoint<HeartbeatBody, AllocationBody>(
            .post,
            "/v1/allocations/:id/heartbeat",
            isBodyOptional: true
        )
        package static let reserve = Endpoint<ReserveBody, ReservationBody>(.post, "/v1/reservations")
        package static let releaseHolds = Endpoint<FaceHoldsBody, DeletedBody>(.delete, "/v1/holds")
        package static let forget = Endpoint<ForgetBody, ForgottenBody>(.delete, "/v1/remembered")
        package static let prune = Endpoint<PruneRequestBody, PruneBody>(.post, "/v1/prune", isBodyOptional: true)
        package static let importEntries = Endpoint<ImportRequestBody, ImportBody>(.post, "/v1/import")

        static let all = [
            create.description, list.description, releaseMatching.description, release.description,
            heartbeat.description, reserve.description, releaseHolds.description, forget.description,
            prune.description, importEntries.description,
        ]
    }

    /// Services by name.
    package enum Services {
        package static let lookUp = Endpoint<ServiceQuery, ServiceBody>(.get, "/v1/services/:name")
        package static let release = Endpoint<ServiceQuery, ServiceBody>(.delete, "/v1/services/:name")

        package static let verdict = Endpoint<ServiceQuery, VerdictBody>(.get, "/v1/services/:name/verdict")

        /// The verdicts on all services of a project.
        package static let verdicts = Endpoint<VerdictQuery, VerdictBody>(.get, "/v1/verdict")

        package static let wait = Endpoint<WaitRequestBody, WaitBody>(.post, "/v1/wait")

        static let all = [
            lookUp.description, release.description, verdict.description, verdicts.description, wait.description,
        ]
    }

    /// Groups of allocations.
    package enum Groups {
        package static let create = Endpoint<GroupRequestBody, GroupBody>(.post, "/v1/groups")
        package static let list = Endpoint<AllocationQuery, [GroupBody]>(.get, "/v1/groups")
        package static let show = Endpoint<NoParameters, GroupBody>(.get, "/v1/groups/:id")
        package static let release = Endpoint<NoParameters, GroupBody>(.delete, "/v1/groups/:id")

        static let all = [create.description, list.description, show.description, release.description]
    }
}
