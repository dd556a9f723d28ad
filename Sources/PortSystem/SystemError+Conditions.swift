import Libc

extension SystemError {
    /// Whether the disk or the user's quota is full.
    package var isFullDisk: Bool { number == ENOSPC || number == EDQUOT }

    /// Whether exec(2) did not find the program.
    package var isCommandNotFound: Bool { number == ENOENT }

    /// Whether the process that a signal was sent to has ended.
    package var isProcessEnded: Bool { number == ESRCH }

    /// Whether a connection attempt failed because no socket listens at the address.
    package var isNotListening: Bool { number == ENOENT || number == ECONNREFUSED }

    /// Whether an operation on a socket exceeded its timeout.
    package var isTimeout: Bool { number == EAGAIN || number == EWOULDBLOCK || number == ETIMEDOUT }

    /// Whether the peer closed the connection. Linux reports this for a Unix socket when the peer had not accepted the
    /// connection or left data unread; macOS reports it only for data that is sent afterwards.
    package var isClosedByPeer: Bool { number == ECONNRESET || number == EPIPE }
}
