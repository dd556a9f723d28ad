import HTTPTypes
import Hummingbird
import NIOCore
import PortAPI
import PortDashboard

/// The dashboard's page and files. They are constant: nothing in them comes from a request or another server.
struct DashboardRoutes {
    func add(to table: inout RouteTable) {
        table.on(response: Endpoints.Dashboard.page) { _ in try Self.response(DashboardAssets.page) }
        table.on(response: Endpoints.Dashboard.file) { call in
            try Self.response(call.context.parameters.get("name") ?? "")
        }
        table.on(response: Endpoints.Dashboard.fileInDirectory) { call in
            let parameters = call.context.parameters
            return try Self.response("\(parameters.get("name") ?? "")/\(parameters.get("file") ?? "")")
        }
    }

    private static func response(_ name: String) throws -> Response {
        guard let asset = DashboardAssets.asset(named: name) else {
            throw APIError(.notFound, "no such dashboard file", code: "no_such_route", hint: "the page is at /")
        }
        var headers = protection
        headers[.contentType] = asset.contentType
        headers[.contentLength] = String(asset.bytes.count)
        // Another version of the program has other files under the same names.
        headers[.cacheControl] = "no-store"
        return Response(
            status: .ok,
            headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: asset.bytes))
        )
    }

    /// Lets the page run nothing but its own files, and no other page embed it (docs/promises.md, 20).
    private static let protection: HTTPFields = [
        .contentSecurityPolicy: """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
        base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
        require-trusted-types-for 'script'; trusted-types 'none'
        """,
        .xContentTypeOptions: "nosniff",
        HTTPField.Name("Referrer-Policy")!: "no-referrer",
        HTTPField.Name("Cross-Origin-Opener-Policy")!: "same-origin",
        HTTPField.Name("Cross-Origin-Resource-Policy")!: "same-origin",
    ]
}
