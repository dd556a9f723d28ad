package import PortModel

extension PortExclusions.Reason {
    /// Returns a sentence for people that says why `port` is a poor choice.
    package func explanation(for port: Port) -> String { explanation(for: [port]) }

    /// Returns a sentence for people that says why `ports`, of which there is at least one, are poor choices.
    package func explanation(for ports: [Port]) -> String {
        let isOne = ports.count == 1
        let subject = isOne ? "port \(ports[0])" : "ports \(PortSet(ports).description)"
        switch self {
        case .privileged(let first):
            return "\(subject) \(isOne ? "is" : "are") privileged: this user may bind \(first) and above"
        case .ephemeral(let range):
            return "\(subject) \(isOne ? "lies" : "lie") in the kernel's ephemeral range \(range): "
                + "an outgoing connection may take \(isOne ? "it" : "them")"
        case .refusedByBrowsers:
            return "browsers refuse to connect to \(subject)"
        case .reservedByKernel, .ownPort, .systemService, .configured:
            return "\(subject) \(isOne ? "is" : "are") \(description)"
        }
    }

    /// What the port is, as in "3 ports are …".
    package var description: String {
        switch self {
        case .privileged: "privileged"
        case .ephemeral: "ephemeral"
        case .reservedByKernel: "in the kernel's list of reserved ports"
        case .refusedByBrowsers: "refused by browsers"
        case .ownPort: "kept for portctl itself"
        case .systemService: "used by a service of the operating system"
        case .configured: "excluded by the configuration"
        }
    }
}

extension PortExclusions {
    /// Returns for each reason the ports of `ports` that it excludes, in one sentence.
    func explanations(for ports: [Port]) -> [String] {
        sets.compactMap { reason, _ in
            let excluded = ports.filter { reasons(for: $0).contains(reason) }
            return excluded.isEmpty ? nil : reason.explanation(for: excluded)
        }
    }
}
