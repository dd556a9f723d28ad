/// A listening socket that was registered with a service, when its port was requested or the service adopted.
package struct KnownSocket: Hashable, Sendable {
    /// The inode of the socket, unique during one boot.
    package var inode: UInt32
    /// The id of that boot; see ``Uptime/boot``.
    package var boot: String
    /// Whether the socket is the service's own: it was adopted, or proven. If not, nothing was known about it when the
    /// port was requested, and nothing spoke against it.
    package var isOwn: Bool

    package init(inode: UInt32, boot: String, isOwn: Bool = true) {
        self.inode = inode
        self.boot = boot
        self.isOwn = isOwn
    }
}
