import Foundation
import PortAPI
import PortClient
import PortSystem
import PortTestSupport
import Synchronization
import Testing

/// Many clients and processes that use one database. One test at a time, because each loads the machine.
@Suite(.serialized) struct ConcurrencyTests {
    private let sandbox = try! Sandbox()

    @Test func twentyThousandConcurrentAllocationsAreAllDifferent() throws {
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
                    let answer = try client.allocations.create(body)
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
        // Each side lists the allocations of the other.
        let everything = Set(all.map { "\($0.name) \($0.port)" })
        let listed = try client.allocations.list(AllocationQuery())
        #expect(Set(listed.map { "\($0.name) \($0.port)" }) == everything)
        let seen = try sandbox.run("registry-embedder", ["list"]).output
        #expect(Set(seen.split(separator: "\n").map(String.init)) == everything)
    }

    @Test func acknowledgedAllocationsSurviveFiftyKills() throws {
        let acknowledged = Mutex<[String: Int]>([:])
        let client = PortClient(address: .home(sandbox.home))
        for cycle in 0..<50 {
            try #require(try sandbox.portctl("start").status == 0)
            let pid = try #require(sandbox.daemonPID)
            let kills = Atomic(false)
            let load = WatchedValue((answers: 0, clients: 4))
            Threads.run(5) { thread in
                if thread == 0 {
                    // Under load, and not before some allocations are acknowledged.
                    load.blockingWait { $0.answers >= 20 || $0.clients == 0 }
                    // No client stops before the kill, unless the daemon fails.
                    let isAlive = load.current.clients > 0
                    kills.store(true, ordering: .relaxed)
                    if isAlive { kill(pid, SIGKILL) }
                    return
                }
                defer { load.withLock { $0.clients -= 1 } }
                var number = 0
                while !kills.load(ordering: .relaxed) || number == 0 {
                    let body = AllocateBody(app: "c\(cycle)", instance: "t\(thread)", service: "s\(number)")
                    number += 1
                    guard let answer = try? client.allocations.create(body)
                    else { return }
                    acknowledged.withLock { $0[answer.name] = answer.port }
                    load.withLock { $0.answers += 1 }
                }
            }
            try #require(load.current.answers >= 20, "the clients failed before the daemon was killed")
        }
        #expect(try sandbox.portctl("start").status == 0)
        let listed = try client.allocations.list(AllocationQuery())
        let present = Dictionary(uniqueKeysWithValues: listed.map { ($0.name, $0.port) })
        let all = acknowledged.withLock { $0 }
        #expect(all.count >= 1000)
        #expect(all.filter { present[$0.key] != $0.value }.isEmpty)
        #expect(Set(listed.map(\.port)).count == listed.count)
    }

    #if os(Linux)
        @Test func logIsSyncedBeforeEachAnswer() throws {
            let daemon = try sandbox.start(
                "strace",
                [
                    "-f", "-qq", "-s", "64", "-e", "trace=fdatasync,fsync,read,recvfrom,write,writev,sendto,sendmsg",
                    "-o", "\(sandbox.root)/trace", "port-server",
                ],
                outputTo: "\(sandbox.root)/daemon"
            )
            let client = PortClient(address: .home(sandbox.home))
            try sandbox.wait(for: "the daemon's socket") { sandbox.daemonPID != nil || !daemon.isRunning }
            for number in 0..<20 {
                let body = AllocateBody(app: "a", instance: "i", service: "s\(number)")
                _ = try client.allocations.create(body)
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
