package import PortModel

extension Owner {
    /// Whether ``pid`` is valid in the pid namespace of this process.
    package var isVisible: Bool { namespace == nil || namespace == PIDNamespace.current }
}
