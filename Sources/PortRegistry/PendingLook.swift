internal import Dispatch
internal import PortModel
internal import Synchronization

/// A look at the machine's sockets that another thread takes while a transaction begins: it needs about as long as all
/// the rest of a small one.
final class PendingLook: Sendable {
    /// When it began; what came later is not seen.
    let begun: Uptime
    private let look = Mutex<(any HeldPorts)?>(nil)
    private let end = DispatchSemaphore(value: 0)

    init(at machine: any Machine) {
        begun = machine.uptime()
        DispatchQueue.global().async { [self] in
            let found = machine.heldPorts()
            look.withLock { $0 = found }
            end.signal()
        }
    }

    var isFinished: Bool { look.withLock { $0 != nil } }

    /// Waits for the look.
    func ports() -> any HeldPorts {
        end.wait()
        end.signal()
        return look.withLock { $0! }
    }
}
