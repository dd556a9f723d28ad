import Foundation
import PortModel
import PortRegistry
import PortSystem
import Synchronization

/// Consecutive ports that no socket held at the beginning, and that no other test of this user has while this value
/// lives: neither of this process nor of another run of the tests. Automatic choice may choose each of them.
///
/// All ranges lie outside of the one from which the kernel gives ports to clients and to servers on port 0.
package final class PortBlock: Sendable {
    package let ports: ClosedRange<Int>

    /// The lowest port of the block.
    package var first: Int { ports.lowerBound }

    /// Chooses a block of `count` ports in `range`. Throws ``NoneFree`` when every block of the range is in use
    /// or contains a port that automatic choice leaves out.
    package init(of count: Int, in range: ClosedRange<Int>) throws {
        let blocks = stride(from: range.lowerBound, through: range.upperBound - count + 1, by: count).map {
            $0...$0 + count - 1
        }
        let held = SocketSnapshot.take()
        let excluded = BrowserRefusedPorts.all.union(PortSet(PortExclusions.legacyPorts))
        for block in blocks.shuffled() where Self.claim(block) {
            let ports = block.map { PortModel.Port($0)! }
            if !ports.contains(where: { held.isHeld($0) || excluded.contains($0) }) {
                self.ports = block
                return
            }
            Self.release(block)
        }
        throw NoneFree(count: count, range: range)
    }

    deinit { Self.release(ports) }

    package struct NoneFree: Error {
        let count: Int
        let range: ClosedRange<Int>
    }

    private static let claimed = Mutex<[ClosedRange<Int>]>([])

    /// While this process uses a port, it locks the byte of that number in a file that all runs of the tests have in
    /// common. The locks end with the process, whatever ends it.
    private static let lockFile = open(
        "/tmp/portctl-tests-\(geteuid()).lock",
        O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC,
        0o600
    )

    private static func claim(_ block: ClosedRange<Int>) -> Bool {
        claimed.withLock { claimed in
            // The locks of one process do not exclude each other.
            guard !claimed.contains(where: { $0.overlaps(block) }), setLock(F_WRLCK, on: block) else { return false }
            claimed.append(block)
            return true
        }
    }

    private static func release(_ block: ClosedRange<Int>) {
        claimed.withLock { claimed in
            claimed.removeAll { $0 == block }
            _ = setLock(F_UNLCK, on: block)
        }
    }

    private static func setLock(_ type: Int32, on block: ClosedRange<Int>) -> Bool {
        var lock = flock()
        lock.l_type = Int16(type)
        lock.l_whence = Int16(SEEK_SET)
        lock.l_start = off_t(block.lowerBound)
        lock.l_len = off_t(block.count)
        return fcntl(lockFile, F_SETLK, &lock) == 0
    }
}
