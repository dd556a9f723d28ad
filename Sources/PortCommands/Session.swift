import PortAPI
import PortClient
import PortModel
import PortSystem

/// The connection settings of one command: sends requests to the daemon, and starts the daemon if necessary.
struct Session {
    private let client: PortClient
    private let isQuiet: Bool

    /// `quiet`: prints no note when the daemon is started, as with --json. Throws ``Failure`` for an unusable address
    /// or home.
    init(quiet: Bool = false) throws {
        isQuiet = quiet
        do {
            let address = try ServerAddress.current()
            client = PortClient(address: address, startsDaemon: address.isHome && Self.startsDaemon)
        } catch {
            throw Failure(error)
        }
    }

    /// Sends a request and decodes the response. Starts the home's daemon when none listens or the one that listens is
    /// stopping, unless PORTCTL_AUTOSTART=0. Throws ``Failure``.
    func send<Answer: Decodable>(
        _ method: String,
        _ path: String,
        body: (some Encodable)? = Optional<Bool>.none,
        as type: Answer.Type
    ) throws -> Answer {
        do throws(ClientError) {
            var attemptsLeft = Self.maximumAttempts
            while true {
                do throws(ClientError) {
                    return try client.send(method, path, body: body, as: type)
                } catch {
                    attemptsLeft -= 1
                    guard attemptsLeft > 0, let home = error.homeForRetry(method) else { throw error }
                    if case .givesWay = error, !isQuiet { Output.note(error.message) }
                    try awaitDaemon(of: home)
                }
            }
        } catch {
            throw Failure(error)
        }
    }

    /// Returns when a daemon responds. Starts one unless PORTCTL_AUTOSTART=0.
    private func awaitDaemon(of home: HomeDirectory) throws(ClientError) {
        let launcher = DaemonLauncher(home: home)
        if !Self.startsDaemon {
            guard try launcher.isRunning() else { throw .notRunning(.home(home)) }
        } else if case .started(let pid) = try launcher.start() {
            if !isQuiet && !Output.wantsJSON {
                Output.note("port-server started\(pid.map { " (pid \($0))" } ?? "")")
            }
            // What the daemon cannot do, or what was lost, is news for scripts, too.
            SandboxNote.printIfNeeded(home: home)
            for note in StatusBody.current(of: home)?.recoveryNotes ?? [] { Output.note(note) }
        }
    }

    private static var startsDaemon: Bool { Environment.value("PORTCTL_AUTOSTART") != "0" }

    /// Sends a request without waiting for a daemon: never starts one, and ignores a missing one. A refusal is an
    /// error. Throws ``Failure``.
    func sendIfRunning(_ method: String, _ path: String, body: some Encodable) throws {
        do throws(ClientError) {
            _ = try client.send(method, path, body: body, as: AllocationBody.self)
        } catch {
            if case .refused = error { throw Failure(error) }
        }
    }

    /// Prints a warning if the daemon runs in another network namespace: the states and processes that it reports are
    /// those of that one. Throws ``Failure``.
    func warnIfElsewhere() throws {
        let status = try send("GET", Paths.status, as: StatusBody.self)
        guard let network = DaemonNetwork(status), let note = network.elsewhereNote else { return }
        Output.note("warning: \(note): states and processes are those of there")
    }

    /// Allocates a port, and prints the warnings. Throws ``Failure``.
    func allocate(_ body: AllocateBody) throws -> AllocationBody {
        let allocation = try send("POST", Paths.allocations, body: body, as: AllocationBody.self)
        allocation.printWarnings()
        return allocation
    }

    /// More than two, since several daemons in a row may be stopping when they receive the request.
    private static let maximumAttempts = 5
}

extension HomeDirectory {
    /// The home that the environment selects. Throws ``Failure``.
    static func forCommand() throws -> HomeDirectory {
        do { return try HomeDirectory.current() } catch { throw Failure(error) }
    }
}

extension ServerAddress {
    /// The address that the environment selects. Throws ``Failure``.
    static func forCommand() throws -> ServerAddress {
        do { return try ServerAddress.current() } catch { throw Failure(error) }
    }
}
