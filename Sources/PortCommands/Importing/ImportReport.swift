import PortAPI
import PortModel

/// What `portctl import` did.
struct ImportReport: Encodable {
    let file: String
    let source: String
    let dryRun: Bool
    var imported: [ImportEntryDTO]
    var skipped: [SkippedEntryDTO]

    enum CodingKeys: String, CodingKey {
        case file, source, imported, skipped
        case dryRun = "dry_run"
    }

    /// A line for each entry, and the numbers.
    var text: String {
        let total = imported.count + skipped.count
        let verb = dryRun ? "would be imported" : "imported"
        let lines = imported.map(\.line) + skipped.map(\.line)
        let noun = total == 1 ? "entry" : "entries"
        return (lines + ["\(imported.count) of \(total) \(noun) of \(source) \(verb)"]).joined(separator: "\n")
    }
}

extension ImportEntryDTO {
    fileprivate var line: String {
        let place = "port \(port) of \(name.oneLine)"
        return ownerPID.map { "\(place): allocated, as long as process \($0) runs" } ?? "\(place): remembered"
    }
}

extension SkippedEntryDTO {
    fileprivate var line: String {
        let owner = name.map { " of \($0.oneLine)" } ?? ""
        return "\(port.map { "port \($0)" } ?? "an entry")\(owner): skipped, \(reason.oneLine)"
    }
}
