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
        let findings = try InstallationCheck().findings().map(\.inCommandLineWords)
        let display = Display.standardOutput
        let text = findings.map { $0.lines(for: display) }.joined(separator: "\n")
        try Output.result(findings, asJSON: json, text: text)
        if findings.contains(where: { $0.severity == .problem }) { throw SilentFailure() }
    }
}

extension FindingDTO {
    /// The finding with the remedy as the command line words it.
    var inCommandLineWords: FindingDTO {
        var finding = self
        finding.remedy = remedies?.remedies?.commandLineWords ?? remedy
        return finding
    }

    /// The result of the check, and its remedy in a line of its own. The remedy is a command to copy, so that it is not
    /// broken into lines of the window's width.
    func lines(for display: Display) -> String {
        let (mark, tone): (String, Tone) =
            switch severity {
            case .ok: ("✓", .active)
            case .warning: ("!", .lingering)
            case .problem: ("✗", .conflict)
            }
        let text = "\(check): \(message.oneLine)"
        var lines = display.width.map { text.wrapped(max(8, $0 - 2)) } ?? [text]
        lines[0] = "\(display.painted(mark, tone)) \(lines[0])"
        for index in lines.indices.dropFirst() { lines[index] = "  \(lines[index])" }
        if let remedy { lines.append("    → \(remedy.oneLine)") }
        return lines.joined(separator: "\n")
    }
}
