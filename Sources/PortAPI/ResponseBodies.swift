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
    /// Whether a socket holds the port now, allocated or not.
    package var inUse: Bool
    /// Left out when no allocation has the port.
    package var holder: AllocationBody?
    /// Why a free port is a poor choice; left out when it is not.
    package var warnings: [String]?

    package enum CodingKeys: String, CodingKey {
        case port, available, holder, warnings
        case inUse = "in_use"
    }

    package init(
        port: Int,
        available: Bool,
        inUse: Bool,
        holder: AllocationBody? = nil,
        warnings: [String]? = nil
    ) {
        self.port = port
        self.available = available
        self.inUse = inUse
        self.holder = holder
        self.warnings = warnings
    }
}

/// `GET` and `DELETE /v1/services/{name}`.
package struct ServiceBody: Codable, Hashable, Sendable {
    package var app: String
    package var instance: String
    package var service: String
    /// The first replica's.
    package var port: Int
    package var allPorts: [Int]
    package var allocations: [AllocationBody]

    package enum CodingKeys: String, CodingKey {
        case app, instance, service, port, allocations
        case allPorts = "all_ports"
    }

    /// `allocations` are those of one service, at least one.
    package init(_ allocations: [AllocationBody]) {
        app = allocations[0].app
        instance = allocations[0].instance
        service = allocations[0].service
        port = allocations[0].port
        allPorts = allocations.map(\.port)
        self.allocations = allocations
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
    /// What an ambiguous name could mean; else left out.
    package var candidates: [AllocationBody]?

    package init(
        error: String,
        code: String,
        subject: String? = nil,
        hint: String? = nil,
        holder: AllocationBody? = nil,
        candidates: [AllocationBody]? = nil
    ) {
        self.error = error
        self.code = code
        self.subject = subject
        self.hint = hint
        self.holder = holder
        self.candidates = candidates
    }
}
