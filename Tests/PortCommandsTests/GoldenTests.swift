import ArgumentParser
import Foundation
import Testing

@testable import PortCommands

/// Compares the help and the shell completions with files. Update the files after an intended change with
/// `PORTCTL_UPDATE_GOLDEN=1 swift test --filter Golden`.
@Suite struct GoldenTests {
    private static let directory = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")

    func expectGolden(_ name: String, _ text: String) throws {
        let file = Self.directory.appending(path: name)
        if ProcessInfo.processInfo.environment["PORTCTL_UPDATE_GOLDEN"] != nil {
            try FileManager.default.createDirectory(at: Self.directory, withIntermediateDirectories: true)
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == text)
    }

    private static var help: String {
        var text = Portctl.helpMessage(columns: 100) + "\n"
        for command in Portctl.configuration.subcommands {
            text += "\n$ portctl \(command._commandName) --help\n"
            text += Portctl.helpMessage(for: command, columns: 100) + "\n"
            for inner in command.configuration.subcommands {
                text += "\n$ portctl \(command._commandName) \(inner._commandName) --help\n"
                text += Portctl.helpMessage(for: inner, columns: 100) + "\n"
            }
        }
        for program in Program.allCases where program != .portctl {
            text += "\n$ \(program.rawValue) --help\n" + program.command.helpMessage(columns: 100) + "\n"
        }
        return text
    }

    @Test func helpMatchesTheGoldenFile() throws {
        try expectGolden("help.txt", Self.help)
    }

    /// The help is the only block of plain text in the page.
    @Test func referencePageHasTheSameHelp() throws {
        let project = Self.directory.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let file = project.appending(path: "docs/cli.md")
        let help = Self.help.replacing(#/ +\n/#, with: "\n")
        var parts = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "```text\n")
        try #require(parts.count == 2)
        let end = try #require(parts[1].range(of: "```"))
        if ProcessInfo.processInfo.environment["PORTCTL_UPDATE_GOLDEN"] != nil {
            parts[1].replaceSubrange(..<end.lowerBound, with: help)
            try parts.joined(separator: "```text\n").write(to: file, atomically: true, encoding: .utf8)
        }
        let page = try String(contentsOf: file, encoding: .utf8)
        #expect(page.contains("```text\n\(help)```"))
    }

    @Test(arguments: [("bash", CompletionShell.bash), ("zsh", .zsh), ("fish", .fish)])
    func completionsMatchTheGoldenFiles(_ name: String, _ shell: CompletionShell) throws {
        try expectGolden("completions.\(name)", Portctl.completionScript(for: shell))
    }
}
