import CPortSystem
import Libc

/// Who is at the other end of a connection, as the kernel tells it.
package enum PeerCredentials {
    /// The process at the other end of a Unix socket when it connected (or, seen from the client, that listens).
    package struct Process: Hashable, Sendable {
        /// `nil` where the system does not tell.
        package let pid: Int32?
        package let uid: UInt32

        package init(pid: Int32?, uid: UInt32) {
            self.pid = pid
            self.uid = uid
        }
    }

    /// The value that ``socketOptionLevel`` and ``socketOptionName`` read with getsockopt(2).
    #if os(Linux)
        package struct SocketOptionValue: Sendable {
            private var pid: Int32 = 0
            private var uid: UInt32 = 0
            private var gid: UInt32 = 0

            package init() {}

            package var process: Process { Process(pid: pid > 0 ? pid : nil, uid: uid) }
        }

        package static let socketOptionLevel = SOL_SOCKET
        package static let socketOptionName = SO_PEERCRED
    #else
        package struct SocketOptionValue: @unchecked Sendable {
            // A plain value: xucred has no references, C structures are only not marked as Sendable.
            private var credentials = xucred()

            package init() {}

            package var process: Process { Process(pid: nil, uid: credentials.cr_uid) }
        }

        package static let socketOptionLevel: Int32 = 0  // SOL_LOCAL
        package static let socketOptionName: Int32 = LOCAL_PEERCRED
    #endif

    /// The process behind a connected Unix socket; `nil` when the system does not say.
    package static func process(behindUnixSocket descriptor: Int32) -> Process? {
        var value = SocketOptionValue()
        var length = socklen_t(MemoryLayout<SocketOptionValue>.size)
        guard getsockopt(descriptor, socketOptionLevel, socketOptionName, &value, &length) == 0 else { return nil }
        #if os(Linux)
            return value.process
        #else
            var pid: pid_t = 0
            var size = socklen_t(MemoryLayout<pid_t>.size)
            let isKnown = getsockopt(descriptor, socketOptionLevel, LOCAL_PEERPID, &pid, &size) == 0 && pid > 0
            return Process(pid: isKnown ? pid : nil, uid: value.process.uid)
        #endif
    }

    /// The user at the `client` end of a loopback TCP connection; `nil` when the kernel does not know.
    package static func userID(ofTCPClient client: SocketEndpoint, server: SocketEndpoint) -> UInt32? {
        #if os(Linux)
            SocketDiagnostics.ownerOfConnection(client: client, server: server)
        #else
            // macOS has no exact query; such requests need the token.
            nil
        #endif
    }

    /// getsockopt(2) for a byte, the first of what it tells: the state of a TCP connection, as
    /// ``isConnected(inState:)`` wants it.
    #if os(Linux)
        package static let connectionStateLevel = Int32(IPPROTO_TCP)
        package static let connectionStateName = TCP_INFO
    #else
        package static let connectionStateLevel = IPPROTO_TCP
        package static let connectionStateName = TCP_CONNECTION_INFO
    #endif

    /// Whether a TCP connection in this state has its addresses for itself, and its client may still be there.
    package static func isConnected(inState state: UInt8) -> Bool {
        #if os(Linux)
            // TCP_ESTABLISHED and TCP_CLOSE_WAIT of linux/tcp_states.h.
            state == 1 || state == 8
        #else
            // TCPS_ESTABLISHED and TCPS_CLOSE_WAIT of netinet/tcp_fsm.h.
            state == 4 || state == 5
        #endif
    }

    /// What stands for the pid of a Unix socket's client that was not told: on Linux it lives in a pid namespace that
    /// this process cannot see; macOS has none.
    package static var invisiblePID: Int32? {
        #if os(Linux)
            0
        #else
            nil
        #endif
    }

    /// The user that this process acts as.
    package static var currentUserID: UInt32 { geteuid() }
}
