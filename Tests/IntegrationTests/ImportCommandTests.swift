import Foundation
import PortTestSupport
import Testing

/// `portctl import` with the real daemon and files of the other systems.
@Suite struct ImportCommandTests {
    private let sandbox = try! Sandbox()

    /// Runs Python statements on a new SQLite database `c`; `crash` leaves its log behind.
    @discardableResult
    private func database(_ name: String, _ statements: String, crash: Bool = false) throws -> String {
        let path = "\(sandbox.root)/user/\(name)"
        let end = crash ? "os._exit(0)" : "c.close()"
        let script = "import os, sqlite3, sys\nc = sqlite3.connect(sys.argv[1])\n\(statements)\nc.commit()\n\(end)"
        let outcome = try sandbox.run("python3", "-c", script, path)
        try #require(outcome.status == 0, "\(outcome.errors)")
        return path
    }

    private static let assignments = """
        c.execute('''CREATE TABLE port_assignments (
            port INTEGER PRIMARY KEY, project TEXT NOT NULL, pid INTEGER NOT NULL, started INTEGER NOT NULL,
            last_seen INTEGER NOT NULL)''')

        """

    private func insert(_ port: Int, _ project: String, pid: Int32 = 1, at milliseconds: Int64 = 0) -> String {
        "c.execute('INSERT INTO port_assignments VALUES (?,?,?,?,?)', "
            + "(\(port), '\(project)', \(pid), \(milliseconds), \(milliseconds)))\n"
    }

    private var now: Int64 { Int64(Date().timeIntervalSince1970 * 1000) }

    private func run(_ arguments: String...) throws -> Sandbox.Outcome {
        try sandbox.run("portctl", ["import"] + arguments, environment: sandbox.narrowRegistry)
    }

    @Test func projectsOfTheGetPortServiceKeepTheirPorts() throws {
        let port = sandbox.firstProject + 50
        let process = try sandbox.start("sleep", ["1000"], outputTo: "\(sandbox.root)/sleeper")
        defer { process.end() }
        let path = try database(
            "port-registry.db",
            Self.assignments + insert(port, "dead") + insert(port + 1, "alive", pid: process.pid, at: now)
                + insert(port + 2, "reused", pid: process.pid, at: now - 60_000) + insert(70_000, "large")
                + insert(port + 3, "a\\nb")
        )
        let before = try Data(contentsOf: URL(filePath: path))
        let expected = """
            port \(port) of dead: remembered
            port \(port + 1) of alive: allocated, as long as process \(process.pid) runs
            port \(port + 2) of reused: remembered
            port \(port + 3) of a\u{FFFD}b: skipped, name must not contain control characters
            port 70000 of large: skipped, its port is not a number between 1 and 65535
            3 of 5 entries of the get-port service
            """
        let shown = try run("port-registry.db", "--dry-run")
        #expect(shown.status == 0 && shown.output == expected + " would be imported\n", "\(shown)")
        #expect(try sandbox.run("list-ports").output.contains("alive") == false)
        let imported = try run("port-registry.db")
        #expect(imported.status == 0 && imported.output == expected + " imported\n" && imported.errors == "")
        #expect(try sandbox.portctl("lookup", "alive").output == "\(port + 1)\n")
        #expect(try sandbox.portctl("lookup", "dead").status == 1)
        #expect(try sandbox.run("get-port", "dead").output == "\(port)\n")
        #expect(try sandbox.run("get-port", "reused").output == "\(port + 2)\n")
        // Once more changes nothing, and the file is as it was, with nothing beside it.
        let again = try run("port-registry.db")
        #expect(again.status == 0)
        #expect(again.output.contains("port \(port) of dead: skipped, it has this port here already"))
        #expect(again.output.hasSuffix("0 of 5 entries of the get-port service imported\n"))
        #expect(try Data(contentsOf: URL(filePath: path)) == before)
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(sandbox.root)/user")
        #expect(names.filter { $0.contains("registry") } == ["port-registry.db"])
    }

    @Test func rowsInSQLitesLogAreReadAndTheLogStays() throws {
        let port = sandbox.firstProject + 50
        let path = try database(
            "port-registry.db",
            "c.execute('PRAGMA journal_mode = WAL')\n" + Self.assignments + insert(port, "logged"),
            crash: true
        )
        func files() throws -> [Data] {
            try ["", "-wal", "-shm"].map { try Data(contentsOf: URL(filePath: path + $0)) }
        }
        let before = try files()
        #expect(before[1].count > 0)
        #expect(try run(path).output.hasPrefix("port \(port) of logged: remembered\n"))
        #expect(try files() == before)
    }

    @Test func leasesBecomeReplicasThatAreRemembered() throws {
        let port = sandbox.firstLease + 50
        try database(
            "leases.db",
            """
            c.execute('''CREATE TABLE leases (port INTEGER PRIMARY KEY, service_name TEXT, allocated_at TEXT,
                last_heartbeat TEXT, ttl_seconds INTEGER, tags TEXT)''')
            for port in (\(port), \(port + 1)):
                c.execute("INSERT INTO leases VALUES (?, 'my-api', '2025-01-01', '2025-01-01', 300, '[]')", (port,))
            """
        )
        #expect(try run("leases.db").output.hasSuffix("2 of 2 entries of PortManager's leases imported\n"))
        #expect(try sandbox.portctl("list", "--all").lines == [])
    }

    @Test func registryOfPortManagerNamesTheService() throws {
        let port = sandbox.firstManaged + 50
        let text =
            #"[{"port": PORT, "allocatedAt": "2025-11-26T10:00:00.000Z", "#
            + #""metadata": {"app": "miyabi", "worktree": "ui", "role": "web"}}, {"port": 1, "pid": 1}]"#
        let path = "\(sandbox.root)/user/port-registry.json"
        try text.replacing("PORT", with: "\(port)").write(toFile: path, atomically: true, encoding: .utf8)
        let link = "\(sandbox.root)/user/link.json"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "port-registry.json")
        let json = try run("link.json", "--json")
        #expect(json.status == 0)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        #expect(object["dry_run"] as? Bool == false && object["source"] as? String == "port-manager")
        let imported = try #require(object["imported"] as? [[String: Any]])
        #expect(imported.map { $0["port"] as? Int } == [port] && imported[0]["instance"] as? String == "ui")
        #expect((object["skipped"] as? [[String: Any]])?.count == 1)
        #expect(try sandbox.portctl("port", "miyabi/ui/web").output == "\(port)\n")
    }

    #if os(Linux)
        /// The other file's name is a text that looks like the spelling of the byte.
        @Test func fileWhoseNameIsNotUTF8IsNotOneWhoseNameIsItsSpelling() throws {
            let port = sandbox.firstProject + 50
            for (index, app) in ["bytes", "text"].enumerated() {
                let path = try database("\(app).db", Self.assignments + insert(port + index, app))
                let name = index == 0 ? #"$(printf '\344.db')"# : #"'\xE4.db'"#
                _ = try sandbox.shell("mv \(path) \"$PWD\"/\(name)", in: "\(sandbox.root)/user")
                let outcome = try sandbox.run(
                    "sh",
                    ["-c", "portctl import \(name)"],
                    in: "\(sandbox.root)/user",
                    environment: sandbox.narrowRegistry
                )
                #expect(outcome.output.hasPrefix("port \(port + index) of \(app): "), "\(outcome)")
            }
        }
    #endif

    @Test func tenThousandRowsAreImported() throws {
        try database(
            "port-registry.db",
            Self.assignments
                + "c.executemany('INSERT INTO port_assignments VALUES (?,?,1,0,0)', "
                + "[(20000 + i, 'x' * 100 + str(i)) for i in range(10000)])"
        )
        let outcome = try run("port-registry.db")
        #expect(outcome.status == 0)
        #expect(outcome.output.hasSuffix("10000 of 10000 entries of the get-port service imported\n"))
    }

    @Test func unreadableFileIsNamedWithWhatWasExpected() throws {
        let user = "\(sandbox.root)/user"
        _ = try sandbox.shell(
            """
            mkdir dir; mkfifo fifo; : >empty; echo hello >text; echo '{' >open.json
            truncate -s 70000000 huge; printf 'SQLite format 3\\0' >header; ln -s nowhere broken
            """,
            in: user
        )
        for (name, reason) in [
            ("dir", "is not a file"), ("fifo", "is not a file"), ("empty", "is empty"), ("/dev/null", "is not a file"),
            ("text", "is neither a SQLite database nor valid JSON"), ("huge", "has more than 64 MB"),
            ("open.json", "is neither a SQLite database nor valid JSON"), ("header", "is damaged"),
            ("broken", "cannot be read: No such file or directory"), ("missing", "cannot be read: No such file"),
        ] {
            let outcome = try run(name)
            #expect(outcome.status == 1 && outcome.output == "", "\(name)")
            #expect(outcome.errors.hasPrefix("portctl: \(name) \(reason)"), "\(name): \(outcome.errors)")
            #expect(reason.hasPrefix("cannot") || outcome.errors.contains("port-registry.json (JSON"), "\(name)")
        }
        #expect(try run("").errors.hasPrefix("Error: FILE must not be empty"))
        // A file that cannot be read starts no daemon.
        #expect(sandbox.daemonPID == nil)
    }
}
