/// Selects allocations. All properties that are set must match.
package struct AllocationFilter: Hashable, Sendable {
    package var app: String?
    package var instance: String?
    package var service: String?
    package var port: Port?
    /// The id of a group of allocations that were created together.
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

    /// Whether no property is set, so that every allocation matches.
    package var isEmpty: Bool { app == nil && instance == nil && service == nil && port == nil && group == nil }
}
