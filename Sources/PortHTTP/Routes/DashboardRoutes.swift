import HTTPTypes
import Hummingbird
import NIOCore
import PortDashboard

/// The page for people, and what it is made of: nothing in it comes from elsewhere, and nothing in it is made of what
/// others may write.
struct DashboardRoutes {
    /// Where the page finds its files.
    private static let directory = "/dashboard"

    func add(to table: inout RouteTable) {
        table.on("/", .get) { _, _ in try Self.answer(DashboardAssets.page) }
        table.on("\(Self.directory)/:name", .get) { _, context in
            try Self.answer(context.parameters.get("name") ?? "")
        }
    }

    private static func answer(_ name: String) throws -> Response {
        guard let asset = DashboardAssets.asset(named: name) else {
            throw APIError(.notFound, "no such file of the dashboard", code: "no_such_route", hint: "the page is at /")
        }
        var headers = protection
        headers[.contentType] = asset.contentType
        headers[.contentLength] = String(asset.bytes.count)
        // A new version of the program has other files under the same names.
        headers[.cacheControl] = "no-store"
        return Response(
            status: .ok,
            headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: asset.bytes))
        )
    }

    /// PROMISES 20.
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
