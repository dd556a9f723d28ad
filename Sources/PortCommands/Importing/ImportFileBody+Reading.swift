import PortAPI
import PortModel
import PortSystem

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension ImportFileBody {
    /// More than 20,000 entries with the longest valid names.
    private static let maximumOutput = 64 << 20

    /// Lets the `port-server` beside this executable read the file at `path`, which PathText spelled, with this user's
    /// rights. Throws ``Failure``.
    init(readingFile path: String) throws {
        guard let directory = CurrentProcess.executableDirectory else {
            throw Failure("the executable's directory is unknown", code: "not_started")
        }
        let program = "\(directory)/port-server"
        let output: String
        do {
            output = try Subprocess.run([program, "import-read", path], limit: Self.maximumOutput, mergesErrors: false)
                .output
        } catch {
            throw Failure(
                "port-server cannot be started: \(error)",
                hint: "port-server must be in the directory of portctl: \(directory)",
                code: "not_started"
            )
        }
        guard let body = try? JSONDecoder().decode(ImportFileBody.self, from: Data(output.utf8)) else {
            throw Failure(
                "\(program) does not read files of other systems",
                hint: "install port-server and portctl of one version",
                code: "not_started"
            )
        }
        if let error = body.error {
            throw Failure(
                error.error,
                hint: error.hint(in: \.commandLineWords),
                code: error.code,
                subject: error.subject
            )
        }
        self = body
    }

    /// The entries in parts, each of which fits into the 64 KB of a request's body.
    var batches: [[ImportEntryDTO]] {
        var batches: [[ImportEntryDTO]] = []
        var size = Int.max
        for entry in entries {
            // A byte may be escaped, as six characters at most.
            let length = 6 * entry.name.utf8.count + 150
            if size > 60_000 - length {
                batches.append([])
                size = 0
            }
            batches[batches.count - 1].append(entry)
            size += length
        }
        return batches
    }
}
