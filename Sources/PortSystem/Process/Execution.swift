import Libc

/// Becoming another program.
package enum Execution {
    package enum Search: Hashable, Sendable {
        case found
        case notFound
        /// There is such a file, but this user may not execute it, or it is a directory.
        case notExecutable
    }

    /// Looks for `command`, a path or a name as the kernel takes it, as ``become(_:environment:)`` will: as a path when
    /// it has a slash, else on the PATH.
    package static func search(_ command: [UInt8]) -> Search {
        guard !command.contains(UInt8(ascii: "/")) else { return search(path: command) }
        // confstr(3)'s default when there is no PATH.
        let path = getenv("PATH").map { Array(UnsafeRawBufferPointer(start: $0, count: strlen($0))) }
        let directories = (path ?? Array("/bin:/usr/bin".utf8))
            .split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        var result = Search.notFound
        for directory in directories where !command.isEmpty {
            // An empty entry is the working directory.
            switch search(path: (directory.isEmpty ? Array(".".utf8) : Array(directory)) + Array("/".utf8) + command) {
            case .found: return .found
            case .notExecutable: result = .notExecutable
            case .notFound: continue
            }
        }
        return result
    }

    private static func search(path: [UInt8]) -> Search {
        var status = stat()
        return (path + [0]).withUnsafeBytes { bytes in
            let path = bytes.assumingMemoryBound(to: CChar.self).baseAddress!
            guard stat(path, &status) == 0 else { return errno == EACCES ? .notExecutable : .notFound }
            return status.st_mode & S_IFMT != S_IFDIR && access(path, X_OK) == 0 ? .found : .notExecutable
        }
    }

    /// Replaces this process with the command (execvp(3)): same pid, terminal, directory, signals, and the descriptors
    /// that the caller passed. Returns only when that fails, with the reason.
    package static func become(
        _ command: [[UInt8]],
        environment changes: [(name: String, value: String)]
    ) -> SystemError {
        for change in changes { setenv(change.name, change.value, 1) }
        var vector: [UnsafeMutablePointer<CChar>?] = command.map { word in
            (word + [0]).withUnsafeBytes { strdup($0.assumingMemoryBound(to: CChar.self).baseAddress!) }
        }
        vector.append(nil)
        defer { for pointer in vector { free(pointer) } }
        execvp(vector[0]!, vector)
        return .last("exec")
    }
}

extension SystemError {
    /// Whether exec(2) found no such program.
    package var isCommandNotFound: Bool { number == ENOENT }
}
