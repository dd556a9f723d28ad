import Foundation
import PortAPI
import PortSystem
import PortTestSupport
import Testing

/// A home, a user's directory and the real executables, for one test. Its daemon ends with it.
final class Sandbox: Sendable {
    private let temporary: TemporaryDirectory
    /// A hundred ports for ``narrowRegistry`` and for the pool of each of the three other faces.
    private let block: PortBlock

    var root: String { temporary.root }

    /// The first of 400 ports that no other test uses.
    var firstPort: Int { block.first }
    /// The first port that `run`, `alloc` and `/alloc` give.
    var firstLease: Int { firstPort + 100 }
    /// The first port that `get-port` gives.
    var firstProject: Int { firstPort + 200 }
    /// The first port that `port-manager --allocate` gives.
    var firstManaged: Int { firstPort + 300 }

    init() throws {
        // In /tmp, because the path of a socket has a limit.
        temporary = try TemporaryDirectory(in: "/tmp")
        // Below the kernel's ephemeral range, and above the ports that most servers use.
        block = try PortBlock(of: 400, in: 11_000...30_999)
        try temporary.makeDirectory("user")
        // The links that `make build` and `make install` create beside the executables.
        try temporary.makeDirectory("bin")
        for name in ["portctl", "get-port", "release-port", "list-ports", "port-manager"] {
            try FileManager.default.createSymbolicLink(
                atPath: "\(root)/bin/\(name)",
                withDestinationPath: "\(Self.binaries)/portctl"
            )
        }
    }

    deinit {
        if let pid = daemonPID { kill(pid, SIGKILL) }
    }

    var home: HomeDirectory { HomeDirectory(path: "\(root)/home") }

    /// The pid of the process that listens on the home's socket.
    var daemonPID: Int32? {
        (try? StreamSocket.connect(path: home.socketPath, timeout: .seconds(5)))?.peer?.pid
    }

    /// The directory of the executables under test: that of the tests, or PORTCTL_BIN.
    static let binaries: String =
        ProcessInfo.processInfo.environment["PORTCTL_BIN"]
        ?? URL(filePath: ProcessInfo.processInfo.arguments[0]).deletingLastPathComponent().path

    /// The environment of the commands: a home of its own, and a TCP address that is not the one of the user's daemon.
    var environment: [String: String] {
        var environment = [
            "PATH": "\(root)/bin:\(Self.binaries):\(ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")",
            "HOME": "\(root)/user", "PORT_SERVER_HOME": home.path, "PORT_SERVER_LISTEN": "127.0.0.1:0",
            "GIT_CONFIG_GLOBAL": "/dev/null", "LANG": "C.UTF-8",
            "PORT_SERVER_POOLS_LEASES": "\(firstLease)-\(firstLease + 99)",
            "PORT_SERVER_POOLS_PROJECTS": "\(firstProject)-\(firstProject + 99)",
            "PORT_SERVER_POOLS_MANAGER": "\(firstManaged)-\(firstManaged + 99)",
        ]
        // The settings of scripts/sanitize.sh also apply to the programs.
        for name in ["TSAN_OPTIONS", "ASAN_OPTIONS", "LD_PRELOAD"] {
            environment[name] = ProcessInfo.processInfo.environment[name]
        }
        return environment
    }

    /// The environment for a daemon whose `/v1` pool also has only ports that no other test uses.
    var narrowRegistry: [String: String?] { ["PORT_SERVER_POOLS_REGISTRY": "\(firstPort)-\(firstPort + 99)"] }

    /// Waits until `condition` holds; fails the test when that takes half a minute. Polls, because another process
    /// makes it hold, and pauses between polls to leave the processors to that process.
    func wait(
        for what: String,
        sourceLocation: SourceLocation = #_sourceLocation,
        until condition: () throws -> Bool
    ) throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while try !condition() {
            try #require(ContinuousClock.now < deadline, "waited in vain for \(what)", sourceLocation: sourceLocation)
            usleep(2000)
        }
    }

    struct Outcome: Sendable {
        let status: Int32
        let output: String
        let errors: String

        /// The errors without the warning that a daemon runs in a network namespace that a test made.
        var errorsOfTheMachine: String {
            let warning = "warning: port-server runs in a network namespace of its own"
            return errors.split(separator: "\n").filter { !$0.hasPrefix(warning) }.joined(separator: "\n")
        }

        var lines: [String] { output.split(separator: "\n").map(String.init) }
    }

    /// Runs a command to its end. An `environment` with the value `nil` for a variable removes it.
    @discardableResult
    func run(
        _ command: String,
        _ arguments: String...,
        in directory: String? = nil,
        environment changes: [String: String?] = [:]
    ) throws -> Outcome {
        try run(command, arguments, in: directory, environment: changes)
    }

    func run(
        _ command: String,
        _ arguments: [String],
        in directory: String? = nil,
        environment changes: [String: String?] = [:]
    ) throws -> Outcome {
        let name = "\(root)/\(UUID().uuidString)"
        let child = try start(command, arguments, in: directory, environment: changes, outputTo: name)
        let outcome = Outcome(
            status: child.wait(),
            output: try String(contentsOfFile: "\(name).out", encoding: .utf8),
            errors: try String(contentsOfFile: "\(name).err", encoding: .utf8)
        )
        for end in ["out", "err"] { try FileManager.default.removeItem(atPath: "\(name).\(end)") }
        return outcome
    }

    /// Starts a command whose output goes to `name.out` and `name.err`.
    func start(
        _ command: String,
        _ arguments: [String],
        in directory: String? = nil,
        environment changes: [String: String?] = [:],
        outputTo name: String
    ) throws -> ChildProcess {
        var environment = environment
        for (key, value) in changes { environment[key] = value }
        return try ChildProcess(
            command,
            arguments,
            in: directory ?? "\(root)/user",
            environment: environment,
            output: .file("\(name).out"),
            errors: .file("\(name).err")
        )
    }

    /// Starts a web server on `port` of 127.0.0.1 and returns once it listens. Needs the daemon, which reports that.
    func startServer(on port: String, in directory: String? = nil) throws -> ChildProcess {
        let server = try start(
            "python3",
            ["-m", "http.server", port, "--bind", "127.0.0.1"],
            in: directory,
            outputTo: "\(root)/\(UUID().uuidString)"
        )
        try wait(for: "the server") {
            try #require(server.isRunning)
            return try portctl("who", port).status == 0
        }
        return server
    }

    /// Returns the TCP address of the daemon, such as `127.0.0.1:40000`.
    func httpAddress() throws -> String {
        let status = try portctl("status", "--json").output
        return try JSONDecoder().decode(StatusBody.self, from: Data(status.utf8)).addresses[0].address
    }

    /// Starts the daemon in the foreground and returns when its socket is open, or it has ended.
    func startDaemon(_ arguments: [String] = [], environment changes: [String: String?] = [:]) throws -> ChildProcess {
        let daemon = try start("port-server", arguments, environment: changes, outputTo: "\(root)/daemon")
        try wait(for: "the daemon's socket") { daemonPID != nil || !daemon.isRunning }
        return daemon
    }

    @discardableResult
    func portctl(
        _ arguments: String...,
        in directory: String? = nil,
        environment: [String: String?] = [:]
    ) throws -> Outcome {
        try run("portctl", arguments, in: directory, environment: environment)
    }

    /// `wait_until COMMAND [ARGUMENT ...]` runs a command until it succeeds; after half a minute the script fails.
    private static let shellFunctions = """
        wait_until() {
            tries=0
            until "$@" >/dev/null 2>&1; do
                tries=$((tries + 1))
                [ $tries -lt 1500 ] || { echo "waited in vain for: $*" >&2; exit 1; }
                sleep 0.02
            done
        }

        """

    /// Runs a shell script, which may call `wait_until`. With `ownNetwork`, it runs in a network namespace of its own
    /// whose loopback is up, with the default pools.
    func shell(_ script: String, in directory: String? = nil, ownNetwork: Bool = false) throws -> Outcome {
        let script = Self.shellFunctions + (ownNetwork ? "ip link set lo up\n" : "") + script
        let arguments = ["-e", "-c", script]
        guard ownNetwork else { return try run("sh", arguments, in: directory) }
        // Root needs no user namespace; any other user becomes root of one.
        let unshare = geteuid() == 0 ? ["--net"] : ["--user", "--map-root-user", "--net"]
        let pools = ["LEASES", "PROJECTS", "MANAGER"].map { ("PORT_SERVER_POOLS_\($0)", String?.none) }
        return try run(
            "unshare",
            unshare + ["sh"] + arguments,
            in: directory,
            environment: Dictionary(uniqueKeysWithValues: pools)
        )
    }

    /// Creates a directory and returns its path.
    func makeDirectory(_ path: String) throws -> String { try temporary.makeDirectory(path) }

    /// Creates a git repository with one commit and returns its path.
    func makeRepository(_ path: String) throws -> String {
        let directory = try makeDirectory(path)
        _ = try shell(
            """
            git init -q -b main
            git -c user.name=t -c user.email=t@example.com commit -q --allow-empty -m first
            """,
            in: directory
        )
        return directory
    }
}
