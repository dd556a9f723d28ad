/// The mark that `run` leaves in the environment of its command, which descendants inherit however far they get from
/// it: evidence that a process belongs to a service. That a process has none proves nothing, because programs may
/// overwrite their environment.
package struct ServiceMark: Hashable, Sendable {
    /// The environment variable that contains the mark.
    package static let variable = "PORTCTL_MARK"

    /// The id of the registry, which is that of its database.
    package var registry: String
    /// The ``Allocation/id`` of the service.
    package var allocation: Int64
    /// The service's directory when the mark was made; `nil` for a service without one.
    package var directory: DirectoryStamp?

    package init(registry: String, allocation: Int64, directory: DirectoryStamp?) {
        self.registry = registry
        self.allocation = allocation
        self.directory = directory
    }

    /// Parses ``description``; `nil` for any other text.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[0].isEmpty, parts[0].utf8.count <= 64, let allocation = Int64(parts[1]),
            allocation > 0
        else { return nil }
        let directory = DirectoryStamp(parts[2])
        guard directory != nil || parts[2].isEmpty else { return nil }
        self.init(registry: String(parts[0]), allocation: allocation, directory: directory)
    }
}

extension ServiceMark: CustomStringConvertible {
    /// The value of the variable: `REGISTRY:ALLOCATION:INODE.BIRTH.DEVICE`, with nothing for a service without a
    /// directory.
    package var description: String { "\(registry):\(allocation):\(directory.map(\.description) ?? "")" }
}
