import Foundation
import PortAPI
import PortClient
import PortSystem
import Synchronization
import Testing

/// Many clients, many processes, one file.
@Suite(.serialized) struct ConcurrencyTests {
    private let sandbox = try! Sandbox()

    @Test func twentyThousandAllocationsOverHTTPAndFromEmbeddingProcessesAreAllDifferent() throws {
        try sandbox.portctl("start")
        let (clients, each, embedders, embedded) = (64, 160, 4, 2500)
        let processes = try (0..<embedders).map { index in
            try sandbox.start(
                "registry-embedder",
                ["allocate", "embedded\(index)", "\(embedded)", "3000", "65535"],
                outputTo: "\(sandbox.root)/embedder\(index)"
            )
        }
        let granted = Mutex<[(name: String, port: Int)]>([])
        let client = PortClient(address: .home(sandbox.home))
        Threads.run(clients) { thread in
            for number in 0..<each {
                let body = AllocateBody(app: "client\(thread)", instance: "main", service: "s\(number)")
                do {
                    let answer = try client.send("POST", Paths.allocations, body: body, as: AllocationBody.self)
                    granted.withLock { $0.append((answer.name, answer.port)) }
                } catch {
                    Issue.record(error)
                }
            }
        }
        var all = granted.withLock { $0 }
        #expect(all.count == clients * each)
        for (index, process) in processes.enumerated() {
            let status = process.wait()
            let errors = try String(contentsOfFile: "\(sandbox.root)/embedder\(index).err", encoding: .utf8)
            try #require(status == 0, "\(errors)")
            let output = try String(contentsOfFile: "\(sandbox.root)/embedder\(index).out", encoding: .utf8)
            all += output.split(separator: "\n").map { line in
                let words = line.split(separator: " ")
                return (String(words[0]), Int(words[1])!)
            }
        }
        let count = clients * each + embedders * embedded
        #expect(all.count == count)
        #expect(Set(all.map(\.port)).count == count)
        #expect(Set(all.map(\.name)).count == count)
        // Each sees the others'.
        let everything = Set(all.map { "\($0.name) \($0.port)" })
        let listed = try client.send("GET", Paths.allocations, as: [AllocationBody].self)
        #expect(Set(listed.map { "\($0.name) \($0.port)" }) == everything)
        let seen = try sandbox.run("registry-embedder", ["list"]).output
        #expect(Set(seen.split(separator: "\n").map(String.init)) == everything)
    }

    @Test func whatWasAcknowledgedSurvivesFiftyKills() throws {
        let acknowledged = Mutex<[String: Int]>([:])
        let client = PortClient(address: .home(sandbox.home))
        for cycle in 0..<50 {
            try #require(try sandbox.portctl("start").status == 0)
            let pid = try #require(sandbox.daemonPID)
            let kills = Atomic(false)
            let count = Atomic(0)
            let clients = Atomic(4)
            Threads.run(5) { thread in
                if thread == 0 {
                    // Under load, and not before some of it is acknowledged.
                    while count.load(ordering: .relaxed) < 20, clients.load(ordering: .relaxed) > 0 { sched_yield() }
                    // None stops before it is told to, unless the daemon fails.
                    let isAlive = clients.load(ordering: .relaxed) > 0
                    kills.store(true, ordering: .relaxed)
                    if isAlive { kill(pid, SIGKILL) }
                    return
                }
                defer { clients.subtract(1, ordering: .relaxed) }
                var number = 0
                while !kills.load(ordering: .relaxed) || number == 0 {
                    let body = AllocateBody(app: "c\(cycle)", instance: "t\(thread)", service: "s\(number)")
                    number += 1
                    guard let answer = try? client.send("POST", Paths.allocations, body: body, as: AllocationBody.self)
                    else { return }
                    acknowledged.withLock { $0[answer.name] = answer.port }
                    count.add(1, ordering: .relaxed)
                }
            }
            try #require(count.load(ordering: .relaxed) >= 20, "the clients failed before the daemon was killed")
        }
        #expect(try sandbox.portctl("start").status == 0)
        let listed = try client.send("GET", Paths.allocations, as: [AllocationBody].self)
        let present = Dictionary(uniqueKeysWithValues: listed.map { ($0.name, $0.port) })
        let all = acknowledged.withLock { $0 }
        #expect(all.count >= 1000)
        #expect(all.filter { present[$0.key] != $0.value }.isEmpty)
        #expect(Set(listed.map(\.port)).count == listed.count)
    }

    #if os(Linux)
        @Test func theLogIsSyncedBeforeEachAnswer() throws {
            let daemon = try sandbox.start(
                "strace",
                [
                    "-f", "-qq", "-s", "64", "-e", "trace=fdatasync,fsync,read,recvfrom,write,writev,sendto,sendmsg",
                    "-o", "\(sandbox.root)/trace", "port-server",
                ],
                outputTo: "\(sandbox.root)/daemon"
            )
            let client = PortClient(address: .home(sandbox.home))
            while sandbox.daemonPID == nil && daemon.isRunning { sched_yield() }
            for number in 0..<20 {
                let body = AllocateBody(app: "a", instance: "i", service: "s\(number)")
                _ = try client.send("POST", Paths.allocations, body: body, as: AllocationBody.self)
            }
            kill(try #require(sandbox.daemonPID), SIGTERM)
            daemon.wait()
            var synced = false
            var answers = 0
            for line in try String(contentsOfFile: "\(sandbox.root)/trace", encoding: .utf8).split(separator: "\n") {
                if line.contains("POST /v1/allocations") { synced = false }
                if line.contains("sync(") || line.contains("sync resumed"), line.hasSuffix("= 0") { synced = true }
                if line.contains("HTTP/1.1 201") {
                    answers += 1
                    #expect(synced, "an answer left before the log was synced")
                }
            }
            #expect(answers == 20)
        }
    #endif
}

/// Threads of the test's own, for clients that block.
enum Threads {
    /// Runs `body` on `count` threads at once and returns when all are done.
    static func run(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        let group = DispatchGroup()
        for index in 0..<count {
            group.enter()
            Thread.detachNewThread {
                body(index)
                group.leave()
            }
        }
        group.wait()
    }
}
