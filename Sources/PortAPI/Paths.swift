/// Where the daemon's resources are.
package enum Paths {
    package static let health = "/healthz"
    package static let allocations = "/v1/allocations"
    package static let remembered = "/v1/remembered"
    package static let status = "/v1/status"
    package static let openAPI = "/openapi.json"

    package static func allocation(_ id: Int64) -> String { "\(allocations)/\(id)" }
    package static func port(_ number: Int) -> String { "/v1/ports/\(number)" }
}
