import Libc

/// A system call's failure: which call, on what, and errno.
package struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The C function's name.
    package let call: String
    /// The path or address it was about; empty when there is none.
    package let subject: String
    /// The value of errno.
    package let number: Int32

    package init(_ call: String, _ subject: String = "", number: Int32) {
        self.call = call
        self.subject = subject
        self.number = number
    }

    /// The failure of the call just made.
    static func last(_ call: String, _ subject: String = "") -> SystemError {
        SystemError(call, subject, number: errno)
    }

    /// strerror(3)'s text, such as `Permission denied`.
    package var reason: String { String(cString: strerror(number)) }

    package var description: String {
        subject.isEmpty ? "\(call): \(reason)" : "\(call) \(subject): \(reason)"
    }
}

/// Repeats `call` while a signal interrupts it. Throws the errno of any other failure.
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

/// write(2), under a name that does not hide behind a type's own `write`.
func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
