import Foundation
import PortTestSupport
import Testing

/// What commands print when they fail: text, or JSON with --json, always on standard error.
@Suite struct CommandErrorTests {
    private let sandbox = try! Sandbox()

    /// The fields of a JSON error, which must be all that the command printed.
    private func error(
        _ command: String,
        _ arguments: String...,
        environment: [String: String?] = [:]
    ) throws -> [String: Any] {
        let outcome = try sandbox.run(command, arguments, environment: environment)
        #expect(outcome.status == 1 && outcome.output == "")
        // The tests may run in a sandbox themselves, which the command that starts the daemon says.
        let errors = outcome.errors.split(separator: "\n").filter { !$0.hasPrefix("warning: port-server runs in") }
        let object = try? JSONSerialization.jsonObject(with: Data(errors.joined(separator: "\n").utf8))
        return try #require(object as? [String: Any], "\(outcome.errors)")
    }

    @Test func refusalsOfTheDaemonHaveCodeSubjectAndHint() throws {
        // The first command also starts the daemon, and does not say so.
        let unknown = try error("portctl", "lookup", "nothing", "--json")
        #expect(unknown["code"] as? String == "service_not_found")
        #expect(unknown["subject"] as? String == "nothing")
        #expect(unknown["message"] as? String == "no service \"nothing\" is known")
        #expect(unknown["hint"] as? String == "portctl list --all shows every service")
        let port = try sandbox.portctl("port", "a/i/web").output.trimmingCharacters(in: .whitespacesAndNewlines)
        let taken = try error("portctl", "allocate", "--service", "s", "--port", port, "--json")
        #expect(taken["code"] as? String == "port_allocated" && taken["subject"] as? String == port)
        #expect((taken["holder"] as? [String: Any])?["app"] as? String == "a")
        try sandbox.portctl("port", "b/i/web")
        let ambiguous = try error("portctl", "lookup", "web", "--json")
        #expect(ambiguous["code"] as? String == "ambiguous_name")
        #expect((ambiguous["candidates"] as? [[String: Any]])?.count == 2)
        #expect(ambiguous["hint"] as? String == "name one of them as app/instance/service")
    }

    @Test(arguments: [
        ["portctl", "release", "web", "--json"], ["portctl", "release", "1", "--json"],
        ["portctl", "release", "--app", "nobody", "--json"], ["portctl", "release", "--id", "99", "--json"],
        ["portctl", "forget", "web", "--json"], ["portctl", "who", "web", "--json"],
        ["portctl", "kill", "1", "--json"], ["portctl", "why", "web", "--json"],
        ["portctl", "group", "release", "x", "--json"], ["portctl", "port", "3000", "--json"],
        ["portctl", "alloc", "web", "--ttl", "-1", "--json"], ["release-port", "1", "--json"],
        ["get-port", " ", "--json"], ["portctl", "start", "--json"],
    ])
    func everyFailureIsJSONWithACode(_ words: [String]) throws {
        try sandbox.portctl("start")
        let outcome = try sandbox.run(words[0], Array(words.dropFirst()))
        #expect(outcome.status == 1 && outcome.output == "")
        let error = try? JSONSerialization.jsonObject(with: Data(outcome.errors.utf8)) as? [String: Any]
        let code = try #require(error?["code"] as? String, "\(outcome.errors)")
        #expect(code != "failed" && error?["message"] is String, "\(outcome.errors)")
    }

    @Test func usageErrorsAreJSON() throws {
        let unknown = try error("portctl", "lst", "--json")
        #expect(unknown["code"] as? String == "usage_error" && unknown["subject"] as? String == "lst")
        #expect(unknown["message"] as? String == "Unexpected argument 'lst'. Did you mean 'list'?")
        #expect(unknown["hint"] as? String == "see: portctl --help")
        let missing = try error("portctl", "group", "allocate", "--json")
        #expect(missing["code"] as? String == "usage_error")
        #expect(missing["hint"] as? String == "see: portctl group allocate --help")
        #expect(try error("list-ports", "--bogus", "--json")["code"] as? String == "usage_error")
    }

    @Test func errorsOfTheConnectionAreJSON() throws {
        let forbidden = try error("portctl", "list", "--json", environment: ["PORTCTL_AUTOSTART": "0"])
        #expect(forbidden["code"] as? String == "not_running")
        #expect(forbidden["hint"] as? String == "start it with: portctl start")
        let elsewhere = try error("get-port", "x", "--json", environment: ["PORT_SERVER_ADDR": "127.0.0.1:1"])
        #expect(elsewhere["code"] as? String == "not_running" && elsewhere["subject"] as? String == "127.0.0.1:1")
        let malformed = try error("portctl", "port", "x", "--json", environment: ["PORT_SERVER_ADDR": "nonsense"])
        #expect(malformed["code"] as? String == "invalid_request")
    }

    @Test func hintsFitTheCommand() throws {
        let ttl = try sandbox.portctl("alloc", "web", "--ttl", "0")
        #expect(ttl.errors.contains("portctl: --ttl must be between 1 and"))
        let server = try sandbox.startServer(on: "\(sandbox.firstPort)")
        defer { server.end() }
        let port = "\(sandbox.firstPort)"
        let who = "  python3 (pid \(server.pid)) in \(sandbox.root)/user listens on it: portctl who \(port); "
        let free = "leave the port out to get a free one\n"
        for words in [["run", "web", "--port", "N", "--", "true"], ["alloc", "web", "--port", "N"]] {
            let filled = words.map { $0 == "N" ? port : $0 }
            #expect(try sandbox.run("portctl", filled).errors.hasSuffix("\(who)\(free)"))
        }
        let adopt = try sandbox.portctl("port", "web", "--port", port)
        let command = "portctl allocate --service web --port \(port) --adopt"
        #expect(adopt.errors.hasSuffix("\(who)to register it: \(command); \(free)"))
        #expect(try sandbox.shell(command).status == 0)
    }

    @Test func optionsBehindTheTerminatorAreNotThoseOfPortctl() throws {
        let outcome = try sandbox.portctl("run", "web", "--", "no-such-command", "--json")
        #expect(outcome.status == 127 && outcome.errors == "portctl: no-such-command: command not found\n")
    }

    @Test func misspeltCommandIsNamedWithTheRightOne() throws {
        let command = try sandbox.portctl("chekc", "--port", "3")
        #expect(command.status == 1 && command.output == "")
        #expect(command.errors.hasPrefix("Error: Unexpected argument 'chekc'. Did you mean 'check'?\nUsage: portctl <"))
        let inner = try sandbox.portctl("group", "lst")
        #expect(
            inner.errors.hasPrefix("Error: Unexpected argument 'lst'. Did you mean 'list'?\nUsage: portctl group <")
        )
        let option = try sandbox.portctl("check", "--prot", "3")
        #expect(option.errors.hasPrefix("Error: Unknown option '--prot'. Did you mean '--port'?\n"))
        let help = try sandbox.portctl("help", "lst")
        #expect(help.status == 0 && help.errors == "There is no command 'lst'. Did you mean 'list'?\n")
        #expect(try sandbox.portctl("help", "list").errors == "")
        #expect(try sandbox.portctl("zzz").errors.hasPrefix("Error: Unexpected argument 'zzz'\nUsage:"))
    }

    @Test(arguments: ["portctl", "get-port", "release-port", "list-ports", "port-manager"])
    func everyProgramPrintsItsVersion(_ program: String) throws {
        let outcome = try sandbox.run(program, "--version")
        #expect(outcome.status == 0 && outcome.errors == "")
        #expect(outcome.output.wholeMatch(of: try Regex("\(program) \\d+\\.\\d+\\.\\d+\n")) != nil)
    }
}
