package import PortModel

/// Who makes a request: the face, and the calling process as far as the kernel knows it.
package struct Caller: Hashable, Sendable {
    package var face: Face
    /// A description for people, such as `pid 4242`. No decision depends on it.
    package var name: String
    /// The pid of the calling process. The pids in its request are those of its pid namespace. 0 when the process
    /// cannot be seen from here; `nil` when it is not known.
    package var pid: Int32?
    /// Further processes that may make the request: those that have the client's end of a TCP connection open.
    package var otherPIDs: [Int32] = []
    /// The pids of all processes that may make the request.
    var pids: [Int32] { (pid.map { [$0] } ?? []) + otherPIDs }
    /// Where the calling process lives.
    package var network: CallerNetwork

    /// Creates a caller. Without a name it is the registry itself, which acts on behalf of the face.
    package init(face: Face, name: String = "registry", pid: Int32? = nil, network: CallerNetwork = .unknown) {
        self.face = face
        self.name = name
        self.pid = pid
        self.network = network
    }
}
