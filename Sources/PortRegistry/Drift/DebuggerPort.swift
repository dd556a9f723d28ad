import PortModel

/// Recognizes ports that a server opens for debuggers, beside its own.
enum DebuggerPort {
    /// The usual ports of a kind of program, and what the names of such programs begin with.
    private struct Usual {
        var programs: [String]
        var ports: PortRange
    }

    /// Where debuggers are expected without an option: Node's inspector and those that follow it when it is taken,
    /// Chrome's, Java's, Python's debugpy, Go's Delve, Ruby's rdbg.
    private static let usual = [
        Usual(programs: ["node", "bun", "deno", "electron"], ports: PortRange("9229-9249")!),
        Usual(programs: ["chrom", "google-chrome", "msedge", "electron"], ports: PortRange("9222-9223")!),
        Usual(programs: ["java"], ports: PortRange("5005-5006")!),
        Usual(programs: ["python"], ports: PortRange("5678-5679")!),
        Usual(programs: ["dlv", "__debug_bin"], ports: PortRange("2345-2346")!),
        Usual(programs: ["ruby", "rdbg"], ports: PortRange("12345-12345")!),
    ]

    /// How the options begin that open such a port, as in `--inspect=0.0.0.0:4000`, `--inspect-brk` and
    /// `-agentlib:jdwp=…,address=*:4000`.
    private static let options = ["--inspect", "--debug", "--remote-debugging-port", "-agentlib:jdwp", "-Xrunjdwp"]

    /// Programs and modules that serve a debugger for another program, as in `python -m debugpy --listen 4000 app.py`,
    /// and how the first option begins that names the port.
    private static let servers: Set = ["debugpy", "dlv", "rdbg"]
    private static let serverOptions = ["--listen", "--port"]

    /// Whether the process has opened the port for a debugger, as far as its number and the command line tell.
    static func isOne(_ port: Port, of process: Occupier) -> Bool {
        let words = process.commandLine
        let names = [process.name, words.first.map(baseName) ?? ""]
        let isUsual = usual.contains { usual in
            usual.ports.contains(port) && names.contains { usual.programs.contains(where: $0.hasPrefix) }
        }
        if isUsual { return true }
        var options = words.indices.filter { Self.options.contains(where: words[$0].hasPrefix) }
        if let server = words.firstIndex(where: { servers.contains(baseName($0)) }) {
            let first = words[server...].firstIndex { serverOptions.contains(where: $0.hasPrefix) }
            options += first.map { [$0] } ?? []
        }
        // The number is in the option's own word or in the next.
        return options.contains { words[$0...].prefix(2).contains { contains($0, port) } }
    }

    private static func contains(_ word: String, _ port: Port) -> Bool {
        word.split { !$0.isNumber }.contains("\(port)")
    }

    private static func baseName(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? "" }
}
