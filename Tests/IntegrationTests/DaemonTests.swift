import Foundation
import PortSystem
import PortTestSupport
import Synchronization
import Testing

@Suite struct DaemonTests {
    private let sandbox = try! Sandbox()

    @Test func oneOfManySimultaneousStartsSurvives() throws {
        let starts = try (0..<50).map { index in
            try sandbox.start("port-server", [], outputTo: "\(sandbox.root)/start\(index)")
        }
        let survivors = Survivors(starts)
        defer { survivors.end() }
        try sandbox.wait(for: "the end of all but one") { survivors.pids.count <= 1 }
        // The others may have given up before it listens.
        try sandbox.wait(for: "the survivor's socket") { sandbox.daemonPID != nil }
        let pid = try #require(sandbox.daemonPID)
        #expect(survivors.pids == [pid])
        let refused = try String(contentsOfFile: "\(sandbox.root)/start\(survivors.firstEnded).err", encoding: .utf8)
        #expect(refused.hasPrefix("port-server: a daemon for \(sandbox.home.path) is already running"))
        kill(pid, SIGTERM)
        survivors.waitForAll()
    }

    @Test func concurrentCommandsStartOneDaemon() throws {
        let outcome = try sandbox.shell(
            "for i in 1 2 3 4 5 6 7 8 9 10; do portctl port s$i > out$i & done; wait; cat out* | sort -u | wc -l"
        )
        #expect(outcome.output.trimmingCharacters(in: .whitespacesAndNewlines) == "10")
        let starts = outcome.errors.split(separator: "\n").count { $0.hasPrefix("port-server started") }
        #expect(starts == 1)
    }

    #if os(Linux)
        /// Until the kernel has closed the files of a killed daemon, its home is locked and its socket accepts
        /// connections. On macOS a client does not learn that its request was never read.
        @Test(arguments: [
            ("start", 0, "port-server started"), ("port web", 0, "port-server started"),
            ("list", 0, "port-server started"), ("status", 0, "port-server is not running"),
            ("doctor", 0, "it does not run"), ("health", 1, "port-server is not running"),
            ("PORTCTL_AUTOSTART=0 list", 1, "port-server is not running"),
        ])
        func killedDaemonCountsAsStoppedBeforeItsSocketCloses(
            _ command: String,
            _ status: Int,
            _ message: String
        ) throws {
            let ending = "listener.accept()[0].recv(1, socket.MSG_PEEK)"
            try expect(command, beside: ending, toExitWith: status, andPrint: message)
        }

        /// A daemon that is stopping has already removed its socket, and still has its home locked.
        @Test(arguments: [
            ("start", 0, "port-server started"), ("port web", 0, "port-server started"),
            ("stop", 1, "port-server is not running"), ("status", 0, "port-server is not running"),
            ("doctor", 0, "it does not run"), ("PORTCTL_AUTOSTART=0 list", 1, "port-server is not running"),
        ])
        func stoppingDaemonCountsAsStoppedBeforeItsHomeIsUnlocked(
            _ command: String,
            _ status: Int,
            _ message: String
        ) throws {
            let ending = """
                listener.close()
                os.remove('port-server.sock')
                while not os.path.exists('../trace') or open('../trace').read().count('EAGAIN') < 3: time.sleep(0.002)
                """
            try expect(command, beside: ending, toExitWith: status, andPrint: message)
        }

        /// Runs `portctl` beside a stand-in for the daemon, which has the home and its socket, runs `ending` and exits.
        /// It can read in `../trace` how often the command found the home locked.
        private func expect(
            _ command: String,
            beside ending: String,
            toExitWith status: Int,
            andPrint message: String
        ) throws {
            try sandbox.home.prepare()
            let program = """
                import fcntl, os, socket, time
                os.umask(0o077)
                fcntl.flock(os.open('.', os.O_RDONLY), fcntl.LOCK_EX)
                listener = socket.socket(socket.AF_UNIX)
                listener.bind('port-server.sock')
                listener.listen()
                open('is-there', 'w')
                \(ending)
                """
            let standIn = try sandbox.start(
                "python3",
                ["-c", program],
                in: sandbox.home.path,
                outputTo: "\(sandbox.root)/stand-in"
            )
            defer { standIn.end() }
            try sandbox.wait(for: "the stand-in") {
                FileManager.default.fileExists(atPath: "\(sandbox.home.path)/is-there")
            }
            let trace = ["-qq", "-e", "trace=flock", "-o", "\(sandbox.root)/trace"]
            var words = command.split(separator: " ").map(String.init)
            let setting = words[0].contains("=") ? [words.removeFirst()] : []
            let outcome = try sandbox.run("strace", trace + ["env"] + setting + ["portctl"] + words)
            #expect(outcome.status == status)
            #expect((outcome.output + outcome.errors).contains(message), "\(outcome)")
        }
    #endif

    @Test func commandsSucceedWhileTheDaemonRestarts() throws {
        try sandbox.portctl("start")
        let restarts = Atomic(true)
        Threads.run(4) { thread in
            do {
                if thread == 0 {
                    defer { restarts.store(false, ordering: .relaxed) }
                    for _ in 0..<20 {
                        let outcome = try sandbox.portctl("restart")
                        #expect(outcome.status == 0, "\(outcome.errors)")
                    }
                }
                while restarts.load(ordering: .relaxed) {
                    let outcome = try sandbox.portctl("port", "s\(thread)")
                    #expect(outcome.status == 0, "\(outcome.errors)")
                }
            } catch {
                Issue.record(error)
            }
        }
    }

    @Test func processNamedByAStalePidFileIsNotSignalled() throws {
        try sandbox.home.prepare()
        let bystander = try sandbox.start("sleep", ["60"], outputTo: "\(sandbox.root)/bystander")
        defer { bystander.end() }
        try PrivateFile.replace(sandbox.home.pidFilePath, with: "\(bystander.pid)\n")
        let stop = try sandbox.portctl("stop")
        #expect(stop.status == 1 && stop.errors.contains("removed a stale pid file"))
        #expect(bystander.isRunning)
        try PrivateFile.replace(sandbox.home.pidFilePath, with: "\(bystander.pid)\n")
        let status = try sandbox.portctl("status")
        #expect(status.status == 0 && status.errors == "removed a stale pid file\n")
        #expect(try sandbox.portctl("start").status == 0)
    }

    @Test func daemonWithoutItsSocketIsReportedAsRunning() throws {
        let daemon = try sandbox.startDaemon()
        try FileManager.default.removeItem(atPath: sandbox.home.socketPath)
        let status = try sandbox.portctl("status")
        #expect(status.status == 0 && status.output == "port-server is running, but not reachable\n")
        #expect(status.errors.contains("does not listen on \(sandbox.home.socketPath)"))
        #expect(status.errors.contains("end that port-server (pid \(daemon.pid) according to its pid file)"))
        #expect(try sandbox.portctl("stop").status == 1)
        #expect(daemon.isRunning)
        daemon.end()
    }

    @Test(.enabled(if: geteuid() == 0, "a pid namespace needs root"))
    func daemonInAnotherPidNamespaceIsNotStopped() throws {
        let daemon = try sandbox.startDaemon()
        let outcome = try sandbox.shell(
            """
            unshare --pid --fork --mount-proc sh -c '
                i=0; while [ $i -lt 40 ]; do sleep 100 & i=$((i+1)); done
                echo $! > $PORT_SERVER_HOME/port-server.pid
                portctl stop || echo "stop $?"
                kill -0 $! && echo alive
                kill -9 -1'
            """
        )
        #expect(outcome.output.contains("stop 1\nalive\n"), "\(outcome.errors)")
        #expect(outcome.errors.contains("cannot be seen"))
        #expect(daemon.isRunning)
        daemon.end()
    }

    @Test func fileInPlaceOfTheSocketIsNamed() throws {
        try sandbox.home.prepare()
        try PrivateFile.replace(sandbox.home.socketPath, with: "no socket")
        let outcome = try sandbox.run("port-server")
        #expect(outcome.status == 1 && outcome.errors.contains("is in the way: it is not a socket of yours"))
    }

    @Test func copyOfTheDatabaseOfAStoppedDaemonIsTheRegistry() throws {
        try sandbox.portctl("port", "web")
        try sandbox.portctl("stop")
        let copy = try sandbox.makeDirectory("copy")
        try FileManager.default.copyItem(atPath: sandbox.home.databasePath, toPath: "\(copy)/ports.db")
        let query = """
            import sqlite3, sys
            print(*sqlite3.connect(sys.argv[1]).execute('SELECT service FROM allocation'))
            """
        #expect(try sandbox.run("python3", "-c", query, "\(copy)/ports.db").output == "('web',)\n")
        #expect(PrivateFile.size(of: "\(sandbox.home.databasePath)-wal") == 0)
    }

    @Test func removedDatabaseMakesTheDaemonUnhealthyUntilARestart() throws {
        try sandbox.portctl("port", "web")
        try FileManager.default.removeItem(atPath: sandbox.home.databasePath)
        let reason = "the database file was removed or replaced while it was open"
        let health = try sandbox.portctl("health")
        #expect(health.status == 1 && health.errors.contains("unhealthy: \(reason)"))
        #expect(health.errors.contains("portctl restart opens the current file"))
        let status = try sandbox.portctl("status")
        #expect(status.output == "port-server is running, but unhealthy: \(reason)\n")
        try sandbox.portctl("restart")
        #expect(try sandbox.portctl("health").status == 0)
        // The stop did not empty the log, which may have the only copy of what was in the file.
        let aside = try FileManager.default.contentsOfDirectory(atPath: sandbox.home.path)
            .first { $0.contains(".damaged-") }
        #expect(PrivateFile.size(of: "\(sandbox.home.path)/\(try #require(aside))") > 0)
    }

    @Test func logsPrintsTheEndOfTheLog() throws {
        #expect(try sandbox.portctl("logs").errors == "\(sandbox.home.logPath) is empty\n")
        try sandbox.portctl("start")
        try sandbox.portctl("stop")
        try sandbox.portctl("start")
        let pid = try #require(sandbox.daemonPID)
        #expect(try sandbox.portctl("logs").lines.count == 2)
        #expect(try sandbox.portctl("logs", "-n", "1").output == "port-server: ready (pid \(pid))\n")
        let follower = try sandbox.start("portctl", ["logs", "--follow"], outputTo: "\(sandbox.root)/follower")
        defer { follower.end() }
        try sandbox.portctl("restart")
        let next = try #require(sandbox.daemonPID)
        try sandbox.wait(for: "the new daemon's line") {
            let printed = try String(contentsOfFile: "\(sandbox.root)/follower.out", encoding: .utf8)
            return printed.contains("ready (pid \(next))")
        }
    }

    @Test func logOfATakenAddressHasTheSystemsWords() throws {
        let outcome = try sandbox.shell(
            """
            unset PORT_SERVER_LISTEN
            mkfifo ready
            python3 -u -m http.server 51234 --bind 127.0.0.1 >ready 2>/dev/null &
            read started <ready
            portctl start >/dev/null
            portctl logs
            kill $!; portctl stop >/dev/null
            """,
            ownNetwork: true
        )
        #expect(outcome.output.contains(#"reason="Address already in use""#), "\(outcome.output)")
        #expect(outcome.errors.contains("warning: 127.0.0.1:51234 is taken by another program"))
    }

    #if os(Linux)
        /// flock(2) is for the home, fcntl(2) for SQLite.
        @Test(arguments: [("flock", "home"), ("fcntl", "home/ports.db.locks")])
        func fileSystemWithoutLocksIsNamedWithTheRemedy(_ call: String, _ path: String) throws {
            let outcome = try sandbox.run(
                "strace",
                "-qq",
                "-f",
                "-o",
                "/dev/null",
                "-P",
                "\(sandbox.root)/\(path)",
                "-e",
                "inject=\(call):error=ENOLCK",
                "port-server"
            )
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("cannot be locked: No locks available"), "\(outcome.errors)")
            #expect(outcome.errors.contains("set PORT_SERVER_HOME to a directory on a local disk"))
        }
    #endif

    @Test func onlyAMissingPortServerBelongsBesidePortctl() throws {
        let binaries = try sandbox.makeDirectory("elsewhere")
        try sandbox.run("cp", "\(Sandbox.binaries)/portctl", binaries)
        let missing = try sandbox.run("\(binaries)/portctl", "start")
        #expect(missing.errors.contains("port-server must be in the directory of portctl: \(binaries)"))
        try "".write(toFile: "\(binaries)/port-server", atomically: true, encoding: .utf8)
        let forbidden = try sandbox.run("\(binaries)/portctl", "start")
        #expect(forbidden.status == 1 && forbidden.errors.contains("Permission denied"), "\(forbidden.errors)")
        #expect(!forbidden.errors.contains("must be in the directory"))
    }

    @Test func daemonStopsCleanlyOnSIGTERMAndSIGINT() throws {
        for signal in [SIGTERM, SIGINT] {
            let daemon = try sandbox.startDaemon()
            #expect(try sandbox.portctl("port", "web").status == 0)
            daemon.signal(signal)
            #expect(daemon.wait() == 0)
            let errors = try String(contentsOfFile: "\(sandbox.root)/daemon.err", encoding: .utf8)
            #expect(errors == "port-server: ready (pid \(daemon.pid))\n")
        }
    }

    @Test func everyFileOfTheDaemonIsPrivate() throws {
        try sandbox.portctl("port", "web")
        for path in try FileManager.default.contentsOfDirectory(atPath: sandbox.home.path) {
            var status = stat()
            lstat("\(sandbox.home.path)/\(path)", &status)
            #expect(status.st_mode & 0o777 == 0o600, "\(path)")
        }
    }

    @Test func daemonFailsWhenItsRequestedPortIsTaken() throws {
        let outcome = try sandbox.shell(
            """
            python3 -c '
            import socket, subprocess
            s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen()
            port = s.getsockname()[1]
            print(port, subprocess.run(["port-server", "--port", str(port)]).returncode)'
            """
        )
        let words = outcome.output.split(whereSeparator: \.isWhitespace)
        #expect(words.last == "1")
        let problem = "127.0.0.1:\(words[0]) is taken by another program"
        #expect(outcome.errors == "port-server: \(problem): name another with --port or --listen\n")
    }

    @Test func takenDefaultAddressIsOpenedOnceTheOtherProgramExits() throws {
        let outcome = try sandbox.shell(
            """
            unset PORT_SERVER_LISTEN
            mkfifo ready end
            python3 -c '
            import socket
            s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            s.bind(("127.0.0.1", 51234)); s.listen()
            print("listening", flush=True)
            open("end").read()' > ready &
            read line < ready
            portctl port web
            portctl status
            echo > end
            wait_until sh -c 'portctl status | grep -q "51234 (open)"'
            curl -s http://127.0.0.1:51234/healthz
            portctl stop
            """,
            ownNetwork: true
        )
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("3000\n"))
        #expect(outcome.output.contains("127.0.0.1:51234 (taken by another program"))
        #expect(outcome.output.contains(#"{"status":"ok"}"#))
    }

    @Test func unusableHomeIsAnErrorWithTheReason() throws {
        let long = "\(sandbox.root)/" + String(repeating: "x", count: 120)
        let tooLong = try sandbox.portctl("port", "web", environment: ["PORT_SERVER_HOME": long])
        #expect(tooLong.status == 1 && tooLong.errors.contains("the system allows 103"))
        let relative = try sandbox.portctl("port", "web", environment: ["PORT_SERVER_HOME": "x"])
        #expect(relative.status == 1 && relative.errors.contains("must be an absolute path"))
        let nowhere = try sandbox.portctl("port", "web", environment: ["PORT_SERVER_HOME": "/proc/x"])
        #expect(nowhere.status == 1 && nowhere.errors.contains("cannot create the directory"))
        let homeless = try sandbox.portctl("port", "web", environment: ["PORT_SERVER_HOME": nil, "HOME": nil])
        #expect(homeless.status == 1 && homeless.errors.contains("neither PORT_SERVER_HOME nor HOME"))
        #expect(try sandbox.portctl("status", environment: ["PORT_SERVER_HOME": "x"]).status == 0)
    }

    @Test func databaseOfANewerSchemaIsRefused() throws {
        try sandbox.portctl("port", "web")
        try sandbox.portctl("stop")
        let changed = try sandbox.shell(
            """
            python3 -c '
            import sqlite3, sys
            d = sqlite3.connect(sys.argv[1]); d.execute("insert into grdb_migrations values (?)", ("v99",)); d.commit()
            ' "$PORT_SERVER_HOME/ports.db"
            """
        )
        #expect(changed.status == 0)
        let outcome = try sandbox.portctl("port", "web")
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("the database was written by a newer version of portctl"))
    }

    @Test func databaseOfTheOriginalPortServerIsMigrated() throws {
        try sandbox.home.prepare()
        let made = try sandbox.shell(
            """
            python3 -c '
            import sqlite3, sys
            d = sqlite3.connect(sys.argv[1])
            d.execute("create table allocations (id integer primary key autoincrement, app text not null,"
                      "instance text not null, service text not null, port integer not null unique,"
                      "created_at datetime default current_timestamp, unique(app, instance, service))")
            row = ("myapp", "dev", "postgres", "2025-02-08 15:04:05")
            d.execute("insert into allocations values (7, ?, ?, ?, 5432, ?)", row)
            d.commit()' "$PORT_SERVER_HOME/ports.db"
            chmod 755 "$PORT_SERVER_HOME"; chmod 644 "$PORT_SERVER_HOME/ports.db"
            """
        )
        #expect(made.status == 0)
        let listed = try sandbox.portctl("list", "--all")
        #expect(listed.lines.last == "7   myapp  dev       postgres  5432  2025-02-08 15:04:05")
    }
}
