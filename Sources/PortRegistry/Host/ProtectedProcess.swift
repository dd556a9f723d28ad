import PortModel

/// A process that the registry never ends.
package enum ProtectedProcess: Sendable {
    /// The daemon that the registry runs in.
    case daemon
    /// The program that embeds the registry, and makes the request itself.
    case caller
}
