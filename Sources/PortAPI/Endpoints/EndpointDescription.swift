/// An endpoint without its types: what the OpenAPI document and the router are compared with.
package struct EndpointDescription: Hashable, Sendable, CustomStringConvertible {
    package let method: EndpointMethod
    package let path: EndpointPath
    /// The name of the body's type; `nil` without a body.
    package let request: String?
    /// The name of the answer's type.
    package let response: String
    /// Whether the body may be left out.
    package let isBodyOptional: Bool

    package var description: String { "\(method.rawValue) \(path)" }
}
