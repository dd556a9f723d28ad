package import PortModel

extension RegistryError {
    /// Returns the refusal for a group without allocations, such as one that was released.
    package static func groupNotFound(_ id: String) -> RegistryError {
        RegistryError(
            .groupNotFound,
            "no group \"\(id)\" is known",
            subject: id,
            hint: "portctl group list --all shows every group"
        )
    }

    /// Returns the refusal for an id or port that no allocation has.
    static func allocationNotFound(subject: String) -> RegistryError {
        RegistryError(
            .allocationNotFound,
            "allocation not found",
            subject: subject,
            hint: "portctl list --all shows every allocation"
        )
    }

    /// Returns the refusal for a name that no service on the machine has.
    package static func serviceNotFound(_ name: String) -> RegistryError {
        RegistryError(
            .serviceNotFound,
            "no service \"\(name)\" is known",
            subject: name,
            hint: "portctl list --all shows every service"
        )
    }

    /// Returns `error` if it is a ``RegistryError``, else a `storage_failed` that quotes it.
    package static func storage(_ error: any Error) -> RegistryError {
        error as? RegistryError
            ?? RegistryError(
                .storageFailed,
                "the database failed: \(error)",
                hint: "portctl status names the database; check for a full disk or missing permissions"
            )
    }

    /// Returns the refusal of a port that another allocation, `holder`, has.
    static func portAllocated(_ port: Port, holder: Allocation) -> RegistryError {
        RegistryError(
            .portAllocated,
            "port already allocated",
            subject: port.description,
            hint: "leave the port out to get a free one, or: portctl release \(port)",
            holder: holder
        )
    }
}
