package import Hummingbird
package import PortAPI
package import PortRegistry

/// What the HTTP face is made of.
package struct ServerDependencies: Sendable {
    package var registry: Registry
    package var events: EventFeed
    package var peers: any PeerIdentification
    /// The user the daemon runs as, whom it serves.
    package var userID: UInt32
    /// The text of the token file.
    package var token: String
    package var status: @Sendable () async throws -> StatusBody

    package init(
        registry: Registry,
        events: EventFeed,
        peers: any PeerIdentification,
        userID: UInt32,
        token: String,
        status: @escaping @Sendable () async throws -> StatusBody
    ) {
        self.registry = registry
        self.events = events
        self.peers = peers
        self.userID = userID
        self.token = token
        self.status = status
    }
}

/// Every route behind every guard; all listeners share it.
package func buildResponder(_ dependencies: ServerDependencies) -> RouterResponder<PortRequestContext> {
    var table = RouteTable()
    RegistryRoutes(registry: dependencies.registry).add(to: &table)
    GroupRoutes(registry: dependencies.registry).add(to: &table)
    DashboardRoutes().add(to: &table)
    EventRoutes(registry: dependencies.registry, feed: dependencies.events).add(to: &table)
    DiagnosisRoutes(registry: dependencies.registry).add(to: &table)
    ListenerRoutes(registry: dependencies.registry).add(to: &table)
    LeaseRoutes(registry: dependencies.registry).add(to: &table)
    ProjectRoutes(registry: dependencies.registry).add(to: &table)
    DaemonRoutes(registry: dependencies.registry, status: dependencies.status).add(to: &table)
    let router = Router(context: PortRequestContext.self)
    router.add(middleware: ErrorMiddleware(routes: table))
    router.add(middleware: OriginGuard())
    router.add(
        middleware: PeerGuard(
            peers: dependencies.peers,
            userID: dependencies.userID,
            token: dependencies.token
        )
    )
    table.install(on: router)
    return router.buildResponder()
}
