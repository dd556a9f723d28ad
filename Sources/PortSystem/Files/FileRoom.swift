import CPortSystem
import Libc

/// Room on the disk that belongs to a file before it is written.
package enum FileRoom {
    /// Gives the existing file at `path` room for its first `bytes` bytes. Its content and its size stay as they are.
    /// Throws the error of open(2), fallocate(2) or fcntl(2): ENOSPC on a full disk, EOPNOTSUPP where the file system
    /// cannot do it.
    package static func reserve(_ bytes: Int, in path: String) throws(SystemError) {
        let name = PathText.bytes(of: path)
        let file = FileDescriptor(
            owning: try retrying("open", path) { open(name, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK) }
        )
        let number = file.number
        #if os(Linux)
            try retrying("fallocate", path) { cport_reserve(number, off_t(bytes)) }
        #else
            var status = stat()
            try retrying("fstat", path) { fstat(number, &status) }
            guard status.st_size < bytes else { return }
            var room = fstore_t()
            room.fst_flags = UInt32(F_ALLOCATEALL)
            room.fst_posmode = F_PEOFPOSMODE
            room.fst_length = off_t(bytes) - status.st_size
            try retrying("fcntl", path) { fcntl(number, F_PREALLOCATE, &room) }
        #endif
    }
}
