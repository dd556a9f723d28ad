package import PortAPI
import Synchronization

/// What became of each address the daemon listens on; and the moment when every first attempt is over.
package final class ListenerStatus: Sendable {
    package enum Phase: String, Sendable {
        case starting
        case open
        /// Another program has the address; the daemon keeps trying.
        case taken
        /// The system does not let the daemon have it; the daemon keeps trying.
        case unavailable
    }

    private struct State {
        /// `shown` is the address with the port that the kernel chose, once it did.
        var states: [(address: ListenAddress, shown: ListenAddress, phase: Phase)] = []
        var socketIsOpen = false
        var isReady = false
    }

    private let state: Mutex<State>
    private let onReady: @Sendable () -> Void

    /// `onReady` is called once, when the Unix socket is open and each of `addresses` is open or taken.
    package init(addresses: [ListenAddress], onReady: @escaping @Sendable () -> Void) {
        self.state = Mutex(State(states: addresses.map { ($0, $0, .starting) }))
        self.onReady = onReady
    }

    package var status: [StatusBody.Listener] {
        state.withLock {
            $0.states.map { StatusBody.Listener(address: $0.shown.description, state: $0.phase.rawValue) }
        }
    }

    func socketOpened() { change { $0.socketIsOpen = true } }

    func report(_ phase: Phase, of address: ListenAddress, shownAs shown: ListenAddress? = nil) {
        change { state in
            for index in state.states.indices where state.states[index].address == address {
                state.states[index].phase = phase
                state.states[index].shown = shown ?? address
            }
        }
    }

    private func change(_ body: (inout State) -> Void) {
        let becameReady = state.withLock { state in
            body(&state)
            guard !state.isReady, state.socketIsOpen, state.states.allSatisfy({ $0.phase != .starting }) else {
                return false
            }
            state.isReady = true
            return true
        }
        if becameReady { onReady() }
    }
}
