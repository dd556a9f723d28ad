import HTTPTypes
import Hummingbird
import NIOCore
import PortAPI
import PortDashboard
import PortRegistry

/// The daemon's health, status and API description.
struct DaemonRoutes {
    let registry: Registry
    let status: @Sendable () async throws -> StatusBody

    func add(to table: inout RouteTable) {
        table.on(Endpoints.Daemon.health, runsOnEventLoop: true) { _ in
            // Throws `storage_failed`, a 503, when the database cannot be read.
            _ = try await registry.allocationCount()
            return StatusWordBody(status: "ok")
        }
        table.on(Endpoints.Projects.health, runsOnEventLoop: true) { _ in ProjectHealthBody(try await status()) }
        table.on(Endpoints.Daemon.status) { _ in try await status() }
        table.on(response: Endpoints.Daemon.openAPI) { _ in
            let document = ByteBuffer(bytes: OpenAPIDocument.bytes)
            return Response(
                status: .ok,
                headers: [.contentType: "application/json", .contentLength: String(document.readableBytes)],
                body: ResponseBody(byteBuffer: document)
            )
        }
    }
}
