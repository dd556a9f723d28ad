import PortAPI
import PortClient
import PortModel
import PortSystem

/// A command's conversation with the daemon, which is started when it is not running.
struct Session {
    private let client: PortClient
    private let isQuiet: Bool

    /// `quiet`: does not tell that the daemon was started.
    init(quiet: Bool = false) throws {
        isQuiet = quiet
        do { client = PortClient(address: try ServerAddress.current()) } catch { throw Failure(error) }
    }

    /// Asks, starting the home's daemon when nobody listens or the one that does is ending, unless PORTCTL_AUTOSTART=0.
    func send<Answer: Decodable>(
        _ method: String,
        _ path: String,
        body: (some Encodable)? = Optional<Bool>.none,
        as type: Answer.Type
    ) throws -> Answer {
        do throws(ClientError) {
            var triesLeft = Self.tries
            while true {
                do throws(ClientError) {
                    return try client.send(method, path, body: body, as: type)
                } catch {
                    triesLeft -= 1
                    guard triesLeft > 0, let home = error.homeForRetry(method) else { throw error }
                    try awaitDaemon(of: home)
                }
            }
        } catch {
            throw Failure(error)
        }
    }

    /// Returns when there is a daemon, which is started if it may be.
    private func awaitDaemon(of home: HomeDirectory) throws(ClientError) {
        let launcher = DaemonLauncher(home: home)
        if Environment.value("PORTCTL_AUTOSTART") == "0" {
            guard try launcher.isRunning() else { throw .notRunning(.home(home)) }
        } else if case .started(let pid) = try launcher.start(), !isQuiet {
            Output.note("port-server started\(pid.map { " (pid \($0))" } ?? "")")
        }
    }

    /// Asks a daemon that runs, and does without when none does: one that was stopped is not started again. A refusal
    /// is a failure.
    func sendIfRunning(_ method: String, _ path: String, body: some Encodable) throws {
        do throws(ClientError) {
            _ = try client.send(method, path, body: body, as: AllocationBody.self)
        } catch {
            if case .refused = error { throw Failure(error) }
        }
    }

    /// Asks for a port, and tells what there is to say about it.
    func allocate(_ body: AllocateBody, for project: ResolvedProject) throws -> AllocationBody {
        let allocation = try send("POST", Paths.allocations, body: body, as: AllocationBody.self)
        project.explain(allocation.app)
        for warning in allocation.warnings ?? [] { Output.note("warning: \(warning)") }
        return allocation
    }

    /// One daemon after the other may be ending just when it is asked.
    private static let tries = 5
}

extension HomeDirectory {
    /// The home that the environment names, with a failure in the command line's words.
    static func forCommand() throws -> HomeDirectory {
        do { return try HomeDirectory.current() } catch { throw Failure(error) }
    }
}

extension ServerAddress {
    /// What the environment names, with a failure in the command line's words.
    static func forCommand() throws -> ServerAddress {
        do { return try ServerAddress.current() } catch { throw Failure(error) }
    }
}
