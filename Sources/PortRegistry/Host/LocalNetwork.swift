package import PortModel

/// The network namespace whose listeners the registry sees.
package struct LocalNetwork: Hashable, Sendable {
    /// `nil` on systems without network namespaces, or when it is not known.
    package var namespace: NetworkNamespace?
    /// Whether it was made to shut programs off from the machine's network.
    package var isSandbox: Bool

    package init(namespace: NetworkNamespace? = nil, isSandbox: Bool = false) {
        self.namespace = namespace
        self.isSandbox = isSandbox
    }
}
