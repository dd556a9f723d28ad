package import ArgumentParser
import Dispatch
import Logging
import PortAPI
import PortErrors
import PortHTTP
import PortHost
import PortModel
import PortSystem
import ServiceLifecycle

/// The daemon's command: locks the home, reads the settings, and serves until a signal.
package struct PortServerCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "port-server",
        abstract: "The port registry's daemon. portctl starts it when needed.",
        version: "port-server \(BuildInformation.version) (\(BuildInformation.commit), \(BuildInformation.buildDate))"
    )

    package init() {}

    @Option(parsing: .unconditional, help: "Port on 127.0.0.1 for HTTP; it must be free. (default: 51234, if free)")
    var port: String?

    @Option(help: "Loopback address for HTTP, such as 127.0.0.1:8000 or [::1]:8000; may be repeated.")
    var listen: [String] = []

    @Flag(
        help: "Also listen on 127.0.0.1:3030 and :9876, if free: the ports of existing lease and project API clients."
    )
    var legacyPorts = false

    @Option(help: "SQLite database. (default: ports.db in the home)")
    var db: String?

    @Option(help: "File for the process id. (default: port-server.pid in the home)")
    var pidfile: String?

    @Option(help: "trace, debug, info, notice, warning, error or critical. (default: info)")
    var logLevel: String?

    /// Runs the command. Not `async`: with an async `main`, Swift ends the main thread and serves the main queue from
    /// another one. Ending the thread makes the C library unwind its stack, which in a static executable first sorts a
    /// quarter of a million frames and delays the start by 36 ms.
    package static func main() {
        StandardStreams.openMissing()
        if CommandLine.arguments.count == 3, CommandLine.arguments[1] == ImportReader.verb {
            CurrentProcess.exit(ImportReader.run(CommandLine.arguments[2]))
        }
        let hasStarter = StarterPipe.isOpen
        CurrentProcess.unblockSignals()
        FileMode.restrictNewFiles()
        CurrentProcess.raiseDescriptorLimit()
        let finished = DispatchSemaphore(value: 0)
        Task.detached {
            await serve(hasStarter: hasStarter)
            finished.signal()
        }
        finished.wait()
    }

    private static func serve(hasStarter: Bool) async {
        do {
            try await parse().serve(hasStarter: hasStarter)
        } catch {
            if exitCode(for: error) == .success { exit(withError: error) }
            // The process that started the daemon expects one line, and so does the log.
            let line = Self.line(for: error).split(whereSeparator: \.isNewline).joined(separator: " ")
            // The log comes first, because the starter's message may point to it.
            try? StandardStreams.write("port-server: \(line)\n", to: 2)
            StarterPipe.report(error is HomeInUseError ? "busy" : "failed \(line)")
            CurrentProcess.exit(1)
        }
    }

    /// The text of the failure. ArgumentParser words its own.
    private static func line(for error: any Error) -> String {
        switch error {
        case let error as RegistryError: error.lineWithOptions
        case let error as HomeInUseError: error.description
        case let error as AddressFailure: error.lineWithOptions
        case let error as SystemError where error.fault != nil: RegistryError(error).lineWithOptions
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
        guard let lock = try await Self.lockHome(home) else { throw HomeInUseError(home: home) }
        if hasStarter { CurrentProcess.changeDirectory(to: home.path) }
        try await Daemon(home: home, settings: settings).run()
        _ = consume lock
    }

    /// Locks the home; `nil` when another daemon has it. Retries for 50 ms, because a command that checks whether the
    /// home is free holds the lock for a moment.
    private static func lockHome(_ home: HomeDirectory) async throws -> HomeLock? {
        for _ in 0..<5 {
            do throws(SystemError) {
                if let lock = try HomeLock.acquire(home) { return lock }
            } catch {
                throw RegistryError.lockUnavailable(home.path, error)
            }
            try await Task.sleep(for: .milliseconds(10))
        }
        return nil
    }
}
