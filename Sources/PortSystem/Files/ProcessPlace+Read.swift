import Libc
package import PortModel

extension ProcessPlace.Step {
    /// Reads what identifies the directory at `path`; `nil` when it cannot be read. With `root`, a path such as
    /// `/proc/12/root`, the directory is looked for below it, and its path here is that one.
    package init?(directory path: String, below root: String = "") {
        var status = stat()
        let path = root + path
        let name = PathText.bytes(of: path)
        guard stat(name, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
        self.init(
            path: path,
            device: UInt64(truncatingIfNeeded: status.st_dev),
            inode: UInt64(truncatingIfNeeded: status.st_ino),
            birthTime: name.withUnsafeBufferPointer { DirectoryIdentity.birthTime(of: $0.baseAddress!, status) }
        )
    }
}

extension DirectoryStamp {
    /// Reads the stamp of the directory at the physical `path`; `nil` when it cannot be read.
    package init?(ofDirectory path: String) {
        guard let stamp = DirectoryIdentity(ofDirectory: path)?.stamp else { return nil }
        self = stamp
    }
}

/// The mount namespaces of processes; mount_namespaces(7). On systems without them, all processes share one.
package enum MountNamespace {
    /// Returns the path below which this process sees the files of the process `pid`, such as `/proc/12/root`; the
    /// empty text for a process that sees the same ones, or whose namespace cannot be read.
    package static func root(of pid: Int32) -> String {
        #if os(Linux)
            guard let theirs = Directory.target(ofLink: "/proc/\(pid)/ns/mnt"), let own, theirs != own else {
                return ""
            }
            return "/proc/\(pid)/root"
        #else
            return ""
        #endif
    }

    #if os(Linux)
        private static let own = Directory.target(ofLink: "/proc/self/ns/mnt")
    #endif
}
