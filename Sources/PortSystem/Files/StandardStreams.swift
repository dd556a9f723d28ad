import Libc

/// Descriptors 0 to 2.
package enum StandardStreams {
    /// Writes all of `text` to `descriptor`: 1 is standard output, 2 standard error. Throws what write(2) reports, such
    /// as ENOSPC.
    package static func write(_ text: String, to descriptor: Int32) throws(SystemError) {
        try write(Array(text.utf8), to: descriptor)
    }

    static func write(_ bytes: [UInt8], to descriptor: Int32) throws(SystemError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = try retrying("write") {
                rest.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
            }
            rest = rest.dropFirst(written)
        }
    }

    /// Opens /dev/null in place of standard streams that the caller closed, so that no socket or file of ours gets a
    /// number that messages are written to. The descriptors are close-on-exec: a command that this process becomes
    /// finds them closed again.
    package static func openMissing() {
        while true {
            let number = open("/dev/null", O_RDWR | O_CLOEXEC)
            if number > 2 || number < 0 {
                close(number)
                return
            }
        }
    }
}
