import PortTestSupport

/// The path of a database in a directory of its own, which is removed together with this value.
final class TemporaryDatabase: Sendable {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    var path: String { directory.path("ports.db") }
}
