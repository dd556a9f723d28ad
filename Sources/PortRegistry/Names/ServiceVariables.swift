import PortModel

/// The environment variables that name the ports of an instance's services: `PORTCTL_<SERVICE>_PORT`.
enum ServiceVariables {
    /// The number of services that get variables, in the order of their names. An environment has limited room, and
    /// the variables of 256 services with the longest names take 40 KB of it.
    static let limit = 256

    /// Returns the value of each variable. Two services whose names make the same variable get none.
    static func values(of services: [(service: String, port: Port)]) -> [String: String] {
        var values: [String: String] = [:]
        var shared: Set<String> = []
        for (service, port) in services {
            let name = portName(of: service)
            if values.updateValue(port.description, forKey: name) != nil { shared.insert(name) }
        }
        return values.filter { !shared.contains($0.key) }
    }

    /// Returns the name of the variable: the service's name in capitals, with `_` in place of each character that is
    /// no ASCII letter or digit. The ending keeps it apart from variables such as `PORTCTL_APP`, whatever the service
    /// is called.
    static func portName(of service: String) -> String {
        let name = service.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0.uppercased() : "_" }
        return "PORTCTL_\(name.joined())_PORT"
    }
}

extension GroupCommitter.WriteContext {
    /// Returns the variables of the instance's services. The service of `allocation` has the port of that one, which
    /// may be a further replica.
    func serviceVariables(of allocation: Allocation) throws -> [String: String] {
        let identity = allocation.identity
        var services = try transaction.firstPorts(
            ofApp: identity.app,
            instance: identity.instance,
            limit: ServiceVariables.limit
        )
        services.removeAll { $0.service == identity.service }
        return ServiceVariables.values(of: services + [(identity.service, allocation.port)])
    }
}
