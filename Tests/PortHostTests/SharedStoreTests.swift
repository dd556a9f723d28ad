import Foundation
import PortHost
import PortRegistry
import PortStore
import PortTestSupport
import Synchronization
import Testing

@Suite struct SharedStoreTests {
    private let directory = try! TemporaryDirectory()
    private var path: String { directory.path("ports.db") }

    /// The median of many writes counts, because a thread that waits for a processor before it waits for its turn lets
    /// more writes of the other one pass.
    @Test func constantWriterDoesNotStarveOthers() throws {
        let (constant, other) = (try SQLiteStore(sharedAt: path), try SQLiteStore(sharedAt: path))
        let written = WatchedValue(0)
        let isOver = Atomic(false)
        let finished = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            while !isOver.load(ordering: .acquiring) {
                do {
                    try constant.write { transaction in
                        try transaction.touch()
                        // As on a slow disk.
                        Thread.sleep(forTimeInterval: 0.003)
                    }
                } catch { Issue.record(error) }
                written.withLock { $0 += 1 }
            }
            finished.signal()
        }
        defer { finished.wait() }
        defer { isOver.store(true, ordering: .releasing) }
        var passed = try (0..<101).map { _ in
            // In the middle of a write of the other one.
            let start = written.current + 2
            written.blockingWait { $0 >= start }
            return try other.write { transaction in
                try transaction.touch()
                return written.current - start
            }
        }
        passed.sort()
        #expect(passed[50] <= 2, "\(passed)")
    }

    @Test func stoppedHolderOfTheWriteQueueIsBypassed() throws {
        let store = try SQLiteStore(sharedAt: path)
        let stopped = open("\(path)-wal", O_RDONLY)
        defer { close(stopped) }
        try #require(flock(stopped, LOCK_EX) == 0)
        try store.write { try $0.touch() }
    }
}
