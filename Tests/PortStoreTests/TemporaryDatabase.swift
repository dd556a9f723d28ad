import FoundationEssentials

/// A path in a directory of its own, which goes with this value.
final class TemporaryDatabase {
    let path: String
    private let directory: URL

    init() {
        directory = FileManager.default.temporaryDirectory.appending(path: "portctl-\(UUID().uuidString)")
        try! FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        path = directory.appending(path: "ports.db").path
    }

    deinit { try? FileManager.default.removeItem(at: directory) }
}
