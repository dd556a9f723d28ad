/// Where a process works: what its working directory is compared by with the directories of services.
package struct ProcessPlace: Hashable, Sendable {
    /// A directory, as the process sees it.
    package struct Step: Hashable, Sendable {
        package var path: String
        /// The number of the device of its file system, and the inode: equal for one directory that is mounted at
        /// several paths.
        package var device: UInt64
        package var inode: UInt64
        /// When it was made, in nanoseconds since 1970; `nil` on a file system that does not record it.
        package var birthTime: Int64?

        package init(path: String, device: UInt64, inode: UInt64, birthTime: Int64? = nil) {
            self.path = path
            self.device = device
            self.inode = inode
            self.birthTime = birthTime
        }

        /// Whether both are one directory, whatever its path.
        package func isSameDirectory(as other: Step) -> Bool { device == other.device && inode == other.inode }

        /// Whether the directory is the one that had the stamp: a later one may have its inode.
        package func `is`(_ stamp: DirectoryStamp) -> Bool {
            device == stamp.device
                && !DirectoryStamp(inode: inode, birthTime: birthTime, device: device).differs(from: stamp)
        }
    }

    /// The directory of the nearest `.git`, and for a submodule that of the checkout around it; `nil` outside git.
    package var checkout: Step?
    /// The working directory and those above it, nearest first; empty inside a checkout, which decides alone.
    package var directories: [Step]

    /// The directories that decide: the checkout, else all.
    package var steps: [Step] { checkout.map { [$0] } ?? directories }

    package init(checkout: Step?, directories: [Step] = []) {
        self.checkout = checkout
        self.directories = directories
    }
}
