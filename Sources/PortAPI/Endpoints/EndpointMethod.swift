/// The methods of the endpoints. HEAD comes with GET.
package enum EndpointMethod: String, Sendable {
    case get = "GET"
    case post = "POST"
    case delete = "DELETE"
}
