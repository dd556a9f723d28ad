import ArgumentParser
import PortModel
import PortSystem

struct SkillInstall: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Install the port-manager agent skill.",
        discussion: """
            Installs into .claude/ (Claude Code, opencode) and .agents/ (Codex, Gemini CLI, opencode) in the working \
            directory; with --global, into each of ~/.claude, ~/.codex and ~/.agents that exists. The exit code is \
            always 0.
            """
    )

    @Flag(help: "Install to global platforms instead of project-local.")
    var global = false

    @Flag(help: "Output as JSON.")
    var json = false

    func run() throws {
        var report = Report()
        var platforms: [String] = []
        do { platforms = try self.platforms() } catch { report.failed.append(error.message) }
        for platform in platforms {
            let directory = "\(platform)/skills/\(SkillFiles.name)"
            guard !global || Directory.exists(platform) else {
                report.skipped.append(platform)
                continue
            }
            // A repository may come with a link to any place. Those in the home are the user's own.
            if !global, let here = CurrentProcess.directory,
                let outside = Directory.target(of: directory, outsideOf: here)
            {
                report.failed.append("\(directory): a symbolic link leads out of this directory, to \(outside)")
                continue
            }
            do {
                try SkillFiles.install(in: directory)
                report.installed.append(directory)
            } catch {
                report.failed.append("\(directory): \(error.reason)")
            }
        }
        try Output.result(report, asJSON: json, text: report.text)
    }

    private func platforms() throws(Failure) -> [String] {
        if global {
            guard let home = Environment.value("HOME") else {
                throw Failure("HOME is not set: set it to the directory with .claude, .codex or .agents")
            }
            return [".claude", ".codex", ".agents"].map { "\(home)/\($0)" }
        }
        guard let directory = CurrentProcess.directory else {
            throw Failure("the working directory was removed: change to another directory, or use --global")
        }
        return [".claude", ".agents"].map { "\(directory)/\($0)" }
    }

    private struct Report: Encodable {
        var installed: [String] = []
        var skipped: [String] = []
        var failed: [String] = []

        var text: String {
            (installed.map { "installed \($0.oneLine)" }
                + skipped.map { "skipped \($0.oneLine): it does not exist" }
                + failed.map { "failed \($0.oneLine)" }).joined(separator: "\n")
        }
    }
}
