import Libc

/// Reads text files that people write, and gives the reason when one cannot be read as text.
package enum TextFile {
    /// Returns the text of the file at `path` without a byte order mark; `nil` when there is no such file. `limit` is
    /// the maximum size in bytes. Throws for a file that cannot be opened, is longer, or is not UTF-8. Never blocks.
    package static func content(of path: String, limit: Int = 1 << 20) throws(SystemError) -> String? {
        let bytes: [UInt8]
        do {
            guard let read = try read(path, limit: limit + 1) else { return nil }
            bytes = read
        } catch {
            throw SystemError(.textNotReadable(reason: error.reason), of: path)
        }
        guard bytes.count <= limit else { throw SystemError(.textTooLong(maximum: limit), of: path) }
        if let encoding = wideEncoding(of: bytes) { throw SystemError(.textInOtherEncoding(encoding), of: path) }
        let text = bytes.starts(with: byteOrderMark) ? bytes.dropFirst(byteOrderMark.count) : bytes[...]
        guard let content = String(validating: text, as: UTF8.self) else {
            let line = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
                .firstIndex { String(validating: $0, as: UTF8.self) == nil }
            throw SystemError(.lineNotUTF8((line ?? 0) + 1), of: path)
        }
        return content
    }

    /// UTF-8's own, which Windows editors put before the text.
    private static let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]

    /// The name of the encoding when `bytes` begin like UTF-16 or UTF-32; `nil` for any other text. Without a byte
    /// order mark, a first ASCII character leaves a zero byte.
    private static func wideEncoding(of bytes: [UInt8]) -> String? {
        if bytes.starts(with: [0xff, 0xfe, 0, 0]) || bytes.starts(with: [0, 0, 0xfe, 0xff]) { return "UTF-32" }
        if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) { return "UTF-16" }
        guard bytes.count >= 2 else { return nil }
        if bytes[0] == 0, bytes[1] != 0 { return "UTF-16BE" }
        if bytes[0] != 0, bytes[1] == 0 { return "UTF-16LE" }
        return nil
    }

    /// Reads the first bytes, not many more than `limit`; `nil` when there is no file. Throws the error of open(2) or
    /// read(2).
    private static func read(_ path: String, limit: Int) throws(SystemError) -> [UInt8]? {
        let number = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard number >= 0 else {
            if errno == ENOENT { return nil }
            throw .last("open", path)
        }
        return try FileDescriptor(owning: number).beginning(limit: limit, path)
    }
}
