import Libc
import PortModel

extension HomeDirectory {
    /// Something of the home that others could reach, or that is not what it should be.
    package struct Fault: Hashable, Sendable {
        package let path: String
        /// Such as `it is open to other users (mode 644)`.
        package let what: String
        /// A command that mends it.
        package let remedy: String
    }

    /// What is wrong with the directory, the files in it, and the database wherever that is; those that are missing are
    /// not.
    package func faults(database: String? = nil) -> [Fault] {
        let databasePath = database ?? self.databasePath
        // What people write themselves, such as config.yaml, may be as open as they like behind the directory's door.
        let files = [databasePath, "\(databasePath)-wal", "\(databasePath)-shm", tokenPath, logPath, pidFilePath]
            .compactMap { Self.fault(at: $0, kind: S_IFREG, mode: "600") }
        return [Self.fault(at: path, kind: S_IFDIR, mode: "700")].compactMap(\.self)
            + [Self.fault(at: socketPath, kind: S_IFSOCK, mode: "600")].compactMap(\.self) + files
    }

    private static func fault(at path: String, kind: mode_t, mode: String) -> Fault? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        guard status.st_mode & S_IFMT == kind else {
            return Fault(
                path: path,
                what: "it is not what belongs there",
                remedy: "mv \(path.shellQuoted) \("\(path).strange".shellQuoted)"
            )
        }
        guard status.st_uid == geteuid() else {
            return Fault(
                path: path,
                what: "it belongs to user id \(status.st_uid)",
                remedy: "mv \(path.shellQuoted) \("\(path).strange".shellQuoted), or ask that user to take it away"
            )
        }
        guard status.st_mode & 0o077 == 0 else {
            let bits = String(status.st_mode & 0o777, radix: 8)
            return Fault(
                path: path,
                what: "it is open to other users (mode \(bits))",
                remedy: "chmod \(mode) \(path.shellQuoted)"
            )
        }
        return nil
    }
}
