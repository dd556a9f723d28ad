import Foundation
import PortSystem
import Synchronization

/// A pipe to or from a process that a test started. No other process inherits its ends.
package final class ChildPipe: Sendable {
    package let readingEnd: Int32
    package let writingEnd: Int32
    private let isWritingEndOpen = Atomic(true)

    package init() throws {
        var ends: [Int32] = [-1, -1]
        // A pair of sockets, because Glibc declares pipe2(2) only for GNU programs, and pipe(2) leaves a moment in
        // which a process that another test starts inherits the ends.
        #if os(Linux)
            let result = socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends)
        #else
            let result = socketpair(AF_UNIX, SOCK_STREAM, 0, &ends)
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        #endif
        guard result == 0 else { throw SystemError("socketpair", number: errno) }
        (readingEnd, writingEnd) = (ends[0], ends[1])
    }

    deinit {
        closeWritingEnd()
        close(readingEnd)
    }

    /// Closes this process's writing end. Whoever reads meets the end of the input once no other process has it open.
    package func closeWritingEnd() {
        if isWritingEndOpen.exchange(false, ordering: .relaxed) { close(writingEnd) }
    }

    /// Writes all of `text`.
    package func write(_ text: String) throws {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Foundation.write(writingEnd, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw SystemError("write", number: errno) }
            bytes = bytes.dropFirst(count)
        }
    }

    /// Waits for a line and returns it without its end; `nil` when the input ends before.
    package func readLine() throws -> String? {
        var line: [UInt8] = []
        while let byte = try readByte() {
            if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
            line.append(byte)
        }
        return nil
    }

    /// Waits for the end of the input and returns all of it.
    package func readToEnd() throws -> String {
        var bytes: [UInt8] = []
        while let byte = try readByte() { bytes.append(byte) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func readByte() throws -> UInt8? {
        var byte: UInt8 = 0
        while true {
            let count = read(readingEnd, &byte, 1)
            if count >= 0 { return count == 1 ? byte : nil }
            guard errno == EINTR else { throw SystemError("read", number: errno) }
        }
    }
}
