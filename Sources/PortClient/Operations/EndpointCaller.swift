package import PortAPI

/// Sends requests to the daemon's endpoints. The operations by resource, such as ``allocations``, are built on it.
package protocol EndpointCaller {
    /// What a request throws that failed or was refused.
    associatedtype CallError: Error

    /// Sends a query. `parameters` are those of the path, in their order.
    func call<Query: QueryParameters, Answer: Decodable>(
        _ endpoint: Endpoint<Query, Answer>,
        at parameters: [String],
        _ query: Query
    ) throws(CallError) -> Answer

    /// Sends a body. `parameters` are those of the path, in their order.
    func call<Body: Encodable, Answer: Decodable>(
        _ endpoint: Endpoint<Body, Answer>,
        at parameters: [String],
        _ body: Body
    ) throws(CallError) -> Answer
}

extension EndpointCaller {
    /// Allocations, and what belongs to them.
    package var allocations: AllocationOperations<Self> { AllocationOperations(caller: self) }
    /// Services by name.
    package var services: ServiceOperations<Self> { ServiceOperations(caller: self) }
    /// Groups of allocations.
    package var groups: GroupOperations<Self> { GroupOperations(caller: self) }
    /// Ports, and who listens on them.
    package var ports: PortOperations<Self> { PortOperations(caller: self) }
    /// The daemon itself, and its journal.
    package var daemon: DaemonOperations<Self> { DaemonOperations(caller: self) }
    /// The project ports of the whole machine.
    package var projects: ProjectOperations<Self> { ProjectOperations(caller: self) }

    func call<Answer: Decodable>(
        _ endpoint: Endpoint<NoParameters, Answer>,
        at parameters: [String] = []
    ) throws(CallError) -> Answer {
        try call(endpoint, at: parameters, NoParameters())
    }

    func call<Query: QueryParameters, Answer: Decodable>(
        _ endpoint: Endpoint<Query, Answer>,
        _ query: Query
    ) throws(CallError) -> Answer {
        try call(endpoint, at: [], query)
    }

    func call<Body: Encodable, Answer: Decodable>(
        _ endpoint: Endpoint<Body, Answer>,
        _ body: Body
    ) throws(CallError) -> Answer {
        try call(endpoint, at: [], body)
    }
}
