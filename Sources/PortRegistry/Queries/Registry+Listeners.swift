package import PortModel

extension Registry {
    /// Returns the sockets that listen on `ports`, or on any port for `nil`, ordered by port and address. Throws
    /// `system_unavailable` when the kernel does not answer, or `storage_failed`.
    package func listeners(on ports: Set<Port>? = nil) async throws(RegistryError) -> [ListenerReport] {
        let observed = ObservedListeners(try machine.listeners(on: ports, fresh: false), machine: machine)
        return try await read { try observed.reports(reading: $0) }
    }
}
