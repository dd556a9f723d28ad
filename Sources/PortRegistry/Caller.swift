package import PortModel

/// Who asks: the face, and the caller as far as the kernel tells.
package struct Caller: Hashable, Sendable {
    package var face: Face
    /// For people, such as `pid 4242`. Never trusted.
    package var name: String
    /// Of the asking process, whose view of pids counts; 0 for one that cannot be seen, `nil` when it is not known.
    package var pid: Int32?

    /// Without a caller: the registry itself, on behalf of the face.
    package init(face: Face, name: String = "registry", pid: Int32? = nil) {
        self.face = face
        self.name = name
        self.pid = pid
    }
}
