import ArgumentParser
import Foundation
import Testing

@testable import PortCommands

/// Checks the agent skill against the open specification of skills (agentskills.io), and its commands against the
/// command line.
@Suite struct SkillTests {
    private static let files = SkillFiles.all.map { (path: $0.path, text: String(decoding: $0.text, as: UTF8.self)) }

    /// The fields of SKILL.md's front matter, and the text below it.
    private static func skill() throws -> (fields: [String: String], body: String) {
        let text = try #require(files.first { $0.path == "SKILL.md" }).text
        let parts = text.components(separatedBy: "---\n")
        try #require(parts.count >= 3 && parts[0].isEmpty)
        var fields: [String: String] = [:]
        for line in parts[1].split(separator: "\n") {
            let colon = try #require(line.firstIndex(of: ":"), "\(line) is not one field on one line")
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            try #require(!value.contains(": "), "\(line) would need quotes in YAML")
            fields[String(line[..<colon])] = value
        }
        return (fields, parts[2...].joined(separator: "---\n"))
    }

    /// The lines of `text` inside its fenced blocks of shell code.
    private static func shellLines(of text: String) -> [String] {
        var isShell = false
        return text.components(separatedBy: "\n").filter { line in
            let content = line.trimmingCharacters(in: .whitespaces)
            if content.hasPrefix("```") {
                isShell = content == "```bash"
                return false
            }
            return isShell
        }
    }

    @Test func skillIsValidByTheOpenSpecification() throws {
        let (fields, body) = try Self.skill()
        #expect(Set(fields.keys) == ["name", "description", "allowed-tools"])
        let name = try #require(fields["name"])
        #expect(name.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) != nil && name.count <= 64)
        let description = try #require(fields["description"])
        #expect((1..<1024).contains(description.count))
        // A token of English text or code is longer than two bytes on average; the limit is 5,000 tokens.
        #expect(body.utf8.count / 2 < 5000)
        #expect(body.components(separatedBy: "\n").count < 500)
    }

    @Test func directoryOfTheSkillHasItsName() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: directory) }
        let name = try #require(try Self.skill().fields["name"])
        try SkillFiles.install(in: directory.appending(path: SkillFiles.name).path)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == [name])
    }

    @Test func everyFileThatTheSkillMentionsIsInstalled() throws {
        let body = try Self.skill().body
        for link in body.matches(of: /\]\(([^):]+)\)/) {
            #expect(Self.files.contains { $0.path == String(link.1) })
        }
        #expect(body.contains("(references/WORKFLOW.md)"))
    }

    @Test func everyCommandOfTheSkillIsUnderstood() throws {
        var count = 0
        for line in Self.files.flatMap({ Self.shellLines(of: $0.text) }) {
            for command in line.matches(of: /portctl ([^)#&|;"]+)/) {
                count += 1
                let arguments = command.1.split(separator: " ").map(String.init)
                #expect(throws: Never.self, "portctl \(command.1)") { try Portctl.parseAsRoot(arguments) }
            }
        }
        #expect(count >= 20)
    }

    @Test func noSnippetOfTheSkillWritesAFile() {
        for line in Self.files.flatMap({ Self.shellLines(of: $0.text) }) {
            #expect(!line.contains(">") && !line.contains("tee "), "\(line)")
        }
    }

    @Test func everyHostPortOfTheSkillsComposeFilesStopsWhenItIsEmpty() {
        for file in Self.files {
            for entry in file.text.matches(of: /ports: \["[^"]*"\]/) {
                #expect(entry.0.contains(/\$\{[A-Z_]+:\?[^}]+\}:/), "\(entry.0)")
            }
        }
    }
}
