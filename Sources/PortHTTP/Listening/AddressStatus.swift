package import PortAPI
import Synchronization

/// The state of each address that the daemon serves. It reports when the first attempt on every one has finished.
package final class AddressStatus: Sendable {
    /// The state of one address.
    package enum Phase: String, Sendable {
        case starting
        case open
        /// Another program uses the address. The daemon keeps trying.
        case taken
        /// The system refuses the address for another reason. The daemon keeps trying.
        case unavailable
    }

    private struct State {
        /// `port` is the one that the kernel chose, as soon as it is known.
        var addresses: [(address: DaemonAddress, port: Int?, phase: Phase)]
        var isReady = false
    }

    private let state: Mutex<State>
    private let onReady: @Sendable () -> Void

    /// Calls `onReady` once, when no address is `starting` any more.
    package init(addresses: [DaemonAddress], onReady: @escaping @Sendable () -> Void) {
        self.state = Mutex(State(addresses: addresses.map { ($0, nil, .starting) }))
        self.onReady = onReady
    }

    /// The TCP addresses and their states, as `GET /v1/status` shows them.
    package var tcpAddresses: [StatusBody.Address] {
        state.withLock {
            $0.addresses.compactMap { address, port, phase in
                guard case .tcp(let address) = address else { return nil }
                return StatusBody.Address(address: address.bound(to: port).description, state: phase.rawValue)
            }
        }
    }

    /// Reports the state of an address. `port` is the one that the kernel chose; `nil` when that is not known.
    func report(_ phase: Phase, of address: DaemonAddress, port: Int? = nil) {
        let becameReady = state.withLock { state in
            for index in state.addresses.indices where state.addresses[index].address == address {
                state.addresses[index].phase = phase
                state.addresses[index].port = port
            }
            guard !state.isReady, state.addresses.allSatisfy({ $0.phase != .starting }) else { return false }
            state.isReady = true
            return true
        }
        if becameReady { onReady() }
    }
}
