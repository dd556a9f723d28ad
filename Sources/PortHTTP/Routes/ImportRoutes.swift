import HTTPTypes
import Hummingbird
import PortAPI
import PortModel
import PortRegistry

/// Takes over what services had in another system. The client reads that system's files.
struct ImportRoutes {
    let registry: Registry

    func add(to table: inout RouteTable) {
        table.on(Paths.imports, .post, importEntries)
    }

    @Sendable private func importEntries(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let body = try await JSON.decode(ImportRequestBody.self, from: request)
        let source = try Name.validated(body.source ?? "", as: "source")
        let dryRun = body.dryRun ?? false
        let result = try await registry.importEntries(
            body.entries.map { entry throws(RegistryError) in try ImportEntry(entry) },
            from: source,
            dryRun: dryRun,
            by: context.caller(via: Face(named: body.face))
        )
        return try JSON.response(
            ImportBody(
                dryRun: dryRun,
                imported: result.imported.map(ImportEntryDTO.init),
                skipped: result.skipped.map(SkippedEntryDTO.init)
            )
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
