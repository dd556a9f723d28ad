import PortAPI
import PortClient
import PortModel
import PortSystem

/// The requests of one command to the daemon: starts it if necessary, and throws ``Failure``.
struct Session {
    private let client: PortClient
    private let address: ServerAddress

    /// `quiet`: prints no note when the daemon is started, as with --json. Throws ``Failure`` for an unusable address
    /// or home. Without `startsDaemon` it starts none.
    init(quiet: Bool = false, startsDaemon: Bool = true) throws {
        address = try ServerAddress.forCommand()
        let startsDaemon = startsDaemon && Environment.value("PORTCTL_AUTOSTART") != "0"
        client = PortClient(
            address: address,
            policy: startsDaemon ? .start { Self.print($0, isQuiet: quiet) } : .wait
        )
    }

    /// Prints what a user should know of a daemon that was started.
    private static func print(_ event: LaunchEvent, isQuiet: Bool) {
        switch event {
        case .daemonGivesWay(let reason):
            if !isQuiet { Output.note(reason) }
        case .daemonStarted(let home, let pid):
            if !isQuiet && !Output.wantsJSON { Output.note("port-server started\(pid.map { " (pid \($0))" } ?? "")") }
            // What the daemon cannot do, or what was lost, is news for scripts, too.
            SandboxNote.printIfNeeded(home: home)
            for note in StatusBody.current(of: home)?.recoveryNotes ?? [] { Output.note(note) }
        }
    }

    /// Sends a request only to a daemon that runs: starts none, and ignores one that is missing. A refusal is an error.
    /// Throws ``Failure``.
    func ifRunning(_ request: (PortClient) throws(ClientError) -> Void) throws {
        do throws(ClientError) {
            try request(PortClient(address: address))
        } catch {
            if case .refused = error { throw Failure(error) }
        }
    }

    /// Prints a warning if the daemon runs in another network namespace: the states and processes that it reports are
    /// those of that one. Throws ``Failure``.
    func warnIfElsewhere() throws {
        guard let network = DaemonNetwork(try daemon.status()), let note = network.elsewhereNote else { return }
        Output.note("warning: \(note): states and processes are those of there")
    }

    /// Allocates a port, and prints the warnings. Throws ``Failure``.
    func allocate(_ body: AllocateBody) throws -> AllocationBody {
        let allocation = try allocations.create(body)
        allocation.printWarnings()
        return allocation
    }
}

extension Session: EndpointCaller {
    func call<Query: QueryParameters, Answer: Decodable>(
        _ endpoint: Endpoint<Query, Answer>,
        at parameters: [String],
        _ query: Query
    ) throws(Failure) -> Answer {
        do { return try client.call(endpoint, at: parameters, query) } catch { throw Failure(error) }
    }

    func call<Body: Encodable, Answer: Decodable>(
        _ endpoint: Endpoint<Body, Answer>,
        at parameters: [String],
        _ body: Body
    ) throws(Failure) -> Answer {
        do { return try client.call(endpoint, at: parameters, body) } catch { throw Failure(error) }
    }
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
