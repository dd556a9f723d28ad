import Libc

/// An open file descriptor, closed at the end of the value's lifetime.
package struct FileDescriptor: ~Copyable, Sendable {
    package let number: Int32

    /// Takes ownership of `number`.
    package init(owning number: Int32) { self.number = number }

    deinit { close(number) }
}
