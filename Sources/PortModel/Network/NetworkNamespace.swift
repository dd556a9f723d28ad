/// A network namespace of Linux: network_namespaces(7). Ports, listeners and the loopback interface of one are not
/// those of another. Sandboxes and containers have one of their own.
package struct NetworkNamespace: Hashable, Sendable, CustomStringConvertible {
    /// The inode of `/proc/PID/ns/net`, unique on the machine while the namespace exists.
    package let inode: UInt64

    package init(inode: UInt64) { self.inode = inode }

    /// Parses the form of ``description``; `nil` for any other text.
    package init?(_ text: String) {
        guard text.hasPrefix("net:["), text.hasSuffix("]"), let inode = UInt64(text.dropFirst(5).dropLast()) else {
            return nil
        }
        self.init(inode: inode)
    }

    /// The name that `readlink /proc/PID/ns/net` prints, such as `net:[4026531840]`.
    package var description: String { "net:[\(inode)]" }
}
