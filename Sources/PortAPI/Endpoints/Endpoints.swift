/// Every endpoint of the daemon, by resource. The routes and the client have no paths of their own.
package enum Endpoints {
    /// Those of the HTTP API, for the checks that the router and the OpenAPI document have exactly these.
    package static let all: [EndpointDescription] =
        Allocations.all + Services.all + Ports.all + Groups.all + Events.all + Daemon.all + Leases.all + Projects.all
}
