import Libc

/// Reads directories and symbolic links without Foundation. Anything that cannot be read counts as missing.
package enum Directory {
    /// Whether `path` is a directory, or a symbolic link to one.
    package static func exists(_ path: String) -> Bool {
        var status = stat()
        return stat(PathText.bytes(of: path), &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Whether a file system is mounted in the directory at `path`; `false` when there is no directory. A bind mount of
    /// a directory on the same file system is not recognized.
    package static func isMountPoint(_ path: String) -> Bool {
        var (status, parent) = (stat(), stat())
        guard stat(PathText.bytes(of: path), &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return false }
        if path == "/" { return true }
        return stat(PathText.bytes(of: FilePaths.parent(of: path)), &parent) == 0 && status.st_dev != parent.st_dev
    }

    /// Whether there is certainly nothing at `path`: a path that may not be read is not missing.
    package static func isMissing(_ path: String) -> Bool {
        var status = stat()
        return lstat(PathText.bytes(of: path), &status) != 0 && (errno == ENOENT || errno == ENOTDIR)
    }

    /// Returns the nearest directory that has an entry `name`, from the absolute path `directory` upward; `nil` when
    /// none has. All paths are looked for below `root`, a path such as `/proc/12/root`.
    package static func nearest(to directory: String, below root: String, with name: String) -> String? {
        FilePaths.ancestors(of: directory).first { kind(of: FilePaths.joined(root + $0, name)) != nil }
    }

    /// What is at a path.
    package enum Kind {
        case directory
        /// A regular file.
        case file
        /// A symbolic link to nothing.
        case danglingLink
        case other
    }

    /// Returns what is at `path`, or where a symbolic link at `path` leads; `nil` when there is nothing. stat(2).
    package static func kind(of path: String) -> Kind? {
        var status = stat()
        let path = PathText.bytes(of: path)
        guard stat(path, &status) == 0 else { return lstat(path, &status) == 0 ? .danglingLink : nil }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: return .directory
        case S_IFREG: return .file
        default: return .other
        }
    }

    /// Whether `path` is, for this process, the working directory of the process `pid`. A process in another mount
    /// namespace may have another directory at the same path. On macOS, which has no such namespaces, always `true`.
    package static func exists(_ path: String, asWorkingDirectoryOf pid: Int32) -> Bool {
        #if os(Linux)
            var theirs = stat()
            var ours = stat()
            return stat("/proc/\(pid)/cwd", &theirs) == 0 && stat(PathText.bytes(of: path), &ours) == 0
                && theirs.st_dev == ours.st_dev && theirs.st_ino == ours.st_ino
        #else
            return true
        #endif
    }

    /// Returns the names of the entries of the directory at `path`, without `.` and `..`.
    static func names(in path: String) -> [String] {
        var names: [String] = []
        forEachName(in: path) { name in
            names.append(name)
            return true
        }
        return names
    }

    /// Calls `body` with the name of each entry of the directory at `path`, without `.` and `..`, until it returns
    /// `false`.
    static func forEachName(in path: String, _ body: (String) -> Bool) {
        guard let stream = opendir(path) else { return }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            if name != ".", name != "..", !body(name) { return }
        }
    }

    /// Returns the target of the symbolic link at `path`; `nil` when there is no such link. readlink(2).
    package static func target(ofLink path: String) -> String? {
        bytes(ofLink: PathText.bytes(of: path), in: AT_FDCWD).map(PathText.path)
    }

    /// Returns the target of the symbolic link at `path`, which is relative to the open `directory`; `nil` when there
    /// is no such link. readlinkat(2).
    static func bytes(ofLink path: UnsafePointer<CChar>, in directory: Int32) -> [UInt8]? {
        // PATH_MAX on Linux.
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { buffer in
            let count = readlinkat(directory, path, buffer.baseAddress!, buffer.count)
            return count < 0 ? nil : Array(UnsafeRawBufferPointer(buffer)[..<count])
        }
    }

    /// Returns where `path` leads, without symbolic links, if that is not within `directory`; `nil` when it is. Parts
    /// of `path` that do not exist yet are left out; a link that leads nowhere counts as outside.
    package static func target(of path: String, outsideOf directory: String) -> String? {
        guard let root = FilePaths.physical(directory) else { return nil }
        var existing = path
        var status = stat()
        while existing != "/", lstat(PathText.bytes(of: existing), &status) != 0 {
            existing = FilePaths.parent(of: existing)
        }
        guard let target = FilePaths.physical(existing) else { return existing }
        return target == root || target.hasPrefix(root == "/" ? "/" : "\(root)/") ? nil : target
    }
}
