package import PortModel

/// What a caller from another network namespace gets: pure decisions and their words.
package enum NetworkPolicy {
    /// Whether the registry's process ends, so that the caller can start one in its own namespace: only for a caller
    /// that is known to live elsewhere and will start one, and only when no other process lives in the registry's
    /// namespace. `isAlone` is `nil` when that cannot be seen; then the registry stays. It is read last, because it
    /// costs a walk over all processes.
    package static func givesWay(
        to caller: CallerNetwork,
        startingItsOwn canStart: Bool,
        isAlone: () async -> Bool?
    ) async -> Bool {
        guard canStart, case .other = caller else { return false }
        return await isAlone() == true
    }

    /// Returns the refusal of a question about the listeners in the caller's namespace, which the registry cannot see;
    /// `nil` when the caller lives in the registry's own, or that is not known.
    package static func refusal(of caller: CallerNetwork, from registry: LocalNetwork) -> RegistryError? {
        guard case .other(let namespace) = caller else { return nil }
        let (own, others) = names(of: registry, and: namespace)
        return RegistryError(
            .otherNamespace,
            "port-server runs in \(own), this request comes from \(others): it cannot see who listens there",
            subject: namespace?.description,
            remedies: registry.isSandbox
                ? [.restart(.changeNamespace)] : [.advice("ss -ltnp shows it"), .advice(registryOfItsOwn)]
        )
    }

    /// Returns the notice that belongs to a granted port, whose listeners were looked for in the registry's namespace;
    /// `nil` when that is also the caller's, or not known.
    package static func notice(for caller: CallerNetwork, from registry: LocalNetwork) -> Notice? {
        guard case .other(let namespace) = caller else { return nil }
        let (own, others) = names(of: registry, and: namespace)
        return Notice(
            fact: "port-server runs in \(own), this request comes from \(others): ports are checked there, not here",
            remedy: registry.isSandbox ? .restart(.changeNamespace) : .advice(registryOfItsOwn)
        )
    }

    /// What a caller in another network namespace should know about a granted port.
    package struct Notice: Hashable, Sendable {
        package let fact: String
        package let remedy: Remedy

        /// The fact and the remedy in plain words.
        package var sentence: String { "\(fact) (\(remedy.phrase.text))" }
    }

    private static func names(of registry: LocalNetwork, and caller: NetworkNamespace?) -> (String, String) {
        let own = registry.namespace.map { "network namespace \($0)" } ?? "another network namespace"
        return (own, caller?.description ?? "another one")
    }

    private static let registryOfItsOwn = "a port-server for this namespace alone needs a PORT_SERVER_HOME of its own"
}
