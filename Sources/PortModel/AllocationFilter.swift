/// Which allocations are meant; the parts that are given must all match.
package struct AllocationFilter: Hashable, Sendable {
    package var app: String?
    package var instance: String?
    package var service: String?
    package var port: Port?

    package init(app: String? = nil, instance: String? = nil, service: String? = nil, port: Port? = nil) {
        self.app = app
        self.instance = instance
        self.service = service
        self.port = port
    }

    /// Whether nothing is given, so that everything matches.
    package var isEmpty: Bool { app == nil && instance == nil && service == nil && port == nil }
}
