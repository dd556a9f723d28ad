import ArgumentParser

/// A URL of this machine: `http://localhost:3000/path`, `127.0.0.1:3000`, `web.localhost:3000`.
struct LocalURL: Equatable {
    var host: String
    var port: Int

    /// Parses a URL, or a host with a port; `nil` for text that is neither. Throws `ValidationError` for a URL that has
    /// no port of its own here, or is of another machine.
    init?(_ text: String) throws {
        var rest = text[...]
        var scheme: Substring?
        if let separator = text.firstRange(of: "://") {
            scheme = text[..<separator.lowerBound]
            rest = text[separator.upperBound...].prefix { !"/?#".contains($0) }
        }
        // A user and a password before the host.
        if let at = rest.lastIndex(of: "@") { rest = rest[rest.index(after: at)...] }
        let host: Substring
        var digits: Substring = ""
        if rest.first == "[" {
            guard let end = rest.firstIndex(of: "]") else { return nil }
            host = rest[...end]
            let behind = rest[rest.index(after: end)...]
            guard behind.isEmpty || behind.first == ":" else { return nil }
            digits = behind.dropFirst()
        } else {
            let parts = rest.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count <= 2 else { return nil }
            host = parts[0]
            if parts.count == 2 { digits = parts[1] }
        }
        // Without a scheme, only a host with a port is one: anything else is the name of a service.
        guard scheme != nil || (String(digits).isNumber && !host.isEmpty) else { return nil }
        if digits.isEmpty {
            guard let known = ["http": 80, "https": 443, "ws": 80, "wss": 443][scheme?.lowercased() ?? ""] else {
                throw ValidationError("\(text) names no port")
            }
            port = known
        } else {
            port = try PortArgument.required(String(digits))
        }
        self.host = host.lowercased()
        guard Self.isLocal(self.host) else {
            throw ValidationError("\(host) is not this machine: give a URL of localhost, 127.0.0.1 or [::1]")
        }
    }

    private static func isLocal(_ host: String) -> Bool {
        host == "localhost" || host.hasSuffix(".localhost") || host.first == "["
            || (host.split(separator: ".").count == 4 && host.allSatisfy { $0.isNumber || $0 == "." })
    }
}
