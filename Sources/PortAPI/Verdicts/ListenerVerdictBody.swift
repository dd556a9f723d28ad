/// The verdict on one process that has a listening socket open.
package struct ListenerVerdictBody: Codable, Hashable, Sendable {
    package var port: Int
    /// The numeric local address of the socket.
    package var address: String
    package var userID: UInt32
    /// `mine`, `unknown` or `foreign`.
    package var verdict: String
    /// The rule that decided, as the end of a sentence about the process.
    package var reason: String
    /// `nil` when the kernel does not reveal it.
    package var process: ProcessDTO?
    /// `app/instance` of the process's working directory; `nil` when it is unknown, or no project's.
    package var project: String?

    package enum CodingKeys: String, CodingKey {
        case port, address, verdict, reason, process, project
        case userID = "user_id"
    }

    package init(port: Int, address: String, userID: UInt32, verdict: String, reason: String) {
        self.port = port
        self.address = address
        self.userID = userID
        self.verdict = verdict
        self.reason = reason
    }
}
