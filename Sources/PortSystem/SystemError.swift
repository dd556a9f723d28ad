import Libc

/// The failure of a system call, with its errno.
package struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The name of the C function.
    package let call: String
    /// The path, address or pid that the call was about; empty when there is none.
    package let subject: String
    /// The value of errno.
    package let number: Int32

    package init(_ call: String, _ subject: String = "", number: Int32) {
        self.call = call
        self.subject = subject
        self.number = number
    }

    /// Returns the failure of the call that was made last, from the current value of errno.
    static func last(_ call: String, _ subject: String = "") -> SystemError {
        SystemError(call, subject, number: errno)
    }

    /// The text of strerror(3), such as `Permission denied`.
    package var reason: String { String(cString: strerror(number)) }

    package var description: String {
        subject.isEmpty ? "\(call): \(reason)" : "\(call) \(subject): \(reason)"
    }
}

/// Repeats `call` as long as a signal interrupts it (EINTR). Throws any other failure; `name` and `subject` describe
/// the call in the error. A result of -1 is a failure.
@discardableResult
func retrying<Value: SignedInteger>(
    _ name: String,
    _ subject: @autoclosure () -> String = "",
    _ call: () -> Value
) throws(SystemError) -> Value {
    while true {
        let result = call()
        if result != -1 { return result }
        guard errno == EINTR else { throw .last(name, subject()) }
    }
}

/// write(2), for types whose own `write` hides it.
func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
