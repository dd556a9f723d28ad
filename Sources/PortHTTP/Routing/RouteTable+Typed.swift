import Hummingbird
import PortAPI

extension RouteTable {
    /// Adds a handler that gets the query and returns the answer's body.
    mutating func on<Input: QueryParameters, Output: Encodable & SendableMetatype>(
        _ endpoint: Endpoint<Input, Output>,
        runsOnEventLoop: Bool = false,
        _ handle: @escaping @Sendable (Call<Input>) async throws -> Output
    ) {
        on(endpoint, runsOnEventLoop: runsOnEventLoop) { request, context in
            try JSON.response(try await handle(Call(query: request, context)))
        }
    }

    /// Adds a handler that gets the query and makes the whole response: a stream, or a file.
    mutating func on<Input: QueryParameters>(
        response endpoint: Endpoint<Input, some Any>,
        _ handle: @escaping @Sendable (Call<Input>) async throws -> Response
    ) {
        on(endpoint) { request, context in try await handle(Call(query: request, context)) }
    }

    /// Adds a handler that gets the body and returns the answer's.
    mutating func on<Input: Decodable & SendableMetatype, Output: Encodable & SendableMetatype>(
        _ endpoint: Endpoint<Input, Output>,
        runsOnEventLoop: Bool = false,
        _ handle: @escaping @Sendable (Call<Input>) async throws -> Output
    ) {
        on(endpoint, runsOnEventLoop: runsOnEventLoop) { request, context in
            try JSON.response(try await handle(Call(body: request, context)))
        }
    }

    /// Adds a handler that gets the body and chooses the status.
    mutating func on<Input: Decodable & SendableMetatype, Output: Encodable & SendableMetatype>(
        _ endpoint: Endpoint<Input, Output>,
        runsOnEventLoop: Bool = false,
        _ handle: @escaping @Sendable (Call<Input>) async throws -> Answer<Output>
    ) {
        on(endpoint, runsOnEventLoop: runsOnEventLoop) { request, context in
            let answer = try await handle(Call(body: request, context))
            return try JSON.response(answer.body, status: answer.status)
        }
    }

    /// Adds a handler that gets the body, `nil` when the request has none, as the endpoint allows.
    mutating func on<Input: Decodable & SendableMetatype, Output: Encodable & SendableMetatype>(
        optional endpoint: Endpoint<Input, Output>,
        _ handle: @escaping @Sendable (Call<Input?>) async throws -> Output
    ) {
        precondition(endpoint.isBodyOptional)
        on(endpoint) { request, context in
            try JSON.response(try await handle(Call(optionalBody: request, context)))
        }
    }

    /// Adds a handler that gets the body and answers without one.
    mutating func on<Input: Decodable & SendableMetatype>(
        _ endpoint: Endpoint<Input, NoContent>,
        runsOnEventLoop: Bool = false,
        _ handle: @escaping @Sendable (Call<Input>) async throws -> Void
    ) {
        on(endpoint, runsOnEventLoop: runsOnEventLoop) { request, context in
            try await handle(Call(body: request, context))
            return Response(status: .ok)
        }
    }
}
