package import PortModel
package import PortSystem

extension RegistryError {
    /// Returns the refusal of a home or database at `path` whose file system does not lock files, as some network file
    /// systems do not.
    package static func lockUnavailable(_ path: String, _ error: SystemError) -> RegistryError {
        RegistryError(
            .storageFailed,
            "\(path) cannot be locked: \(error.reason)",
            subject: path,
            remedies: error.isLackOfLocks
                ? [.advice("is it on a network file system? set PORT_SERVER_HOME to a directory on a local disk")] : []
        )
    }
}
