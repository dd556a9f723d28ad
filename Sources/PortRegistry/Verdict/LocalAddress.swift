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

    /// Returns those of the addresses `listening` that connections to this one reach: the kernel prefers a socket of
    /// that very address to one of all addresses, and one of IPv4 to one of both families.
    func reached(among listening: Set<String>) -> Set<String> {
        switch self {
        case .localhost:
            LocalAddress.numeric("127.0.0.1").reached(among: listening)
                .union(LocalAddress.numeric("::1").reached(among: listening))
        case .numeric(let address):
            (address.contains(":") ? [[address], ["::"]] : [[address, "::ffff:\(address)"], ["0.0.0.0"], ["::"]])
                .lazy.map { listening.intersection($0) }.first { !$0.isEmpty } ?? []
        }
    }
}
