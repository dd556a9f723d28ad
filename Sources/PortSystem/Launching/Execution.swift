import CPortSystem
import Libc

/// Replaces this process with another program.
package enum Execution {
    /// The result of a search for a command.
    package enum Search: Hashable, Sendable {
        case found
        case notFound
        /// The file exists, but it is a directory or this user may not execute it.
        case notExecutable
        /// The file exists, but not the program that executes it: the one of its first line (`#!`), or its loader.
        case interpreterNotFound(String)
    }

    /// Searches for `command` as ``become(_:environment:)`` does: as a path when it contains a slash, otherwise in the
    /// directories of PATH. The bytes need not be UTF-8.
    package static func search(_ command: [UInt8]) -> Search {
        guard !command.contains(UInt8(ascii: "/")) else { return search(path: command) }
        // Without PATH, execvp(3) uses the default of confstr(3).
        let path = getenv("PATH").map { Array(UnsafeRawBufferPointer(start: $0, count: strlen($0))) }
        let directories = (path ?? Array("/bin:/usr/bin".utf8))
            .split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        var result = Search.notFound
        for directory in directories where !command.isEmpty {
            // An empty entry is the working directory.
            switch search(path: (directory.isEmpty ? Array(".".utf8) : Array(directory)) + Array("/".utf8) + command) {
            case .found: return .found
            case .notExecutable: result = .notExecutable
            case .interpreterNotFound(let name): if result == .notFound { result = .interpreterNotFound(name) }
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
            guard status.st_mode & S_IFMT != S_IFDIR, access(path, X_OK) == 0 else { return .notExecutable }
            let file = SmallFile.beginning(of: String(cString: path), limit: 4096)
            // execve(2) reports a missing interpreter as if the file itself were missing.
            guard let interpreter = Interpreter.path(in: file), stat(interpreter, &status) != 0,
                errno == ENOENT || errno == ENOTDIR
            else { return .found }
            return .interpreterNotFound(interpreter)
        }
    }

    /// Replaces this process with `command`: execvp(3). The pid, terminal, working directory, signal settings and the
    /// descriptors without close-on-exec stay the same; `changes` are added to the environment. Returns only on
    /// failure.
    package static func become(
        _ command: [[UInt8]],
        environment changes: [(name: String, value: String)]
    ) -> SystemError {
        #if os(Linux)
            cport_forget_runtime_path()
        #endif
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
