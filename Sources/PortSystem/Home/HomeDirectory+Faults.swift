import Libc
import PortModel

extension HomeDirectory {
    /// A file of the home that other users can access, or that has the wrong type.
    package struct Fault: Hashable, Sendable {
        package let path: String
        /// The problem, such as `it is open to other users (mode 644)`.
        package let problem: String
        /// A command that fixes it.
        package let remedy: String
    }

    /// Returns the faults of the directory, of the files in it, and of the database at `database` or in the directory.
    /// A missing file is not a fault.
    package func faults(database: String? = nil) -> [Fault] {
        let databasePath = database ?? self.databasePath
        // The mode of config.yaml, which the user writes, does not matter: the mode of the directory protects it.
        let files = [databasePath, "\(databasePath)-wal", "\(databasePath)-shm", tokenPath, logPath, pidFilePath]
            .compactMap { Self.fault(at: $0, kind: S_IFREG, mode: "600") }
        return [Self.fault(at: path, kind: S_IFDIR, mode: "700")].compactMap(\.self)
            + [Self.fault(at: socketPath, kind: S_IFSOCK, mode: "600")].compactMap(\.self) + files
    }

    private static func fault(at path: String, kind: mode_t, mode: String) -> Fault? {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            guard errno != ENOENT else { return nil }
            return Fault(
                path: path,
                problem: "it cannot be examined: \(SystemError.last("lstat").reason)",
                remedy: "make the directories above it accessible to yourself"
            )
        }
        guard status.st_mode & S_IFMT == kind else {
            return Fault(
                path: path,
                problem: "it is not of the expected type",
                remedy: "mv \(path.shellQuoted) \("\(path).strange".shellQuoted)"
            )
        }
        guard status.st_uid == geteuid() else {
            return Fault(
                path: path,
                problem: "it belongs to user id \(status.st_uid)",
                remedy: "mv \(path.shellQuoted) \("\(path).strange".shellQuoted), or ask that user to remove it"
            )
        }
        guard status.st_mode & 0o077 == 0 else {
            let bits = String(status.st_mode & 0o777, radix: 8)
            return Fault(
                path: path,
                problem: "it is open to other users (mode \(bits))",
                remedy: "chmod \(mode) \(path.shellQuoted)"
            )
        }
        return nil
    }
}
