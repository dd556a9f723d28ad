/// What has become of the services that somebody waits for.
package struct ServiceWait: Sendable {
    /// What has become of one service, or of all of them.
    package enum Status: String, Sendable {
        /// All of them listen.
        case ready
        /// At least one does not listen yet.
        case waiting
        /// The owner of one has exited, and it does not listen.
        case exited
    }

    /// One of the services.
    package struct Service: Sendable {
        /// The name by which it was asked for.
        package var name: String
        package var status: Status
        /// The verdict on the port where it listens, or on its first one; `nil` while it has none.
        package var verdict: PortVerdict?
        /// The pid of an owner that runs; `nil` when there is none.
        package var owner: Int32?
        /// The pid of the owner that has exited; `nil` unless one has.
        package var exited: Int32?
    }

    /// In the order in which they were asked for.
    package var services: [Service]

    package var status: Status {
        if services.contains(where: { $0.status == .exited }) { return .exited }
        return services.allSatisfy { $0.status == .ready } ? .ready : .waiting
    }
}
