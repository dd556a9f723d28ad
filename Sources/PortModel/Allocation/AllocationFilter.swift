/// Which allocations are meant; the parts that are given must all match.
package struct AllocationFilter: Hashable, Sendable {
    package var app: String?
    package var instance: String?
    package var service: String?
    package var port: Port?
    /// Of allocations that were made together.
    package var group: String?

    package init(
        app: String? = nil,
        instance: String? = nil,
        service: String? = nil,
        port: Port? = nil,
        group: String? = nil
    ) {
        self.app = app
        self.instance = instance
        self.service = service
        self.port = port
        self.group = group
    }

    /// Whether nothing is given, so that everything matches.
    package var isEmpty: Bool { app == nil && instance == nil && service == nil && port == nil && group == nil }
}
