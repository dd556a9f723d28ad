import ArgumentParser
import Testing

@testable import PortCommands

@Suite struct ProgramTests {
    @Test func everyCommandIsFoundByItsOwnName() {
        for command in Portctl.commands { #expect(command.name == command.type._commandName) }
    }

    /// Everything about a parsed command.
    private static func text(_ command: any ParsableCommand) -> String {
        var text = ""
        dump(command, to: &text)
        return text
    }

    @Test(arguments: [
        "port web", "port web --strict --json", "port a/b/c --port 3000", "run web -- npm run dev -- --port {port}",
        "run web --env-name X -- true", "lookup api --app shop", "allocate --service web", "check --port 3000",
        "who 3000 --json", "release --service web", "group allocate web api", "group list", "service status",
        "skill install --global", "list --all --json", "events --follow", "kill 3000 --yes", "version", "ls",
        "port --help", "help port", "group help list",
    ])
    func namedCommandParsesAsWithinTheWholeTree(_ line: String) throws {
        let arguments = line.split(separator: " ").map(String.init)
        let whole = Result { try Portctl.parseAsRoot(arguments) }
        let parsed = Result { try Program.portctl.parse(arguments) }
        switch (whole, parsed) {
        case (.success(let expected), .success(let command)): #expect(Self.text(command) == Self.text(expected))
        case (.failure(let expected), .failure(let error)):
            #expect(Portctl.fullMessage(for: error) == Portctl.fullMessage(for: expected))
        default: Issue.record("\(parsed) is not \(whole)")
        }
    }

    @Test(arguments: [
        "port", "port a b", "port --prot 3", "run", "lookup --nope", "group", "group nope", "check --port x",
        "portt web",
        "kill", "service install --bogus", "",
    ])
    func mistakeIsReportedAsByTheWholeTree(_ line: String) {
        let arguments = line.split(separator: " ").map(String.init)
        let whole = Result { try Portctl.parseAsRoot(arguments) }
        let parsed = Result { try Program.portctl.parse(arguments) }
        guard case .failure(let expected) = whole, case .failure(let error) = parsed else {
            return #expect((try? whole.get()).map(Self.text) == (try? parsed.get()).map(Self.text))
        }
        #expect(Portctl.fullMessage(for: error) == Portctl.fullMessage(for: expected))
        #expect(Portctl.exitCode(for: error) == Portctl.exitCode(for: expected))
    }
}
