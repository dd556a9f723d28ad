/// What distinguishes a directory from a later one at the same path.
package struct DirectoryStamp: Hashable, Sendable {
    package var inode: UInt64
    /// When the directory was made, in nanoseconds since 1970; `nil` on a file system that does not record it.
    package var birthTime: Int64?
    /// The number of the device of its file system, which may be another after the next boot.
    package var device: UInt64

    package init(inode: UInt64, birthTime: Int64?, device: UInt64) {
        self.inode = inode
        self.birthTime = birthTime
        self.device = device
    }

    /// Whether both are certainly two directories. A birth time that is unknown proves nothing, nor does a device.
    package func differs(from other: DirectoryStamp) -> Bool {
        inode != other.inode || (birthTime != nil && other.birthTime != nil && birthTime != other.birthTime)
    }

    /// Parses ``description``; `nil` for any other text.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let inode = UInt64(parts[0]), parts[1].isEmpty || Int64(parts[1]) != nil,
            let device = UInt64(parts[2])
        else { return nil }
        self.init(inode: inode, birthTime: Int64(parts[1]), device: device)
    }
}

extension DirectoryStamp: CustomStringConvertible {
    /// The form in marks, in the database and on the wire: `INODE.BIRTH.DEVICE`, with nothing for an unknown birth
    /// time.
    package var description: String { "\(inode).\(birthTime.map(String.init) ?? "").\(device)" }
}

extension DirectoryIdentity {
    /// The part of the identity that a later directory at the same path cannot have.
    package var stamp: DirectoryStamp { DirectoryStamp(inode: inode, birthTime: birthTime, device: device) }
}
