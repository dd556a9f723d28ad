import HTTPTypes
import Hummingbird
import NIOCore

/// Requests the body of a client that sent `Expect: 100-continue` as soon as a route reads it (RFC 9110, 10.1.1). A
/// route or guard that does not read it has refused the request, and its response is the answer.
struct ExpectationMiddleware: RouterMiddleware {
    typealias Context = PortRequestContext

    func handle(
        _ request: Request,
        context: PortRequestContext,
        next: @concurrent (Request, PortRequestContext) async throws -> Response
    ) async throws -> Response {
        let expectations = request.headers[values: .expect].flatMap { $0.split(separator: ",") }
        guard !expectations.isEmpty else { return try await next(request, context) }
        guard expectations.allSatisfy({ $0.lowercased().filter { $0 != " " && $0 != "\t" } == "100-continue" }) else {
            throw APIError(
                .expectationFailed,
                "an expectation other than 100-continue cannot be met",
                code: "expectation_failed",
                hint: "leave out the header Expect"
            )
        }
        var request = request
        request.body = RequestBody(asyncSequence: AwaitedBody(body: request.body, channel: context.channel))
        return try await next(request, context)
    }
}

/// A body that its client sends when it is asked to.
private struct AwaitedBody: AsyncSequence, Sendable {
    let body: RequestBody
    let channel: any Channel

    func makeAsyncIterator() -> RequestBody.AsyncIterator {
        channel.triggerUserOutboundEvent(ConnectionHandler.BodyIsWanted(), promise: nil)
        return body.makeAsyncIterator()
    }
}
