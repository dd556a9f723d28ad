import FoundationEssentials

/// A path in a folder of its own, which goes with this value.
final class TemporaryDatabase {
    let path: String
    private let folder: URL

    init() {
        folder = FileManager.default.temporaryDirectory.appending(path: "portctl-\(UUID().uuidString)")
        try! FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.appending(path: "ports.db").path
    }

    deinit { try? FileManager.default.removeItem(at: folder) }
}
