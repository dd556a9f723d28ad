import PortModel

/// A process that the registry does not end.
package enum ProtectedProcess: Sendable {
    case daemon
    /// One that has the registry embedded, and asks just now.
    case caller
}
