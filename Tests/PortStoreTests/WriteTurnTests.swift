import Foundation
import PortRegistry
import PortStore
import Synchronization
import Testing

@Suite struct WriteTurnTests {
    private let file = TemporaryDatabase()

    /// Median of many: a thread that waits for a processor before it waits for its turn sees more pass.
    @Test func whoWritesWithoutAPauseLetsOthersIn() throws {
        let (restless, other) = (try SQLiteStore(path: file.path), try SQLiteStore(path: file.path))
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
        let store = try SQLiteStore(path: file.path)
        let stopped = open("\(file.path)-wal", O_RDONLY)
        defer { close(stopped) }
        try #require(flock(stopped, LOCK_EX) == 0)
        try store.write { try $0.touch() }
    }
}
