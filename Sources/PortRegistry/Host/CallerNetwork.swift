package import PortModel

/// Where a caller lives, compared with the registry.
package enum CallerNetwork: Hashable, Sendable {
    /// In the network namespace of the registry.
    case own
    /// In another one; its name is `nil` when it is not known.
    case other(NetworkNamespace?)
    /// It cannot be seen. Such a caller is served like one of the own namespace.
    case unknown

    /// Compares the caller's namespace with that of the registry; a namespace is `nil` when it is not known.
    package init(_ caller: NetworkNamespace?, registry: NetworkNamespace?) {
        guard let caller, let registry else {
            self = .unknown
            return
        }
        self = caller == registry ? .own : .other(caller)
    }
}
