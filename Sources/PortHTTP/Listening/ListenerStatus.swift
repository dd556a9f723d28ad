package import PortAPI
import Synchronization

/// The state of each address that the daemon listens on. It reports when the first attempt on every address has
/// finished.
package final class ListenerStatus: Sendable {
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
        /// `shown` is the address with the port that the kernel chose, as soon as it is known.
        var addresses: [(address: ListenAddress, shown: ListenAddress, phase: Phase)] = []
        var socketIsOpen = false
        var isReady = false
    }

    private let state: Mutex<State>
    private let onReady: @Sendable () -> Void

    /// Calls `onReady` once, when the Unix socket is open and no address is `starting` any more.
    package init(addresses: [ListenAddress], onReady: @escaping @Sendable () -> Void) {
        self.state = Mutex(State(addresses: addresses.map { ($0, $0, .starting) }))
        self.onReady = onReady
    }

    /// The addresses and their states, as `GET /v1/status` shows them.
    package var status: [StatusBody.Listener] {
        state.withLock {
            $0.addresses.map { StatusBody.Listener(address: $0.shown.description, state: $0.phase.rawValue) }
        }
    }

    /// Reports that the Unix socket is open.
    func socketOpened() { change { $0.socketIsOpen = true } }

    /// Reports the state of an address. `shown` is the address with its actual port; `nil` for `address` itself.
    func report(_ phase: Phase, of address: ListenAddress, shownAs shown: ListenAddress? = nil) {
        change { state in
            for index in state.addresses.indices where state.addresses[index].address == address {
                state.addresses[index].phase = phase
                state.addresses[index].shown = shown ?? address
            }
        }
    }

    private func change(_ body: (inout State) -> Void) {
        let becameReady = state.withLock { state in
            body(&state)
            guard !state.isReady, state.socketIsOpen, state.addresses.allSatisfy({ $0.phase != .starting }) else {
                return false
            }
            state.isReady = true
            return true
        }
        if becameReady { onReady() }
    }
}
