/// A request that the daemon answers: its method and path, the type of what is sent, and that of the answer.
///
/// `Request` is the JSON body, or ``QueryParameters`` for an endpoint without a body; ``NoParameters`` for neither.
/// `Response` is the JSON body of the answer, or one of ``NoContent``, ``EventStreamContent`` and ``FileContent``.
package struct Endpoint<Request, Response>: Sendable {
    package let method: EndpointMethod
    package let path: EndpointPath
    /// Whether the body may be left out.
    package let isBodyOptional: Bool

    package init(_ method: EndpointMethod, _ path: EndpointPath, isBodyOptional: Bool = false) {
        self.method = method
        self.path = path
        self.isBodyOptional = isBodyOptional
    }

    /// The endpoint without its types, for lists.
    package var description: EndpointDescription {
        EndpointDescription(
            method: method,
            path: path,
            request: Request.self is any QueryParameters.Type ? nil : "\(Request.self)",
            response: "\(Response.self)",
            isBodyOptional: isBodyOptional
        )
    }
}
