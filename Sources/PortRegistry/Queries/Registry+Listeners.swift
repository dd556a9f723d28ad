package import PortModel

extension Registry {
    /// Returns the sockets that listen on `ports`, or on any port for `nil`, ordered by port and address. Throws
    /// `system_unavailable` when the kernel does not answer, or `storage_failed`.
    package func listeners(on ports: Set<Port>? = nil) async throws(RegistryError) -> [ListenerReport] {
        let observed = try await machine.inspect { machine throws(RegistryError) in
            ObservedListeners(try machine.listeners(on: ports, fresh: false), machine: machine)
        }
        return try await read { [machine] in try observed.reports(reading: $0, machine: machine) }
    }
}
