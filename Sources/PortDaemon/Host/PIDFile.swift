import Logging
import PortModel
import PortSystem

/// The file with the daemon's pid, for people and scripts.
struct PIDFile {
    private let path: String
    private let identity: PrivateFile.Identity?

    /// Writes the file. Only people read it, so on a full disk the daemon runs without one, and this returns `nil`.
    /// Throws `insecure_path` when something other than a file of this user is in its place, and ``SystemError``.
    static func write(to path: String, logger: Logger) throws -> PIDFile? {
        do throws(SystemError) {
            try PrivateFile.replace(path, with: "\(CurrentProcess.pid)\n")
        } catch {
            if let fault = PrivateFile.fault(at: path) {
                throw RegistryError(
                    .insecurePath,
                    "the pid file \(path) cannot be used: \(fault)",
                    subject: path,
                    remedies: [.advice("remove it; the daemon creates a new one")]
                )
            }
            guard error.isFullDisk else { throw error }
            logger.error("the pid file cannot be written", metadata: ["error": "\(error)"])
            return nil
        }
        return PIDFile(path: path, identity: PrivateFile.Identity(path: path))
    }

    /// Removes the file, unless another one is in its place by now.
    func remove() { PrivateFile.remove(path, ifStill: identity) }
}
