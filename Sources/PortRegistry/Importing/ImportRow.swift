package import PortModel

/// A row of another system's file, before anything about it was checked.
package struct ImportRow: Sendable {
    /// The identity that the row's names stand for, or why they stand for none.
    package let identity: Result<ServiceIdentity, RegistryError>
    /// The name as it was written, for messages.
    package let name: String?
    package let port: Int64?
    /// The process that requested the port.
    package let pid: Int64?
    /// When the process was last known to have the port, in milliseconds since 1970; `nil` when the file has no time.
    package let seenAt: Int64?

    /// Creates a row whose names `identity` turns into an identity.
    package init(
        name: String?,
        port: Int64?,
        pid: Int64? = nil,
        seenAt: Int64? = nil,
        identity: () throws(RegistryError) -> ServiceIdentity
    ) {
        self.name = name
        self.port = port
        self.pid = pid
        self.seenAt = seenAt
        do { self.identity = .success(try identity()) } catch { self.identity = .failure(error) }
    }
}
