import Libc

extension SystemError {
    /// Whether the disk or the user's quota is full.
    package var isFullDisk: Bool { number == ENOSPC || number == EDQUOT }

    /// Whether this user has no access to the file.
    package var isPermissionDenied: Bool { number == EACCES }

    /// Whether the file system offers no locks, as some network file systems: flock(2), fcntl(2).
    package var isLackOfLocks: Bool { [ENOLCK, EOPNOTSUPP, ENOTSUP, ENOSYS].contains(number) }

    /// What to do when a program cannot be started: posix_spawn(3), fork(2), pipe(2). `nil` when the reason says it.
    package var startHint: String? {
        switch number {
        case EMFILE, ENFILE: "close files, or raise the limit of open files: ulimit -n"
        case EAGAIN: "end processes, or raise the limit of processes: ulimit -u"
        case ENOMEM: "end programs that use much memory"
        case EPERM, EACCES: "a sandbox, a mount with noexec or the file's mode forbids it"
        default: nil
        }
    }

    /// Whether exec(2) did not find the program.
    package var isCommandNotFound: Bool { number == ENOENT }

    /// Whether the process that a signal was sent to has ended.
    package var isProcessEnded: Bool { number == ESRCH }

    /// Whether a connection attempt failed because no socket listens at the address.
    package var isNotListening: Bool { number == ENOENT || number == ECONNREFUSED }

    /// Whether a sandbox denies sockets of this kind: seccomp(2) fails socket(2) or connect(2) with the errno that its
    /// author chose, and macOS's sandbox connect(2) with EPERM. EACCES of connect(2) is no sign: the permissions of a
    /// Unix socket's file give it, too.
    package var isDeniedBySandbox: Bool {
        switch call {
        case "socket": [EPERM, EACCES, EAFNOSUPPORT, EPROTONOSUPPORT, ENOSYS].contains(number)
        case "connect": number == EPERM || number == ENOSYS
        default: false
        }
    }

    /// Whether an operation on a socket exceeded its timeout.
    package var isTimeout: Bool { number == EAGAIN || number == EWOULDBLOCK || number == ETIMEDOUT }

    /// Whether the peer closed the connection. Linux reports this for a Unix socket when the peer had not accepted the
    /// connection or left data unread; macOS reports it only for data that is sent afterwards.
    package var isClosedByPeer: Bool { number == ECONNRESET || number == EPIPE }
}
