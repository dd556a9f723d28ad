/// The paths of the daemon's HTTP API.
package enum Paths {
    package static let health = "/healthz"
    package static let allocations = "/v1/allocations"
    package static let remembered = "/v1/remembered"
    package static let status = "/v1/status"
    package static let services = "/v1/services"
    package static let listeners = "/v1/listeners"
    package static let reservations = "/v1/reservations"
    package static let groups = "/v1/groups"
    package static let events = "/v1/events"
    package static let journal = "/v1/journal"
    package static let pools = "/v1/pools"
    package static let diagnosis = "/v1/diagnosis"
    package static let holds = "/v1/holds"
    package static let prune = "/v1/prune"
    package static let imports = "/v1/import"
    package static let ports = "/v1/ports"
    package static let openAPI = "/openapi.json"

    /// Returns the path of one allocation.
    package static func allocation(_ id: Int64) -> String { "\(allocations)/\(id)" }
    /// Returns the path that renews the holds of one allocation.
    package static func heartbeat(_ id: Int64) -> String { "\(allocation(id))/heartbeat" }
    /// Returns the path of one port.
    package static func port(_ number: Int) -> String { "\(ports)/\(number)" }
    /// Returns the path of one group. `id` is percent-encoded.
    package static func group(_ id: String) -> String { "\(groups)/\(percentEncoded(id))" }
    /// Returns the path that kills the process that listens on a port.
    package static func kill(_ number: Int) -> String { "\(port(number))/kill" }
    /// Returns the path of the journal of one port.
    package static func journal(ofPort number: Int) -> String { "\(port(number))/journal" }

    // The leases face: the API of PortManager's leases (docs/compatibility.md).
    package static let alloc = "/alloc"
    package static let release = "/release"
    package static let leaseHeartbeat = "/heartbeat"
    package static let leases = "/list"
    package static let lookup = "/lookup"

    // The projects face: the API of the get-port service (docs/compatibility.md).
    package static let projectRequest = "/ports/request"
    package static let projectRelease = "/ports/release"
    package static let projectPorts = "/ports/active"
    package static let projectCleanup = "/ports/cleanup"
    package static let projectHealth = "/health"

    /// Returns the path of the services that a name fits. `name` is percent-encoded.
    package static func service(_ name: String) -> String { "\(services)/\(percentEncoded(name))" }

    /// Returns the query `?name=value&…` of the values that are not `nil`, percent-encoded; empty without any.
    package static func query(_ parts: [(name: String, value: String?)]) -> String {
        let given = parts.compactMap { name, value in value.map { "\(name)=\(percentEncoded($0))" } }
        return given.isEmpty ? "" : "?" + given.joined(separator: "&")
    }

    private static func percentEncoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
