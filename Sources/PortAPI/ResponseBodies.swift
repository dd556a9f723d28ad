/// `GET /healthz`: `ok`; also `deleted` from `DELETE /v1/allocations/{id}`.
package struct StatusWordBody: Codable, Hashable, Sendable {
    package var status: String

    package init(status: String) { self.status = status }
}

/// `DELETE /v1/allocations`.
package struct DeletedBody: Codable, Hashable, Sendable {
    /// How many allocations ended.
    package var deleted: Int

    package init(deleted: Int) { self.deleted = deleted }
}

/// `DELETE /v1/remembered`.
package struct ForgottenBody: Codable, Hashable, Sendable {
    package var app: String
    package var instance: String
    package var service: String
    package var port: Int
    /// Whether an allocation ended, too.
    package var released: Bool

    package init(app: String, instance: String, service: String, port: Int, released: Bool) {
        self.app = app
        self.instance = instance
        self.service = service
        self.port = port
        self.released = released
    }
}

/// `GET /v1/ports/{port}`.
package struct PortBody: Codable, Hashable, Sendable {
    package var port: Int
    package var available: Bool
    /// Left out when no allocation has the port.
    package var holder: AllocationBody?
    /// Why a free port is a poor choice; left out when it is not.
    package var warnings: [String]?

    package init(port: Int, available: Bool, holder: AllocationBody? = nil, warnings: [String]? = nil) {
        self.port = port
        self.available = available
        self.holder = holder
        self.warnings = warnings
    }
}

/// Every answer of 400 and above.
package struct ErrorBody: Codable, Hashable, Sendable {
    /// For people.
    package var error: String
    /// Stable, for programs.
    package var code: String
    /// What the error is about.
    package var subject: String?
    /// What to try next.
    package var hint: String?
    /// Who has what was asked for.
    package var holder: AllocationBody?

    package init(
        error: String,
        code: String,
        subject: String? = nil,
        hint: String? = nil,
        holder: AllocationBody? = nil
    ) {
        self.error = error
        self.code = code
        self.subject = subject
        self.hint = hint
        self.holder = holder
    }
}
