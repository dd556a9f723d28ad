/// An address through which a service is reached on this machine.
package enum LocalAddress: Hashable, Sendable {
    /// 127.0.0.1 or ::1, as programs try them.
    case localhost
    /// A numeric address.
    case numeric(String)

    /// Parses `localhost`, a name below it, or a numeric address with or without brackets.
    package init(_ host: String) {
        let name = host.lowercased()
        if name == "localhost" || name.hasSuffix(".localhost") || name.isEmpty {
            self = .localhost
        } else {
            self = .numeric(name.hasPrefix("[") ? String(name.dropFirst().dropLast()) : name)
        }
    }

    /// Whether a connection to the address reaches a socket that listens on `listening`.
    func reaches(_ listening: String) -> Bool {
        switch self {
        case .localhost: ["127.0.0.1", "::1", "0.0.0.0", "::", "::ffff:127.0.0.1"].contains(listening)
        case .numeric(let address):
            listening == address || listening == "::ffff:\(address)" || listening == "::"
                || (listening == "0.0.0.0" && !address.contains(":"))
        }
    }
}
