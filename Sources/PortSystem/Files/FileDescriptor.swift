import Libc

/// An open file descriptor, closed at the end of the value's lifetime.
package struct FileDescriptor: ~Copyable, Sendable {
    package let number: Int32

    /// Takes ownership of `number`.
    package init(owning number: Int32) { self.number = number }

    deinit { close(number) }

    /// Reads to the end, or until there are `limit` bytes; the last read may return more than that. Throws the error of
    /// read(2) about `subject`.
    borrowing func beginning(limit: Int, _ subject: String = "") throws(SystemError) -> [UInt8] {
        let number = number
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while bytes.count < limit {
            let count = try retrying("read", subject) { read(number, &buffer, buffer.count) }
            if count == 0 { break }
            bytes.append(contentsOf: buffer[..<count])
        }
        return bytes
    }
}
