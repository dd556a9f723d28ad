import PortAPI
import PortErrors
import PortHTTP
import PortModel
import PortRegistry
import PortStore
import PortSystem

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// `port-server import-read FILE`: reads another system's file for `portctl import`, which links no SQLite, with the
/// rights of whoever runs it. PathText spelled the path FILE. Prints an ``ImportFileBody`` and changes nothing.
enum ImportReader {
    static let verb = "import-read"
    /// A database of 20,000 rows has about 1 MB.
    private static let maximumSize = 64 << 20

    /// Reads the file and prints what it has. Returns the exit code.
    static func run(_ path: String) -> Int32 {
        do {
            let body: ImportFileBody
            do {
                body = ImportFileBody(try read(path))
            } catch let error as RegistryError {
                body = ImportFileBody(
                    error: ErrorBody(
                        error: error.message,
                        code: error.code.rawValue,
                        subject: error.subject,
                        remedies: error.remedies
                    )
                )
            }
            try StandardStreams.write(String(decoding: JSONEncoder().encode(body), as: UTF8.self), to: 1)
            return body.error == nil ? 0 : 1
        } catch {
            try? StandardStreams.write("port-server: what \(path.oneLine) has cannot be printed: \(error)\n", to: 2)
            return 1
        }
    }

    private static func read(_ path: String) throws -> ImportedFile {
        do {
            let file = try ForeignFile(path: path, limit: maximumSize)
            guard !file.bytes.isEmpty else { throw ImportedFile.unknown(path, "is empty") }
            guard ImportedFile.isDatabase(file.bytes) else {
                return try ImportedFile(json: file.bytes, subject: path)
            }
            let found = try file.withCopy(limit: maximumSize) { try ImportedFile(databaseCopy: $0, subject: path) }
            guard let found else {
                throw RegistryError(
                    .invalidRequest,
                    "another program writes to \(path.oneLine)",
                    subject: path,
                    remedies: [.advice("stop the service that it belongs to, and try again")]
                )
            }
            return found
        } catch let error as SystemError {
            let refusal = RegistryError(error)
            guard [.notARegularFile, .tooLarge(maximum: maximumSize)].contains(error.fault) else { throw refusal }
            throw RegistryError(
                refusal.code,
                refusal.message,
                subject: refusal.subject,
                remedies: [ImportedFile.knownFiles]
            )
        }
    }
}

extension ImportFileBody {
    fileprivate init(_ file: ImportedFile) {
        let list = ImportList(file.rows, startOf: ProcessStart.milliseconds)
        self.init(
            source: file.source,
            face: file.face.rawValue,
            entries: list.entries.map(ImportEntryDTO.init),
            skipped: list.skipped.map(SkippedEntryDTO.init)
        )
    }
}
