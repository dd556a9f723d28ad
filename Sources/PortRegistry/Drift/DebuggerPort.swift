import PortModel

/// Recognizes ports that a server opens for debuggers, beside its own.
enum DebuggerPort {
    /// The usual ports of debuggers: Node's inspector and those that follow it when it is taken, Chrome's, Java's,
    /// Python's debugpy, Go's Delve, PHP's Xdebug, Ruby's rdbg.
    private static let usual = PortSet(
        [
            PortRange("9229-9249")!, PortRange("9222-9223")!, PortRange("5005-5006")!, PortRange("5678-5679")!,
            PortRange("2345-2346")!, PortRange("9003-9003")!, PortRange("12345-12345")!,
        ].flatMap { PortSet($0) }
    )

    /// Words of the options that open such a port, as in `--inspect=0.0.0.0:4000` and
    /// `-agentlib:jdwp=…,address=*:4000`.
    private static let options = ["inspect", "jdwp", "debugpy", "--debug", "dlv", "rdbg", "remote-debugging-port"]

    /// Whether the process has opened the port for a debugger, as far as its number and the command line tell.
    static func isOne(_ port: Port, of process: Occupier) -> Bool {
        if usual.contains(port) { return true }
        let words = process.commandLine
        return words.indices.contains { index in
            options.contains(where: words[index].contains)
                && words[index...].prefix(2).contains { word in word.split { !$0.isNumber }.contains("\(port)") }
        }
    }
}
