import ArgumentParser
import Dispatch
import Logging
import PortAPI
import PortModel
import PortHTTP
import PortSystem
import ServiceLifecycle

/// The daemon: reads its settings, takes its home and serves until it is told to stop.
@main
struct PortServerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "port-server",
        abstract: "The port registry's daemon. portctl starts it when it needs it.",
        version: "port-server \(BuildInformation.version) (\(BuildInformation.commit), \(BuildInformation.buildDate))"
    )

    @Option(parsing: .unconditional, help: "Port on 127.0.0.1 for HTTP; it must be free. (default: 51234, if free)")
    var port: String?

    @Option(help: "Loopback address for HTTP, such as 127.0.0.1:8000 or [::1]:8000; may be repeated.")
    var listen: [String] = []

    @Flag(help: "Listen on 127.0.0.1:3030 and :9876, too, if free: where clients of the lease and project APIs look.")
    var legacyPorts = false

    @Option(help: "SQLite database. (default: ports.db in the home)")
    var db: String?

    @Option(help: "File for the process id. (default: port-server.pid in the home)")
    var pidfile: String?

    @Option(help: "trace, debug, info, notice, warning, error or critical. (default: info)")
    var logLevel: String?

    /// Not `async`: Swift would end the main thread then, and serve the main queue from another one. For that the C
    /// library unwinds the thread's stack, and in a static executable first sorts a quarter of a million frames: 36 ms
    /// in which the daemon does not start.
    static func main() {
        StandardStreams.openMissing()
        let hasStarter = StarterPipe.isOpen
        CurrentProcess.unblockSignals()
        FileMode.restrictNewFiles()
        CurrentProcess.raiseDescriptorLimit()
        let isOver = DispatchSemaphore(value: 0)
        Task.detached {
            await serve(hasStarter: hasStarter)
            isOver.signal()
        }
        isOver.wait()
    }

    private static func serve(hasStarter: Bool) async {
        do {
            try await parse().serve(hasStarter: hasStarter)
        } catch {
            if exitCode(for: error) == .success { exit(withError: error) }
            // The starter and the log expect one line.
            let line = Self.line(for: error).split(whereSeparator: \.isNewline).joined(separator: " ")
            // First the log, which the starter may point at.
            try? StandardStreams.write("port-server: \(line)\n", to: 2)
            StarterPipe.report(error is Busy ? "busy" : "failed \(line)")
            CurrentProcess.exit(1)
        }
    }

    /// The failure in one line. What ArgumentParser refuses has its own words.
    private static func line(for error: any Error) -> String {
        switch error {
        case let error as RegistryError: error.description
        case let error as Busy: error.description
        case let error as ListenFailure: error.description
        case let error as SystemError: error.description
        default: fullMessage(for: error)
        }
    }

    private func serve(hasStarter: Bool) async throws {
        let home = try HomeDirectory.current()
        try home.prepare()
        let settings = try DaemonSettings.read(
            home: home,
            flags: .init(
                port: port,
                listen: listen,
                database: db,
                pidFile: pidfile,
                logLevel: logLevel,
                legacyPorts: legacyPorts
            )
        )
        guard let lock = try await Self.takeHome(home) else { throw Busy(home: home) }
        if hasStarter { CurrentProcess.changeDirectory(to: home.path) }
        try await Daemon(home: home, settings: settings).run()
        _ = consume lock
    }

    /// The lock may be taken for a moment by a command that looks whether the home is free.
    private static func takeHome(_ home: HomeDirectory) async throws -> HomeLock? {
        for _ in 0..<5 {
            if let lock = try HomeLock.acquire(home) { return lock }
            try await Task.sleep(for: .milliseconds(10))
        }
        return nil
    }
}

/// Another daemon has the home.
struct Busy: Error, CustomStringConvertible {
    let home: HomeDirectory

    var description: String { "a daemon for \(home.path) is already running (portctl status tells more)" }
}
