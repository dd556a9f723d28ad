import Dispatch
import PortModel
import Synchronization

/// A snapshot of the machine's sockets that another thread takes while a transaction begins: it takes about as long as
/// the rest of a small transaction.
final class SnapshotTask: Sendable {
    /// When the snapshot was started. It need not contain sockets that were bound later.
    let start: Uptime
    private let snapshot = Mutex<(any HeldPorts)?>(nil)
    private let end = DispatchSemaphore(value: 0)

    init(of machine: any Machine) {
        start = machine.uptime()
        DispatchQueue.global().async { [self] in
            let ports = machine.blocking.heldPorts()
            snapshot.withLock { $0 = ports }
            end.signal()
        }
    }

    var isFinished: Bool { snapshot.withLock { $0 != nil } }

    /// Waits for the snapshot. May be called more than once.
    func ports() -> any HeldPorts {
        end.wait()
        end.signal()
        return snapshot.withLock { $0! }
    }
}
