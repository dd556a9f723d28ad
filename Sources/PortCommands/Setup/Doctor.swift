import ArgumentParser
import PortAPI
import PortModel

struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check the installation and suggest fixes.",
        discussion: "Changes nothing and does not start the daemon. Exit code 1 if there is a problem."
    )

    @Flag(help: "Output as JSON.")
    var json = false

    func run() throws {
        let findings = try InstallationCheck().findings()
        let text = findings.map(\.lines).joined(separator: "\n")
        try Output.result(findings, asJSON: json, text: text)
        if findings.contains(where: { $0.severity == .problem }) { throw SilentFailure() }
    }
}

extension FindingDTO {
    /// The result of the check, and its remedy in a second line.
    fileprivate var lines: String {
        let mark =
            switch severity {
            case .ok: "✓"
            case .warning: "!"
            case .problem: "✗"
            }
        let line = "\(mark) \(check): \(message.oneLine)"
        return remedy.map { "\(line)\n    → \($0.oneLine)" } ?? line
    }
}
