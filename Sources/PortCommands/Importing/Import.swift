import ArgumentParser
import PortAPI
import PortClient
import PortModel
import PortSystem

struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take over the ports that another system has in FILE.",
        discussion: """
            FILE is port-registry.db of the get-port service, leases.db of PortManager's leases, or port-registry.json \
            of port-manager. It is only read. Services get the ports that they had there when they ask for one; \
            those whose process still runs have them at once, until it exits. What this registry has already stays, \
            and entries that contradict it are listed and skipped. Importing again changes nothing.
            """
    )

    @Argument(help: "The other system's file.", completion: .file())
    var file: String

    @Flag(help: "Only show what would be imported.")
    var dryRun = false

    @Flag(help: "Output as JSON.")
    var json = false

    func validate() throws {
        if file.isEmpty { throw ValidationError("FILE must not be empty") }
    }

    func run() throws {
        let content = try ImportFileBody(readingFile: CurrentProcess.path(ofArgument: file))
        let session = try Session()
        var report = ImportReport(
            file: file,
            source: content.source,
            dryRun: dryRun,
            imported: [],
            skipped: content.skipped
        )
        for entries in content.batches {
            let body = ImportRequestBody(source: content.source, face: content.face, entries: entries, dryRun: dryRun)
            let answer = try session.allocations.importEntries(body)
            report.imported += answer.imported
            report.skipped += answer.skipped
        }
        try Output.result(report, asJSON: json, text: report.text)
    }
}
