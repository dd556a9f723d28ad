import Libc

/// The failure of a system call, with its errno, or a ``Fault`` that was found without one.
package struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The name of the C function; empty for a fault.
    package let call: String
    /// The path, address, pid or variable that the error is about; empty when there is none.
    package let subject: String
    /// The value of errno; 0 for a fault.
    package let number: Int32
    /// What is wrong with the subject; `nil` for the failure of a call.
    package let fault: Fault?

    package init(_ call: String, _ subject: String = "", number: Int32) {
        self.call = call
        self.subject = subject
        self.number = number
        fault = nil
    }

    /// Creates the error for something that is wrong with `subject`.
    package init(_ fault: Fault, of subject: String = "") {
        call = ""
        self.subject = subject
        number = 0
        self.fault = fault
    }

    /// Returns the failure of the call that was made last, from the current value of errno.
    static func last(_ call: String, _ subject: String = "") -> SystemError {
        SystemError(call, subject, number: errno)
    }

    /// The text of strerror(3), such as `Permission denied`; that of ``Fault/reason`` for a fault.
    package var reason: String { fault?.reason ?? String(cString: strerror(number)) }

    package var description: String {
        [call, subject].filter { !$0.isEmpty }.joined(separator: " ") + ": \(reason)"
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
