import CPortSystem
import Libc

/// Identifies the peer of a connection with the credentials that the kernel keeps: SO_PEERCRED of unix(7) on Linux,
/// LOCAL_PEERCRED of unix(4) on macOS.
package enum PeerCredentials {
    /// The process at the other end of a Unix socket: for a server the process that connected, for a client the process
    /// that called listen(2).
    package struct Process: Hashable, Sendable {
        /// `nil` when the system does not report the pid.
        package let pid: Int32?
        /// The effective user id.
        package let uid: UInt32

        package init(pid: Int32?, uid: UInt32) {
            self.pid = pid
            self.uid = uid
        }
    }

    #if os(Linux)
        /// The value of the option ``socketOptionName`` of getsockopt(2): struct ucred, which Swift does not import.
        package struct SocketOptionValue: Sendable {
            private var pid: Int32 = 0
            private var uid: UInt32 = 0
            private var gid: UInt32 = 0

            package init() {}

            /// The process; its pid is `nil` when it is not visible in the pid namespace of this process.
            package var process: Process { Process(pid: pid > 0 ? pid : nil, uid: uid) }
        }

        /// The level of ``socketOptionName``.
        package static let socketOptionLevel = SOL_SOCKET
        /// The option of getsockopt(2) that returns a ``SocketOptionValue``.
        package static let socketOptionName = SO_PEERCRED
    #else
        /// The value of the option ``socketOptionName`` of getsockopt(2): struct xucred.
        package struct SocketOptionValue: @unchecked Sendable {
            // xucred contains no references and is copied as a value; C structures are just not imported as Sendable.
            private var credentials = xucred()

            package init() {}

            /// The process without its pid, which this option does not contain.
            package var process: Process { Process(pid: nil, uid: credentials.cr_uid) }
        }

        /// The level of ``socketOptionName``.
        package static let socketOptionLevel: Int32 = 0  // SOL_LOCAL
        /// The option of getsockopt(2) that returns a ``SocketOptionValue``.
        package static let socketOptionName: Int32 = LOCAL_PEERCRED
    #endif

    /// Returns the process at the other end of a connected Unix socket; `nil` when the system does not report it.
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

    /// Returns the user id of the process at the `client` end of a loopback TCP connection; `nil` when it is unknown.
    package static func userID(ofTCPClient client: SocketEndpoint, server: SocketEndpoint) -> UInt32? {
        #if os(Linux)
            SocketDiagnostics.ownerOfConnection(client: client, server: server)?.userID
        #else
            // macOS has no query for one connection; requests over TCP need the token.
            nil
        #endif
    }

    /// Returns the processes that have the `client` end of a loopback TCP connection open, as far as this user may see
    /// them.
    package static func processes(ofTCPClient client: SocketEndpoint, server: SocketEndpoint) -> [Int32] {
        #if os(Linux)
            guard let owner = SocketDiagnostics.ownerOfConnection(client: client, server: server) else { return [] }
            return ListenerTable.processes(holding: owner.inode, ofUser: owner.userID)
        #else
            return []
        #endif
    }

    #if os(Linux)
        /// The level of ``connectionStateName``.
        package static let connectionStateLevel = Int32(IPPROTO_TCP)
        /// The option of getsockopt(2) whose value begins with the state of a TCP connection, one byte. See
        /// ``isConnected(inState:)``.
        package static let connectionStateName = TCP_INFO
    #else
        /// The level of ``connectionStateName``.
        package static let connectionStateLevel = IPPROTO_TCP
        /// The option of getsockopt(2) whose value begins with the state of a TCP connection, one byte. See
        /// ``isConnected(inState:)``.
        package static let connectionStateName = TCP_CONNECTION_INFO
    #endif

    /// Whether a TCP connection in this state still owns its pair of addresses and its client may still use it. In
    /// other states the addresses may belong to another connection.
    package static func isConnected(inState state: UInt8) -> Bool {
        #if os(Linux)
            // TCP_ESTABLISHED and TCP_CLOSE_WAIT of the kernel's include/net/tcp_states.h.
            state == 1 || state == 8
        #else
            // TCPS_ESTABLISHED and TCPS_CLOSE_WAIT of netinet/tcp_fsm.h.
            state == 4 || state == 5
        #endif
    }

    /// The pid to assume for a client of a Unix socket whose pid is unknown. On Linux it is 0: the client runs in a pid
    /// namespace that is not visible to this process. On macOS, which has no pid namespaces, it is `nil`.
    package static var invisiblePID: Int32? {
        #if os(Linux)
            0
        #else
            nil
        #endif
    }
}
