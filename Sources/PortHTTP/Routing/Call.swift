import Hummingbird
import PortAPI

/// A request to an endpoint.
struct Call<Input: Sendable>: Sendable {
    let request: Request
    let context: PortRequestContext
    fileprivate let decode: @Sendable (Request) async throws -> Input

    /// The body, or the query of an endpoint without one. Decoded when it is read, so that a handler can refuse what is
    /// wrong with the path first. Throws like ``JSON/decode(_:from:)``, and `invalid_request` for a query that is not
    /// valid UTF-8.
    var input: Input {
        get async throws { try await decode(request) }
    }
}

extension Call where Input: QueryParameters {
    init(query request: Request, _ context: PortRequestContext) {
        self.init(request: request, context: context) { request in
            // An endpoint without parameters ignores the query.
            let query = Input.self is NoParameters.Type ? Query() : try Query(request)
            return Input { query[$0] }
        }
    }
}

extension Call where Input: Decodable {
    init(body request: Request, _ context: PortRequestContext) {
        self.init(request: request, context: context) { try await JSON.decode(Input.self, from: $0) }
    }
}

extension Call {
    /// Creates a call whose body may be missing; the input is `nil` then.
    init<Body: Decodable>(optionalBody request: Request, _ context: PortRequestContext) where Input == Body? {
        self.init(request: request, context: context) { try await JSON.decodeIfPresent(Body.self, from: $0) }
    }
}
