import Libc

/// The standard streams, descriptors 0 to 2.
package enum StandardStreams {
    /// Writes all of `text` to `descriptor`: 1 is standard output, 2 is standard error. Throws the error of write(2),
    /// such as ENOSPC.
    package static func write(_ text: String, to descriptor: Int32) throws(SystemError) {
        try write(Array(text.utf8), to: descriptor)
    }

    /// Writes all bytes to any open descriptor. Throws the error of write(2).
    static func write(_ bytes: [UInt8], to descriptor: Int32) throws(SystemError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = try retrying("write") {
                rest.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
            }
            rest = rest.dropFirst(written)
        }
    }

    /// Opens /dev/null for each standard stream that is closed. Otherwise a socket or file that is opened later could
    /// get its number and receive messages. The descriptors are close-on-exec, so a program that this process executes
    /// finds the streams closed as they were.
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
