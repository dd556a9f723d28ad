import Foundation
import PortAPI
import PortSystem
import Testing

/// `portctl doctor` reports each problem with a remedy, and changes nothing.
@Suite struct DoctorTests {
    private let sandbox = try! Sandbox()

    @Test func doctorReportsAMissingDaemonWithoutStartingIt() throws {
        let outcome = try sandbox.portctl("doctor")
        #expect(outcome.status == 0)
        #expect(
            outcome.lines.prefix(3) == [
                "! daemon: it does not run", "    → portctl start",
                "✓ home: \(sandbox.home.path) does not exist yet, and can be created",
            ]
        )
        #expect(sandbox.daemonPID == nil && !FileManager.default.fileExists(atPath: sandbox.home.path))
    }

    @Test func doctorQuotesTheLogOfADaemonThatFailedToStart() throws {
        try sandbox.portctl("start")
        try sandbox.portctl("stop")
        try "colour: red\n".write(toFile: sandbox.home.configurationPath, atomically: true, encoding: .utf8)
        #expect(try sandbox.portctl("start").status == 1)
        let outcome = try sandbox.portctl("doctor")
        #expect(outcome.output.contains("its log ends with: port-server: "))
        #expect(outcome.output.contains("there is no setting colour"))
    }

    @Test func everyCheckPassesOnAHealthyMachine() throws {
        try sandbox.portctl("start")
        let outcome = try sandbox.portctl("doctor", "--json")
        #expect(outcome.status == 0, "\(outcome.output)")
        // The tests may run in a network namespace of their own, which is a finding.
        let findings = try JSONDecoder().decode([FindingDTO].self, from: Data(outcome.output.utf8))
            .filter { $0.check != "network" }
        #expect(
            findings.map(\.check) == [
                "daemon", "socket", "permissions", "http", "database", "listeners", "ephemeral range",
                "pool registry",
                "pool leases", "pool projects", "pool manager", "conflicts",
            ]
        )
        #expect(findings.allSatisfy { $0.severity == .ok && $0.remedy == nil })
    }

    @Test func fileOpenToOtherUsersIsReportedWithARemedy() throws {
        try sandbox.portctl("start")
        chmod(sandbox.home.databasePath, 0o644)
        let outcome = try sandbox.portctl("doctor")
        #expect(outcome.status == 1)
        let path = sandbox.home.databasePath
        #expect(outcome.output.contains("✗ permissions: \(path): it is open to other users (mode 644)\n"))
        #expect(outcome.output.contains("    → chmod 600 \(path)\n"))
        try sandbox.run("sh", "-c", "chmod 600 \(path)")
        #expect(try sandbox.portctl("doctor").status == 0)
    }

    @Test func damagedDatabaseIsRecoveredAndReported() throws {
        try sandbox.portctl("start")
        let ports = try (1...300).map { try sandbox.portctl("port", "service\($0)").output }
        try sandbox.portctl("stop")
        // The change of the journal mode moves the write-ahead log into the file.
        let sqlite =
            "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('PRAGMA journal_mode = DELETE').fetchall()"
        try sandbox.run("python3", "-c", sqlite, sandbox.home.databasePath)
        let whole = try Data(contentsOf: URL(filePath: sandbox.home.databasePath))
        try whole.prefix(whole.count * 3 / 4).write(to: URL(filePath: sandbox.home.databasePath))
        let start = try sandbox.portctl("start")
        #expect(start.status == 0 && start.errors.contains("warning: the database was damaged ("), "\(start.errors)")
        #expect(try sandbox.portctl("status").output.contains("recovery:     the database was damaged ("))
        let left = try sandbox.portctl("list", "--all", "--json").output
        let allocations = try JSONDecoder().decode([AllocationBody].self, from: Data(left.utf8))
        #expect(!allocations.isEmpty && allocations.count <= 300)
        for allocation in allocations {
            let number = try #require(Int(allocation.service.dropFirst("service".count)))
            #expect(ports[number - 1] == "\(allocation.port)\n")
        }
        let outcome = try sandbox.portctl("doctor")
        #expect(outcome.status == 0)
        let path = "\(sandbox.home.databasePath).damaged-"
        #expect(
            outcome.output.contains("! database: recovered from a damaged database, which is still there: \(path)")
        )
        #expect(
            outcome.output.contains("    → check portctl list --all for missing allocations, then remove that file")
        )
        let log = try String(contentsOfFile: sandbox.home.logPath, encoding: .utf8)
        #expect(log.contains("the database was damaged (") && log.contains(path))
        let events = try sandbox.portctl("events").output
        #expect(events.contains("rebuilt") && events.contains(path))
    }

    @Test func homeThatCannotBeCreatedIsAProblem() throws {
        let nowhere: [String: String?] = ["PORT_SERVER_HOME": nil, "HOME": "/nonexistent"]
        let outcome = try sandbox.portctl("doctor", environment: nowhere)
        #expect(outcome.status == 1)
        let reason = "/nonexistent: No such file or directory"
        #expect(outcome.lines[0] == "! daemon: it does not run" && !outcome.output.contains("portctl start"))
        #expect(outcome.lines[1] == "✗ home: cannot create the directory /nonexistent/.port_server: \(reason)")
        #expect(!outcome.output.contains("only you have access"))
    }

    @Test(.enabled(if: geteuid() == 0, "a mount namespace needs root"))
    func readOnlyHomeIsAProblem() throws {
        let outcome = try sandbox.shell(
            """
            mkdir -m 700 $PORT_SERVER_HOME
            unshare --mount sh -c '
                mount --bind $PORT_SERVER_HOME $PORT_SERVER_HOME && mount -o remount,ro,bind $PORT_SERVER_HOME
                portctl doctor' || echo $?
            """
        )
        let problem = "✗ home: the directory \(sandbox.home.path) is not writable: Read-only file system"
        #expect(outcome.output.contains(problem) && outcome.lines.last == "1", "\(outcome.output)")
    }

    @Test func takenHTTPAddressIsAWarning() throws {
        let shell = try sandbox.shell(
            """
            export PORT_SERVER_LISTEN=
            mkfifo ready
            python3 -u -m http.server 51234 --bind 127.0.0.1 >ready 2>/dev/null &
            read started <ready
            portctl start >/dev/null
            portctl doctor
            kill $!; portctl stop >/dev/null
            """,
            ownNetwork: true
        )
        #expect(shell.output.contains("! http: 127.0.0.1:51234 is taken by another program"), "\(shell.errors)")
        #expect(shell.output.contains("    → portctl who 51234, or another port in config.yaml"))
    }

    @Test func poolWithoutUsablePortsIsAProblem() throws {
        try sandbox.portctl("start", environment: ["PORT_SERVER_POOLS_LEASES": "6665-6669"])
        let outcome = try sandbox.portctl("doctor")
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("✗ pool leases: 6665-6669: every port is excluded from automatic choice\n"))
        #expect(outcome.output.contains("    → give pools.leases other ranges in config.yaml"))
    }

    @Test(.enabled(if: geteuid() == 0, "a network namespace needs root"))
    func changedEphemeralRangeSuggestsARestart() throws {
        let outcome = try sandbox.shell(
            """
            portctl start >/dev/null
            echo 40000 50000 > /proc/sys/net/ipv4/ip_local_port_range
            portctl doctor | grep -A1 ephemeral
            portctl restart >/dev/null
            portctl doctor | grep ephemeral
            portctl stop >/dev/null
            """,
            ownNetwork: true
        )
        #expect(
            outcome.lines == [
                "! ephemeral range: the kernel uses 40000-50000 now; when the daemon started it used 32768-60999",
                "    → portctl restart reads the range again", "✓ ephemeral range: automatic choice avoids 40000-50000",
            ],
            "\(outcome.output)\(outcome.errors)"
        )
    }
}
