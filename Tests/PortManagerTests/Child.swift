import Foundation
import Testing

/// A Python program that a test started. It ends with the test process at the latest, whose pipe it reads.
final class Child {
    private let process = Process()
    private let input = Pipe()
    /// What the program listens on; 0 for one that does not.
    let port: Int

    /// A program that listens on `port` of 127.0.0.1; 0: on one that the kernel chooses.
    static func listening(on port: Int = 0, ignoringSIGTERM: Bool = false) throws -> Child {
        try Child(
            """
            server = socket.create_server(("127.0.0.1", \(port)))
            port = server.getsockname()[1]
            """ + (ignoringSIGTERM ? "\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)" : "")
        )
    }

    /// A program that does nothing until it is ended.
    static func waiting() throws -> Child { try Child("port = 0") }

    /// Returns once the program is ready.
    private init(_ program: String) throws {
        // Foundation leaves the test's blocked signals in its children.
        let source = """
            import signal, socket, sys
            signal.pthread_sigmask(signal.SIG_SETMASK, [])
            \(program)
            print("ready", port, flush=True)
            sys.stdin.read()
            """
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", source]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var line = Data()
        while line.last != UInt8(ascii: "\n") {
            let more = output.fileHandleForReading.availableData
            try #require(!more.isEmpty, "the program ended before it was ready")
            line += more
        }
        let words = String(decoding: line, as: UTF8.self).split { $0.isWhitespace }
        port = try #require(words.first == "ready" ? words.last.flatMap { Int($0) } : nil)
    }

    var pid: Int32 { process.processIdentifier }
    var isRunning: Bool { process.isRunning }

    /// Waits for the end: the exit status, or the negative number of the signal.
    @discardableResult
    func wait() -> Int32 {
        process.waitUntilExit()
        return process.terminationReason == .uncaughtSignal ? -process.terminationStatus : process.terminationStatus
    }

    /// Ends it at once, if it still runs, and waits for that.
    func end() {
        if process.isRunning { kill(pid, SIGKILL) }
        wait()
    }
}
