import HTTPTypes
import Hummingbird
import PortAPI
import PortModel
import PortRegistry

/// Takes over what services had in another system. The client reads that system's files.
struct ImportRoutes {
    let registry: Registry

    func add(to table: inout RouteTable) {
        table.on(Endpoints.Allocations.importEntries, importEntries)
    }

    @Sendable private func importEntries(_ call: Call<ImportRequestBody>) async throws -> ImportBody {
        let body = try await call.input
        let source = try Name.validated(body.source ?? "", as: "source")
        let dryRun = body.dryRun ?? false
        let result = try await registry.importEntries(
            body.entries.map { entry throws(RegistryError) in try ImportEntry(entry) },
            from: source,
            dryRun: dryRun,
            by: call.context.caller(via: Face(named: body.face))
        )
        return ImportBody(
            dryRun: dryRun,
            imported: result.imported.map(ImportEntryDTO.init),
            skipped: result.skipped.map(SkippedEntryDTO.init)
        )
    }
}

extension ImportEntry {
    /// Throws `invalid_name`, `invalid_port` or `invalid_request`.
    fileprivate init(_ entry: ImportEntryDTO) throws(RegistryError) {
        guard let port = Port(entry.port) else { throw .portOutOfRange(subject: "\(entry.port)") }
        guard let replica = Int32(exactly: entry.replica ?? 0), replica >= 0 else {
            throw RegistryError(.invalidRequest, "replica must not be negative", subject: "replica")
        }
        self.init(
            identity: try ServiceIdentity(app: entry.app, instance: entry.instance, service: entry.service),
            replica: Int(replica),
            port: port,
            pid: entry.ownerPID.flatMap { $0 > 1 ? $0 : nil }
        )
    }
}
