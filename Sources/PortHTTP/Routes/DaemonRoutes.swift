import HTTPTypes
import Hummingbird
import NIOCore
import PortAPI
import PortRegistry

/// The daemon about itself.
struct DaemonRoutes {
    let registry: Registry
    let status: @Sendable () async throws -> StatusBody

    func add(to table: inout RouteTable) {
        table.on(Paths.health, .get, isBrief: true) { _, _ in
            // A database that cannot be read is a 503 by the registry's own refusal.
            _ = try await registry.allocationCount()
            return try JSON.response(StatusWordBody(status: "ok"))
        }
        table.on(Paths.projectHealth, .get, isBrief: true) { _, _ in
            let status = try await status()
            return try JSON.response(
                ProjectHealthBody(
                    status: "ok",
                    uptimeSeconds: status.uptimeSeconds,
                    activePorts: status.allocations,
                    pid: status.pid
                )
            )
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
