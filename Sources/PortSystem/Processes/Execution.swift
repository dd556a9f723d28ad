#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// Becoming another program.
package enum Execution {
    package enum Search: Hashable, Sendable {
        case found
        case notFound
        /// There is such a file, but this user may not execute it, or it is a folder.
        case notExecutable
    }

    /// Looks for `command` as ``become(_:environment:)`` will: as a path when it has a slash, else on the PATH.
    package static func search(_ command: String) -> Search {
        guard !command.contains("/") else { return search(path: command) }
        // confstr(3)'s default when there is no PATH.
        let folders = (getenv("PATH").map { String(cString: $0) } ?? "/bin:/usr/bin")
            .split(separator: ":", omittingEmptySubsequences: false)
        var result = Search.notFound
        for folder in folders where !command.isEmpty {
            // An empty entry is the working folder.
            switch search(path: folder.isEmpty ? "./\(command)" : "\(folder)/\(command)") {
            case .found: return .found
            case .notExecutable: result = .notExecutable
            case .notFound: continue
            }
        }
        return result
    }

    private static func search(path: String) -> Search {
        var status = stat()
        guard stat(path, &status) == 0 else { return errno == EACCES ? .notExecutable : .notFound }
        return status.st_mode & S_IFMT != S_IFDIR && access(path, X_OK) == 0 ? .found : .notExecutable
    }

    /// Replaces this process with the command (execvp(3)): same pid, terminal, folder, signals, and the descriptors that
    /// the caller passed. Returns only when that fails, with the reason.
    package static func become(_ command: [String], environment changes: [(name: String, value: String)]) -> SystemError
    {
        for change in changes { setenv(change.name, change.value, 1) }
        var vector = command.map { strdup($0) }
        vector.append(nil)
        defer { for pointer in vector { free(pointer) } }
        execvp(vector[0]!, vector)
        return .last("exec", command[0])
    }
}

extension SystemError {
    /// Whether exec(2) found no such program.
    package var isCommandNotFound: Bool { number == ENOENT }
}
