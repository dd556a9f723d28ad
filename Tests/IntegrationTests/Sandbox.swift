import Foundation
import PortAPI
import PortSystem
import Synchronization
import Testing

/// A home, a user's directory and the real executables, for one test. Its daemon ends with it.
final class Sandbox: Sendable {
    /// Short, because of the limit of socket paths.
    let root: String
    /// The first of 400 ports that no other test uses now, so that what listens elsewhere on the machine is in nobody's
    /// way: a hundred for ``narrowRegistry``, and for the pools of the three other faces.
    let firstPort: Int

    private static let blocks = Atomic<Int>(Int.random(in: 0..<50))

    /// The first port that `run`, `alloc` and `/alloc` give.
    var firstLease: Int { firstPort + 100 }
    /// The first port that `get-port` gives.
    var firstProject: Int { firstPort + 200 }
    /// The first port that `port-manager --allocate` gives.
    var firstManaged: Int { firstPort + 300 }

    init() throws {
        root = "/tmp/pct-\(UUID().uuidString.prefix(8))"
        // Below the kernel's ephemeral range, above what people use.
        firstPort = 11_000 + Self.blocks.add(1, ordering: .relaxed).newValue % 50 * 400
        try FileManager.default.createDirectory(
            atPath: "\(root)/user",
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o755]
        )
        // What `make build` and `make install` do beside the executables.
        try FileManager.default.createDirectory(atPath: "\(root)/bin", withIntermediateDirectories: false)
        for name in ["portctl", "get-port", "release-port", "list-ports", "port-manager"] {
            try FileManager.default.createSymbolicLink(
                atPath: "\(root)/bin/\(name)",
                withDestinationPath: "\(Self.binaries)/portctl"
            )
        }
    }

    deinit {
        if let pid = daemonPID { kill(pid, SIGKILL) }
        try? FileManager.default.removeItem(atPath: root)
    }

    var home: HomeDirectory { HomeDirectory(path: "\(root)/home") }

    /// The process that listens on the home's socket.
    var daemonPID: Int32? {
        (try? StreamSocket.connect(path: home.socketPath, timeout: .seconds(5)))?.peer?.pid
    }

    /// Where the executables under test are: beside the tests, or where PORTCTL_BIN says.
    static let binaries: String =
        ProcessInfo.processInfo.environment["PORTCTL_BIN"]
        ?? URL(filePath: ProcessInfo.processInfo.arguments[0]).deletingLastPathComponent().path

    /// A home of its own, and never the front door that the user's own daemon has.
    var environment: [String: String] {
        var environment = [
            "PATH": "\(root)/bin:\(Self.binaries):\(ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")",
            "HOME": "\(root)/user", "PORT_SERVER_HOME": home.path, "PORT_SERVER_LISTEN": "127.0.0.1:0",
            "GIT_CONFIG_GLOBAL": "/dev/null", "LANG": "C.UTF-8",
            "PORT_SERVER_POOLS_LEASES": "\(firstLease)-\(firstLease + 99)",
            "PORT_SERVER_POOLS_PROJECTS": "\(firstProject)-\(firstProject + 99)",
            "PORT_SERVER_POOLS_MANAGER": "\(firstManaged)-\(firstManaged + 99)",
        ]
        // What scripts/sanitize.sh says is for the programs, too.
        for name in ["TSAN_OPTIONS", "ASAN_OPTIONS", "LD_PRELOAD"] {
            environment[name] = ProcessInfo.processInfo.environment[name]
        }
        return environment
    }

    /// For a daemon whose `/v1` pool nobody else uses, too.
    var narrowRegistry: [String: String?] { ["PORT_SERVER_POOLS_REGISTRY": "\(firstPort)-\(firstPort + 99)"] }

    /// Asks again and again until `condition` holds; fails the test when that takes half a minute.
    func wait(
        for what: String,
        sourceLocation: SourceLocation = #_sourceLocation,
        until condition: () throws -> Bool
    ) throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while try !condition() {
            try #require(ContinuousClock.now < deadline, "waited in vain for \(what)", sourceLocation: sourceLocation)
        }
    }

    struct Outcome: Sendable {
        let status: Int32
        let output: String
        let errors: String

        var lines: [String] { output.split(separator: "\n").map(String.init) }
    }

    /// Runs a command to its end. An `environment` value of `nil` removes the variable.
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
    ) throws -> Child {
        var environment = environment
        for (key, value) in changes { environment[key] = value }
        return try Child(
            command,
            arguments,
            in: directory ?? "\(root)/user",
            environment: environment,
            output: "\(name).out",
            errors: "\(name).err"
        )
    }

    /// Starts the daemon in the foreground and returns when its socket is open, or it has ended.
    func startDaemon(_ arguments: [String] = [], environment changes: [String: String?] = [:]) throws -> Child {
        let daemon = try start("port-server", arguments, environment: changes, outputTo: "\(root)/daemon")
        while daemonPID == nil && daemon.isRunning { sched_yield() }
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

    /// Runs a shell script, optionally in a network namespace of its own whose loopback is up, with the usual pools.
    func shell(_ script: String, in directory: String? = nil, ownNetwork: Bool = false) throws -> Outcome {
        let arguments = ["-e", "-c", ownNetwork ? "ip link set lo up\n\(script)" : script]
        guard ownNetwork else { return try run("sh", arguments, in: directory) }
        // Root needs no user namespace; everybody else becomes root of one.
        let unshare = geteuid() == 0 ? ["--net"] : ["--user", "--map-root-user", "--net"]
        let pools = ["LEASES", "PROJECTS", "MANAGER"].map { ("PORT_SERVER_POOLS_\($0)", String?.none) }
        return try run(
            "unshare",
            unshare + ["sh"] + arguments,
            in: directory,
            environment: Dictionary(uniqueKeysWithValues: pools)
        )
    }

    func makeDirectory(_ path: String) throws -> String {
        try FileManager.default.createDirectory(atPath: "\(root)/\(path)", withIntermediateDirectories: true)
        return "\(root)/\(path)"
    }

    /// A git repository with one commit; returns its path.
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
