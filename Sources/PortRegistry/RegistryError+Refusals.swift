package import PortModel

extension RegistryError {
    /// The group has no allocation, or none any more.
    package static func groupNotFound(_ id: String) -> RegistryError {
        RegistryError(
            .groupNotFound,
            "no group \"\(id)\" is known",
            subject: id,
            hint: "portctl group list --all shows every group"
        )
    }
}

extension RegistryError {
    /// No allocation has that id or port.
    static func allocationNotFound(subject: String) -> RegistryError {
        RegistryError(
            .allocationNotFound,
            "allocation not found",
            subject: subject,
            hint: "portctl list --all shows every allocation"
        )
    }

    /// No service on the machine has that name.
    package static func serviceNotFound(_ name: String) -> RegistryError {
        RegistryError(
            .serviceNotFound,
            "no service \"\(name)\" is known",
            subject: name,
            hint: "portctl list --all shows every service"
        )
    }
}

extension RegistryError {
    /// Returns `error` if it is a ``RegistryError``, else a `storage_failed` that quotes it.
    package static func storage(_ error: any Error) -> RegistryError {
        error as? RegistryError
            ?? RegistryError(
                .storageFailed,
                "the database failed: \(error)",
                hint: "portctl status names the database; check for a full disk or missing permissions"
            )
    }
}
