import ArgumentParser
import PortModel
import PortSystem

struct Logs: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the end of the daemon's log.",
        discussion: """
            The log is silent in normal work. It is port-server.log in the home, or the journal while systemd runs the \
            daemon.
            """
    )

    @Option(name: [.customShort("n"), .long], help: "The number of lines to begin with.")
    var lines = 50

    @Flag(name: .shortAndLong, help: "Print what is added, until interrupted.")
    var follow = false

    func validate() throws {
        if lines < 0 { throw ValidationError("--lines must be 0 or more") }
    }

    func run() throws {
        let home = try HomeDirectory.forCommand()
        if let command = (try? LoginService.forCommand())?.logCommand(lines: lines, follow: follow) {
            throw Failure(Self.becoming(command))
        }
        if follow { throw Failure(Self.becoming(["tail", "-n", "\(lines)", "-F", home.logPath])) }
        guard let fault = PrivateFile.fault(at: home.logPath) else {
            guard PrivateFile.size(of: home.logPath) > 0 else { return Output.note("\(home.logPath) is empty") }
            let end = SmallFile.end(of: home.logPath, limit: 1 << 26)
            // The first of them may be only a part of a line.
            let whole = String(decoding: end.bytes, as: UTF8.self).split(separator: "\n").dropFirst(end.isCut ? 1 : 0)
            let last = whole.suffix(lines).map { String($0).oneLine }
            return try Output.result(last.joined(separator: "\n"))
        }
        throw Failure("the log \(home.logPath) cannot be used: \(fault)")
    }

    /// Replaces this process with `command`. Returns what went wrong.
    private static func becoming(_ command: [String]) -> String {
        let error = Execution.become(command.map { Array($0.utf8) }, environment: [])
        return "\(command[0]): \(error.reason)"
    }
}
