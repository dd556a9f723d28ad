import Foundation
import PortAPI
import PortClient
import PortSystem
import PortTestSupport
import Testing

/// Promises 10 and 15 with the real daemon: ports follow their owners.
@Suite struct OwnerTests {
    private let sandbox = try! Sandbox()

    private var client: PortClient { PortClient(address: .home(sandbox.home)) }

    private func sleeper() throws -> ChildProcess {
        try sandbox.start("sleep", ["1000"], outputTo: "\(sandbox.root)/sleeper")
    }

    private func own(_ service: String, by pid: Int32, grace: Int = 0, face: String? = nil) throws -> AllocationBody {
        var body = AllocateBody(app: "a", instance: "i", service: service)
        body.ensure = true
        body.ownerPID = Int(pid)
        body.graceSeconds = grace
        body.face = face
        return try client.allocations.create(body)
    }

    private func listing() throws -> [AllocationBody] {
        try client.allocations.list(AllocationQuery(wide: true))
    }

    /// Waits until exactly these services hold ports.
    private func waitUntil(held services: Set<String>) throws {
        let deadline = ContinuousClock.now + .seconds(20)
        while true {
            let held = Set(try listing().map(\.service))
            if held == services { return }
            try #require(ContinuousClock.now < deadline, "still held: \(held.sorted())")
            usleep(2000)
        }
    }

    @Test func portOfARunCommandIsFreedWhenTheCommandIsKilled() throws {
        try sandbox.portctl("start")
        let command = try sandbox.start(
            "portctl",
            ["run", "web", "--", "sleep", "1000"],
            outputTo: "\(sandbox.root)/run"
        )
        try waitUntil(held: ["web"])
        let held = try #require(try listing().first)
        #expect(held.holds?.first?.ownerPID == command.pid && held.port >= sandbox.firstLease)
        command.end()
        try waitUntil(held: [])
        let other = try sandbox.portctl("allocate", "--service", "other", "--port", "\(held.port)")
        #expect(other.status == 0, "\(other.errors)")
    }

    @Test func getPortEntryOfADeadOwnerStaysUntilCleanup() throws {
        try sandbox.portctl("start")
        let owner = try sleeper()
        let port = try sandbox.run("get-port", "app", "--pid", "\(owner.pid)").lines[0]
        #expect(try sandbox.run("list-ports").output.contains("\(port) | app | PID:\(owner.pid) | ✅ | 0m ago\n"))
        owner.end()
        #expect(try sandbox.run("list-ports").output.contains("\(port) | app | PID:\(owner.pid) | 💀 | 0m ago\n"))
        // Until the cleanup, the project gets its port again.
        #expect(try sandbox.run("get-port", "app").lines == [port])
        #expect(try sandbox.run("list-ports").output.contains("✅"))
        _ = try sandbox.run("release-port", "app")
        let second = try sleeper()
        _ = try sandbox.run("get-port", "app", "--pid", "\(second.pid)")
        second.end()
        let cleanup = try client.projects.cleanUp()
        #expect(cleanup.freed.map(\.project) == ["app"] && cleanup.count == 1)
        #expect(try listing().isEmpty)
    }

    /// Each line gets a port in another way; all of them belong to the script.
    private static let substitutions = """
        A=$(get-port a)
        B=$(get-port b | tr -d x)
        C=$(get-port c || echo 3000)
        f() { P=$(get-port d) || return; echo $P; }
        D=$(f)
        E=$(timeout 5 get-port e)
        F=$(get-port f 2>/dev/null | head -1)
        G=$(get-port g; true)
        eval 'H=$(get-port h | cat)'
        I=`get-port i | cat`
        J=$(echo j | xargs get-port)
        K=$(timeout 5 get-port k | cat)
        get-port l >/dev/null
        """

    private static let shells = ["bash", "dash", "zsh"].filter {
        FileManager.default.isExecutableFile(atPath: "/bin/\($0)")
    }

    @Test(arguments: shells)
    func scriptOwnsThePortsThatItsCommandSubstitutionsGet(_ shell: String) throws {
        try sandbox.portctl("start")
        let script = "\(Self.substitutions)\necho $$\nlist-ports\n"
        let outcome = try sandbox.run(shell, "-c", script)
        let pid = try #require(outcome.lines.first)
        let ports = outcome.lines.filter { $0.contains("PID:") }
        #expect(ports.count == 12 && ports.allSatisfy { $0.contains("PID:\(pid) | ✅") }, "\(outcome)")
        #expect(outcome.errors == "")
    }

    @Test func subshellThatGoesOnOwnsItsPort() throws {
        try sandbox.portctl("start")
        let outcome = try sandbox.run(
            "bash",
            "-c",
            """
            ( P=$(get-port a | cat); echo $BASHPID; list-ports; true ) | cat
            cat <(get-port b | cat)
            list-ports
            echo $$
            """
        )
        let lines = outcome.lines
        #expect(lines.contains { $0.contains("| a | PID:\(lines[0]) | ✅") }, "\(outcome)")
        #expect(lines.contains { $0.contains("| b | PID:\(lines.last!) | ✅") }, "\(outcome)")
    }

    @Test func uncertainOwnerIsSaid() throws {
        try sandbox.portctl("start")
        let outcome = try sandbox.run("bash", "-c", "P=$({ get-port a | cat; } | tr -d x); echo $P")
        let port = try #require(outcome.lines.first)
        #expect(outcome.errors.hasPrefix("process "))
        let lifetime = "which is released five minutes after it ends"
        #expect(outcome.errors.hasSuffix(" owns port \(port), \(lifetime); --pid PID names one that lives longer\n"))
    }

    @Test func stoppedOwnerKeepsItsPortAndAZombieDoesNot() throws {
        try sandbox.portctl("start")
        let (stopped, zombie) = (try sleeper(), try sleeper())
        _ = try own("stopped", by: stopped.pid)
        _ = try own("zombie", by: zombie.pid)
        kill(stopped.pid, SIGSTOP)
        zombie.killWithoutReaping()
        try waitUntil(held: ["stopped"])
        kill(stopped.pid, SIGCONT)
        #expect(try listing().map(\.service) == ["stopped"])
        stopped.end()
        zombie.end()
        try waitUntil(held: [])
    }

    @Test func onlyLivingOwnersKeepTheirPortsAcrossARestart() throws {
        let daemon = try sandbox.startDaemon()
        let owners = try (0..<6).map { _ in try sleeper() }
        for (number, owner) in owners.enumerated() { _ = try own("s\(number)", by: owner.pid) }
        let ports = try listing().map(\.port)
        daemon.signal(SIGKILL)
        daemon.wait()
        for owner in owners[..<3] { owner.end() }
        _ = try sandbox.startDaemon()
        // Already in the first answer.
        #expect(try listing().map(\.service) == ["s3", "s4", "s5"])
        #expect(try listing().map(\.port) == Array(ports[3...]))
        // And the living are watched again.
        owners[3].end()
        try waitUntil(held: ["s4", "s5"])
        for owner in owners[4...] { owner.end() }
        try waitUntil(held: [])
    }

    @Test func exitsOfTwoThousandOwnersEndOnlyTheirOwnAllocations() throws {
        try sandbox.portctl("start")
        let count = 2000
        // One shell starts them all and prints their pids.
        let shell = try sandbox.start(
            "sh",
            ["-c", "i=0; while [ $i -lt \(count) ]; do sleep 1000 & echo $!; i=$((i+1)); done; wait"],
            outputTo: "\(sandbox.root)/owners"
        )
        defer { shell.end() }
        var pids: [Int32] = []
        try sandbox.wait(for: "the pids") {
            let text = try String(contentsOfFile: "\(sandbox.root)/owners.out", encoding: .utf8)
            pids = text.split(separator: "\n").compactMap { Int32($0) }
            return pids.count == count && text.last == "\n"
        }
        defer { for pid in pids { kill(pid, SIGKILL) } }
        let owners = pids
        Threads.run(8) { thread in
            for index in stride(from: thread, to: count, by: 8) {
                do { _ = try own("s\(index)", by: owners[index]) } catch { Issue.record(error) }
            }
        }
        #expect(try Set(listing().map(\.port)).count == count)
        for index in stride(from: 0, to: count, by: 2) { kill(owners[index], SIGKILL) }
        try waitUntil(held: Set(stride(from: 1, to: count, by: 2).map { "s\($0)" }))
        for index in stride(from: 1, to: count, by: 2) { kill(owners[index], SIGKILL) }
        try waitUntil(held: [])
    }

    /// In a pid namespace of its own, in which the next pid can be chosen.
    @Test(.enabled(if: geteuid() == 0, "choosing pids needs root"), arguments: [true, false])
    func reusedPidDoesNotExtendAHold(whileTheDaemonRuns: Bool) throws {
        let script = """
            mount -t proc proc /proc
            export PORT_SERVER_HOME=\(sandbox.home.path)
            portctl start >/dev/null
            # Far from the pids that threads of the daemon get meanwhile, which would keep the owner's.
            echo 20000 > /proc/sys/kernel/ns_last_pid
            sleep 1000 & owner=$!
            echo 1000 > /proc/sys/kernel/ns_last_pid
            request='{"app":"a","instance":"i","service":"s","owner_pid":'$owner'}'
            send() { curl -s --unix-socket $PORT_SERVER_HOME/port-server.sock "$@"; }
            send -H 'Content-Type: application/json' -d "$request" http://localhost/v1/allocations >/dev/null
            echo "held $(portctl list --all | wc -l)"
            \(whileTheDaemonRuns ? "" : "kill -9 $(cat $PORT_SERVER_HOME/port-server.pid)")
            kill -9 $owner
            wait $owner 2>/dev/null || true
            # The next process gets the pid that is free again.
            tries=0
            while [ $tries -lt 200 ]; do
                echo $((owner - 1)) > /proc/sys/kernel/ns_last_pid
                sleep 1000 & impostor=$!
                [ $impostor -eq $owner ] && break
                kill -9 $impostor
                tries=$((tries + 1))
            done
            echo "reused $((impostor - owner))"
            portctl status >/dev/null; portctl port other >/dev/null
            echo "left $(portctl list --all --json | grep -c '"service" : "s"' || true)"
            portctl stop >/dev/null
            kill -9 $impostor
            """
        let outcome = try sandbox.run("unshare", "--pid", "--mount", "--fork", "sh", "-c", script)
        #expect(outcome.output == "held 2\nreused 0\nleft 0\n", "\(outcome.errors)")
    }

    @Test(.enabled(if: geteuid() == 0, "a pid namespace needs root"))
    func ownerPidIsTranslatedFromTheCallersPidNamespace() throws {
        try sandbox.portctl("start")
        let container = try sandbox.start(
            "unshare",
            ["--pid", "--fork", "--mount-proc", "sh", "-c", "portctl run inner -- sleep 1000; true"],
            outputTo: "\(sandbox.root)/container"
        )
        try sandbox.wait(for: "the container's port") { try listing().count == 1 }
        let pid = try #require(try listing()[0].holds?[0].ownerPID)
        // `portctl run` becomes the command after it was given the port.
        try sandbox.wait(for: "the command") {
            try String(contentsOfFile: "/proc/\(pid)/comm", encoding: .utf8) == "sleep\n"
        }
        kill(pid, SIGKILL)
        try waitUntil(held: [])
        container.wait()
        // A pid that only the inner namespace has cannot be looked up, so the port of get-port has no owner.
        let inside = try sandbox.shell(
            "unshare --pid --fork --mount-proc sh -c 'sleep 1000 & get-port app --pid 999; get-port app; kill $!'"
        )
        #expect(inside.errors.contains("process 999 of another pid namespace cannot be seen"))
        #expect(inside.lines.count == 1)
    }

    @Test func serverThatOutlivesItsShellIsNotAConflictForTheNext() throws {
        try sandbox.portctl("start")
        let port = try sandbox.shell("get-port app").lines[0]
        let server = try sandbox.startServer(on: port)
        defer { server.end() }
        // Another shell, which lives during both requests.
        let again = try sandbox.shell("get-port app; get-port app; portctl list --all --wide")
        #expect(again.lines.prefix(2) == [port, port], "\(again.errors)")
        #expect(again.lines.last?.contains("active") == true)
    }

    @Test func fiftyConcurrentShellsGetTheSameFiftyPortsEachTime() throws {
        try sandbox.portctl("start")
        var first: [String] = []
        for _ in 0..<5 {
            let outcome = try sandbox.shell(
                """
                mkdir -p out
                for i in $(seq 50); do sh -c "get-port name$i > out/$i; exit 0" & done
                wait
                for i in $(seq 50); do cat out/$i; done
                """
            )
            if first.isEmpty { first = outcome.lines }
            #expect(Set(outcome.lines).count == 50)
            #expect(outcome.lines == first, "\(outcome.errors)")
        }
    }

    @Test func allocationOfTwoOwnersAndALeaseEndsWithTheLastOfThem() throws {
        try sandbox.portctl("start")
        let (one, other) = (try sleeper(), try sleeper())
        _ = try own("s", by: one.pid)
        let second = try own("s", by: other.pid)
        var lease = AllocateBody(app: "a", instance: "i", service: "s")
        lease.ensure = true
        lease.ttlSeconds = 1
        lease.face = "leases"
        #expect(try client.allocations.create(lease).id == second.id)
        one.end()
        #expect(try listing().count == 1)
        // The lease ends, the other owner lives.
        try sandbox.wait(for: "the lease's end") { try listing()[0].holds?.count == 1 }
        #expect(try listing()[0].holds?.map(\.ownerPID) == [other.pid])
        other.end()
        try waitUntil(held: [])
    }

    #if os(Linux)
        /// Runs the daemon with a seccomp filter that answers pidfd_open and pidfd_send_signal with `error`, as gVisor
        /// and older container engines do.
        private static func withoutPidfds(_ error: String) -> String {
            """
            import ctypes, errno, os, struct, sys
            libc = ctypes.CDLL(None, use_errno=True)
            def op(code, yes, no, k): return struct.pack("HBBI", code, yes, no, k)
            rules = op(0x20, 0, 0, 0) + op(0x15, 1, 0, 434) + op(0x15, 0, 1, 424)
            rules += op(0x06, 0, 0, 0x50000 | errno.\(error)) + op(0x06, 0, 0, 0x7fff0000)
            buffer = ctypes.create_string_buffer(rules)
            program = struct.pack("HxxxxxxP", len(rules) // 8, ctypes.addressof(buffer))
            assert libc.prctl(38, 1, 0, 0, 0) == 0 and libc.prctl(22, 2, program, 0, 0) == 0
            os.execvp(sys.argv[1], sys.argv[1:])
            """
        }

        @Test(arguments: ["ENOSYS", "EPERM"])
        func withoutPidfdsOwnersAndKillsWorkAndTheDoctorSaysSo(_ error: String) throws {
            let daemon = try sandbox.start(
                "python3",
                ["-c", Self.withoutPidfds(error), "port-server"],
                outputTo: "\(sandbox.root)/daemon"
            )
            defer { daemon.end() }
            try sandbox.wait(for: "the daemon") { sandbox.daemonPID != nil }
            let server = try sandbox.start(
                "portctl",
                ["run", "web", "--", "sh", "-c", "exec python3 -m http.server $PORT --bind 127.0.0.1"],
                outputTo: "\(sandbox.root)/run"
            )
            defer { server.end() }
            try waitUntil(held: ["web"])
            let port = "\(try #require(try listing().first).port)"
            try sandbox.wait(for: "the server") { try sandbox.portctl("who", port).status == 0 }
            let doctor = try sandbox.portctl("doctor")
            #expect(doctor.status == 0 && doctor.output.contains("! owners: there are no pidfds here"))
            let killed = try sandbox.portctl("kill", port)
            #expect(killed.status == 0, "\(killed.errors)")
            #expect(server.wait() == -SIGTERM)
            try waitUntil(held: [])
            let owner = try sleeper()
            _ = try own("idle", by: owner.pid)
            owner.end()
            try waitUntil(held: [])
        }
    #endif
}
