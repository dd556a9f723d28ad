import Foundation
import PortHost
import PortRegistry
import PortStore
import Synchronization
import Testing

@Suite struct SharedStoreTests: ~Copyable {
    private let path: String

    init() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "portctl-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        path = directory.appending(path: "ports.db").path
    }

    deinit { try? FileManager.default.removeItem(at: URL(filePath: path).deletingLastPathComponent()) }

    /// Median of many: a thread that waits for a processor before it waits for its turn sees more pass.
    @Test func whoWritesWithoutAPauseLetsOthersIn() throws {
        let (restless, other) = (try SQLiteStore(sharedAt: path), try SQLiteStore(sharedAt: path))
        let written = Atomic(0)
        let isOver = Atomic(false)
        let finished = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            while !isOver.load(ordering: .acquiring) {
                do {
                    try restless.write { transaction in
                        try transaction.touch()
                        // A slow disk.
                        let end = ContinuousClock.now + .milliseconds(3)
                        while ContinuousClock.now < end {}
                    }
                } catch { Issue.record(error) }
                written.add(1, ordering: .relaxed)
            }
            finished.signal()
        }
        defer { finished.wait() }
        defer { isOver.store(true, ordering: .releasing) }
        while written.load(ordering: .relaxed) < 10 { sched_yield() }
        var passed = try (0..<101).map { _ in
            // In the middle of the other's writing.
            let start = written.load(ordering: .relaxed) + 2
            while written.load(ordering: .relaxed) < start { sched_yield() }
            return try other.write { transaction in
                try transaction.touch()
                return written.load(ordering: .relaxed) - start
            }
        }
        passed.sort()
        #expect(passed[50] <= 2, "\(passed)")
    }

    @Test func aProcessThatStoppedInItsTurnIsPassedBy() throws {
        let store = try SQLiteStore(sharedAt: path)
        let stopped = open("\(path)-wal", O_RDONLY)
        defer { close(stopped) }
        try #require(flock(stopped, LOCK_EX) == 0)
        try store.write { try $0.touch() }
    }
}
