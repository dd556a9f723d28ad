import CPortSystem
import Libc
package import PortModel

extension DirectoryIdentity {
    /// Reads the identity of the directory at the physical `path`; `nil` when it cannot be read. stat(2), and for the
    /// birth time statx(2).
    package init?(ofDirectory path: String) {
        var status = stat()
        guard stat(PathText.bytes(of: path), &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
        self.init(
            inode: UInt64(status.st_ino),
            birthTime: PathText.bytes(of: path).withUnsafeBufferPointer {
                Self.birthTime(of: $0.baseAddress!, status)
            },
            device: Self.number(status.st_dev),
            boot: SystemClock.boot,
            mountPoint: Self.mountPoint(of: path, on: status.st_dev)
        )
    }

    /// Returns the time at which the directory was made, in nanoseconds since 1970; `nil` when the file system does not
    /// record it. `path` is relative to the open `directory`, and `status` is what stat(2) returned for it.
    static func birthTime(
        of path: UnsafePointer<CChar>,
        in directory: Int32 = AT_FDCWD,
        _ status: stat
    ) -> Int64? {
        #if os(Linux)
            var extended = statx()
            guard cport_statx(directory, path, &extended) == 0, extended.stx_mask & UInt32(STATX_BTIME) != 0,
                extended.stx_ino == status.st_ino
            else { return nil }
            let (seconds, nanoseconds) = (extended.stx_btime.tv_sec, Int64(extended.stx_btime.tv_nsec))
        #else
            let (seconds, nanoseconds) = (
                Int64(status.st_birthtimespec.tv_sec), Int64(status.st_birthtimespec.tv_nsec)
            )
        #endif
        // Some file systems report 0 for unknown.
        return seconds > 0 && seconds < 1 << 33 ? seconds * 1_000_000_000 + nanoseconds : nil
    }

    /// Returns the uppermost directory above `path` that is on `device`.
    private static func mountPoint(of path: String, on device: dev_t) -> String {
        var mountPoint = path
        while mountPoint != "/" {
            let parent = FilePaths.parent(of: mountPoint)
            var status = stat()
            guard stat(PathText.bytes(of: parent), &status) == 0, status.st_dev == device else { break }
            mountPoint = parent
        }
        return mountPoint
    }

    /// The number of a device; dev_t is signed on some systems.
    private static func number(_ device: dev_t) -> UInt64 { UInt64(truncatingIfNeeded: device) }
}
