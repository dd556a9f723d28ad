import HTTPTypes
import Hummingbird
import NIOCore
import PortAPI
import PortRegistry

/// The daemon's health, status and API description.
struct DaemonRoutes {
    let registry: Registry
    let status: @Sendable () async throws -> StatusBody

    func add(to table: inout RouteTable) {
        table.on(Paths.health, .get, runsOnEventLoop: true) { _, _ in
            // Throws `storage_failed`, a 503, when the database cannot be read.
            _ = try await registry.allocationCount()
            return try JSON.response(StatusWordBody(status: "ok"))
        }
        table.on(Paths.projectHealth, .get, runsOnEventLoop: true) { _, _ in
            try JSON.response(ProjectHealthBody(try await status()))
        }
        table.on(Paths.status, .get) { _, _ in try JSON.response(try await status()) }
        table.on(Paths.openAPI, .get) { _, _ in
            let document = ByteBuffer(bytes: PackageResources.openapi_json)
            return Response(
                status: .ok,
                headers: [.contentType: "application/json", .contentLength: String(document.readableBytes)],
                body: ResponseBody(byteBuffer: document)
            )
        }
    }
}
