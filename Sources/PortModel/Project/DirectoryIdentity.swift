/// What distinguishes a directory from every other one of this machine, and finds it again after it was renamed.
package struct DirectoryIdentity: Hashable, Sendable, CustomStringConvertible {
    /// The inode of the directory, which a later directory may get again.
    package var inode: UInt64
    /// When the directory was made, in nanoseconds since 1970; `nil` on a file system that does not record it. A copy
    /// has another one.
    package var birthTime: Int64?
    /// The number of the device of its file system, which lasts as long as the boot.
    package var device: UInt64
    /// The id of the boot in which the device had that number.
    package var boot: String
    /// The directory in which its file system was mounted.
    package var mountPoint: String

    package init(inode: UInt64, birthTime: Int64?, device: UInt64, boot: String, mountPoint: String) {
        self.inode = inode
        self.birthTime = birthTime
        self.device = device
        self.boot = boot
        self.mountPoint = mountPoint
    }

    /// Whether both are certainly one directory. Never without a birth time: inodes are used again. Devices count only
    /// within one boot.
    package func isSameDirectory(as other: DirectoryIdentity) -> Bool {
        inode == other.inode && birthTime != nil && birthTime == other.birthTime
            && (boot != other.boot || device == other.device)
    }

    /// Parses ``description``; `nil` for any other text.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 4, omittingEmptySubsequences: false)
        guard parts.count == 5, let inode = UInt64(parts[0]), let device = UInt64(parts[2]), !parts[3].isEmpty,
            parts[4].hasPrefix("/")
        else { return nil }
        let birthTime = Int64(parts[1])
        guard birthTime != nil || parts[1].isEmpty else { return nil }
        self.init(
            inode: inode,
            birthTime: birthTime,
            device: device,
            boot: String(parts[3]),
            mountPoint: String(parts[4])
        )
    }

    /// The form on the wire: `INODE:BIRTH:DEVICE:BOOT:MOUNT`, with nothing for an unknown birth time.
    package var description: String {
        "\(inode):\(birthTime.map(String.init) ?? ""):\(device):\(boot):\(mountPoint)"
    }
}
