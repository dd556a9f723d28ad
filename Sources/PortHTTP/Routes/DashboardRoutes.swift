import HTTPTypes
import Hummingbird
import NIOCore
import PortDashboard

/// The dashboard's page and files. They are constant: nothing in them comes from a request or another server.
struct DashboardRoutes {
    /// The path below which the page loads its files.
    private static let directory = "/dashboard"

    func add(to table: inout RouteTable) {
        table.on("/", .get) { _, _ in try Self.response(DashboardAssets.page) }
        table.on("\(Self.directory)/:name", .get) { _, context in
            try Self.response(context.parameters.get("name") ?? "")
        }
        // The router requires one name for all parameters at the same position. Here `name` is a directory, such as
        // `views`.
        table.on("\(Self.directory)/:name/:file", .get) { _, context in
            let (directory, file) = (context.parameters.get("name") ?? "", context.parameters.get("file") ?? "")
            return try Self.response("\(directory)/\(file)")
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
