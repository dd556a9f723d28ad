/// What `port-server import-read FILE` prints: the content of another system's file, or why it cannot be read.
package struct ImportFileBody: Codable, Hashable, Sendable {
    /// The name of the system that wrote the file.
    package var source: String
    /// The face whose users had the ports.
    package var face: String
    package var entries: [ImportEntryDTO]
    /// What cannot be imported whatever the registry has.
    package var skipped: [SkippedEntryDTO]
    /// Why the file cannot be read; the rest is empty then.
    package var error: ErrorBody?

    package init(source: String, face: String, entries: [ImportEntryDTO], skipped: [SkippedEntryDTO]) {
        self.source = source
        self.face = face
        self.entries = entries
        self.skipped = skipped
    }

    /// Creates the content of a file that cannot be read.
    package init(error: ErrorBody) {
        self.init(source: "", face: "", entries: [], skipped: [])
        self.error = error
    }
}
