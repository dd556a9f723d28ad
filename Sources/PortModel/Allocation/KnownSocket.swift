/// A listening socket that was registered as a service's own, when its process was looked at or the service adopted.
package struct KnownSocket: Hashable, Sendable {
    /// The inode of the socket, unique during one boot.
    package var inode: UInt32
    /// The id of that boot; see ``Uptime/boot``.
    package var boot: String

    package init(inode: UInt32, boot: String) {
        self.inode = inode
        self.boot = boot
    }
}
