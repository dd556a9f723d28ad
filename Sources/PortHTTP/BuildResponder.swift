package import Hummingbird
import PortModel
import PortRegistry

/// Returns every route.
func routeTable(_ dependencies: ServerDependencies) -> RouteTable {
    var table = RouteTable()
    RegistryRoutes(registry: dependencies.registry).add(to: &table)
    VerdictRoutes(registry: dependencies.registry).add(to: &table)
    GroupRoutes(registry: dependencies.registry).add(to: &table)
    PruneRoutes(registry: dependencies.registry).add(to: &table)
    ImportRoutes(registry: dependencies.registry).add(to: &table)
    DashboardRoutes().add(to: &table)
    EventRoutes(registry: dependencies.registry, streams: dependencies.events).add(to: &table)
    DiagnosisRoutes(registry: dependencies.registry).add(to: &table)
    ListenerRoutes(registry: dependencies.registry).add(to: &table)
    LeaseRoutes(registry: dependencies.registry).add(to: &table)
    ProjectRoutes(registry: dependencies.registry).add(to: &table)
    DaemonRoutes(registry: dependencies.registry, status: dependencies.status).add(to: &table)
    return table
}

/// Builds the responder with every route and guard. All addresses share it.
package func buildResponder(_ dependencies: ServerDependencies) -> RouterResponder<PortRequestContext> {
    let table = routeTable(dependencies)
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
    router.add(
        middleware: NetworkGuard(
            network: dependencies.registry.network.namespace,
            succession: dependencies.succession
        )
    )
    router.add(middleware: ExpectationMiddleware())
    table.install(on: router)
    return router.buildResponder()
}
