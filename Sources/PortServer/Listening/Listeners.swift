package import PortAPI
internal import Synchronization

/// What became of each address the daemon listens on; and the moment when every first attempt is over.
package final class Listeners: Sendable {
    package enum State: String, Sendable {
        case starting
        case open
        /// Another program has the address; the daemon keeps trying.
        case taken
        /// The system does not let the daemon have it; the daemon keeps trying.
        case unavailable
    }

    private struct Board {
        /// `shown` is the address with the port that the kernel chose, once it did.
        var states: [(address: ListenAddress, shown: ListenAddress, state: State)] = []
        var socketIsOpen = false
        var isReady = false
    }

    private let board: Mutex<Board>
    private let onReady: @Sendable () -> Void

    /// `onReady` is called once, when the Unix socket is open and each of `addresses` is open or taken.
    package init(addresses: [ListenAddress], onReady: @escaping @Sendable () -> Void) {
        self.board = Mutex(Board(states: addresses.map { ($0, $0, .starting) }))
        self.onReady = onReady
    }

    package var status: [StatusBody.Listener] {
        board.withLock {
            $0.states.map { StatusBody.Listener(address: $0.shown.description, state: $0.state.rawValue) }
        }
    }

    func socketOpened() { change { $0.socketIsOpen = true } }

    func report(_ state: State, of address: ListenAddress, shownAs shown: ListenAddress? = nil) {
        change { board in
            for index in board.states.indices where board.states[index].address == address {
                board.states[index].state = state
                board.states[index].shown = shown ?? address
            }
        }
    }

    private func change(_ body: (inout Board) -> Void) {
        let becameReady = board.withLock { board in
            body(&board)
            guard !board.isReady, board.socketIsOpen, board.states.allSatisfy({ $0.state != .starting }) else {
                return false
            }
            board.isReady = true
            return true
        }
        if becameReady { onReady() }
    }
}
