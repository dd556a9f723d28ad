import ArgumentParser
import Foundation
import Testing

@testable import PortCommands

/// What people and shells read, word for word. After a wanted change: PORTCTL_UPDATE_GOLDEN=1 swift test --filter Golden
@Suite struct GoldenTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")

    private func expectGolden(_ name: String, _ text: String) throws {
        let file = Self.folder.appending(path: name)
        if ProcessInfo.processInfo.environment["PORTCTL_UPDATE_GOLDEN"] != nil {
            try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == text)
    }

    @Test func theHelpOfEachCommandIsAsReviewed() throws {
        var text = Portctl.helpMessage(columns: 100) + "\n"
        for command in Portctl.configuration.subcommands + [Skill.Install.self] {
            text += "\n$ portctl \(command._commandName) --help\n"
            text += Portctl.helpMessage(for: command, columns: 100) + "\n"
        }
        try expectGolden("help.txt", text)
    }

    @Test func theReferencePageHasTheSameHelp() throws {
        let folder = Self.folder.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        func lines(_ file: URL) throws -> [String] {
            try String(contentsOf: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
                .map { String($0.replacing(#/ +$/#, with: "")) }
        }
        let help = try lines(Self.folder.appending(path: "help.txt")).joined(separator: "\n")
        #expect(try lines(folder.appending(path: "docs/cli.md")).joined(separator: "\n").contains(help))
    }

    @Test(arguments: [("bash", CompletionShell.bash), ("zsh", .zsh), ("fish", .fish)])
    func theCompletionsAreAsReviewed(_ name: String, _ shell: CompletionShell) throws {
        try expectGolden("completions.\(name)", Portctl.completionScript(for: shell))
    }
}
