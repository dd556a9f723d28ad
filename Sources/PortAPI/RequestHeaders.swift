/// The headers that the commands send over the Unix socket.
package enum RequestHeaders {
    /// The network namespace of the client, such as `net:[4026531840]`.
    package static let networkNamespace = "Portctl-Network-Namespace"
    /// Present if the client starts a daemon when none runs.
    package static let autostart = "Portctl-Autostart"
}
