import PortTestSupport

/// A program beside the test process. It exits with the test process at the latest.
final class OtherProgram: Sendable {
    private let program: PythonProgram
    /// The port on which the program listens; 0 when it does not.
    let port: Int

    /// Starts a program that listens on `port` of 127.0.0.1, or with 0 on a port that the kernel chooses. Returns once
    /// it listens.
    static func listening(on port: Int = 0, ignoringSIGTERM: Bool = false) throws -> OtherProgram {
        try OtherProgram(
            """
            server = socket.create_server(("127.0.0.1", \(port)))
            port = server.getsockname()[1]
            """ + (ignoringSIGTERM ? "\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)" : "")
        )
    }

    /// Starts a program that does nothing until it is ended.
    static func waiting() throws -> OtherProgram { try OtherProgram("port = 0") }

    private init(_ source: String) throws {
        let program = try PythonProgram(
            """
            import signal, socket, sys
            \(source)
            print(port, flush=True)
            sys.stdin.read()
            """
        )
        self.program = program
        port = Int(try program.readLine())!
    }

    var pid: Int32 { program.process.pid }
    var isRunning: Bool { program.process.isRunning }

    /// Waits for the end. Returns the exit status, or the negative number of the signal.
    @discardableResult
    func wait() -> Int32 { program.process.wait() }

    /// Kills the program, if it runs, and waits for the end.
    func end() { program.process.end() }
}
