/// What each host name leads to.
package struct HostTable: Sendable {
    /// What a host name leads to.
    package enum Target: Hashable, Sendable {
        case service(Route)
        /// The daemon's dashboard, and its API.
        case dashboard
    }

    private var targets: [String: Target] = [:]

    /// Creates a table of the routes. `dashboard` is the dashboard's name; `nil` for none.
    package init(_ routes: [Route], dashboard: String? = nil) {
        if let dashboard { targets[dashboard] = .dashboard }
        for route in routes {
            for name in route.hostNames where targets[name] == nil { targets[name] = .service(route) }
        }
    }

    /// Returns what the text of a field Host leads to; `nil` for a name that is not in the table, and for what is no
    /// name, such as an address or one with a dot at its end. The port behind it decides nothing.
    package func target(ofHost text: some Collection<UInt8>) -> Target? {
        let name = text.prefix { $0 != UInt8(ascii: ":") }
        let behind = text.dropFirst(name.count)
        guard Self.isPort(behind) else { return nil }
        return targets[String(decoding: name.map(ByteClass.lowercased), as: UTF8.self)]
    }

    /// Returns what the text of a field Origin, or the beginning of a Referer, leads to; `nil` for another page than
    /// that of a service, and for none (`null`).
    package func target(ofOrigin text: some Collection<UInt8>) -> Target? {
        for scheme in ["http://", "https://"] where text.starts(with: scheme.utf8) {
            return target(ofHost: text.dropFirst(scheme.utf8.count).prefix { $0 != UInt8(ascii: "/") })
        }
        return nil
    }

    /// Whether the text is empty, or a colon and a number from 1 to 65535.
    private static func isPort(_ text: some Collection<UInt8>) -> Bool {
        if text.isEmpty { return true }
        let digits = text.dropFirst()
        guard (1...5).contains(digits.count), digits.allSatisfy({ $0 &- 0x30 < 10 }) else { return false }
        return (1...65535).contains(digits.reduce(0) { $0 * 10 + Int($1 - 0x30) })
    }
}
