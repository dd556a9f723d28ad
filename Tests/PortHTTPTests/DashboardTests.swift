import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOEmbedded
import PortDashboard
import Testing

@testable import PortHTTP

/// The files of the dashboard, and how they are served.
@Suite struct DashboardTests {
    private static let directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Sources/PortDashboard/Assets")

    @Test func everyDashboardFileIsServed() throws {
        let files = try FileManager.default.subpathsOfDirectory(atPath: Self.directory.path).sorted()
            .filter { $0.contains(".") }
        #expect(DashboardAssets.names == files)
        for name in files {
            let asset = try #require(DashboardAssets.asset(named: name))
            #expect(try Data(contentsOf: Self.directory.appending(path: name)) == Data(asset.bytes))
        }
        #expect(DashboardAssets.asset(named: "../index.html") == nil && DashboardAssets.asset(named: "") == nil)
    }

    @Test(arguments: [
        "/", "/dashboard/main.js", "/dashboard/views/row.js", "/dashboard/dashboard.css", "/dashboard/favicon.svg",
    ])
    func everyDashboardResponseHasProtectiveHeaders(_ path: String) async throws {
        var table = RouteTable()
        DashboardRoutes().add(to: &table)
        let router = Router(context: PortRequestContext.self)
        table.install(on: router)
        let headers = try await router.buildResponder().respond(
            to: Request(
                head: HTTPRequest(method: .get, scheme: "http", authority: "localhost", path: path),
                body: RequestBody(buffer: .init())
            ),
            context: PortRequestContext(
                source: ApplicationRequestContextSource(channel: EmbeddedChannel(), logger: Logger(label: "test"))
            )
        ).headers
        let policy = try #require(headers[.contentSecurityPolicy])
        for rule in [
            "default-src 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        ] {
            #expect(policy.split(separator: "; ").contains(rule[...]))
        }
        #expect(!policy.contains("unsafe"))
        #expect(headers[.xContentTypeOptions] == "nosniff")
        for name in ["Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy"] {
            #expect(headers[HTTPField.Name(name)!] == "same-origin")
        }
    }

    @Test func dashboardFilesReferenceOnlyEachOther() throws {
        for name in DashboardAssets.names {
            let text = String(decoding: try #require(DashboardAssets.asset(named: name)).bytes, as: UTF8.self)
            let base = URL(filePath: "/dashboard/\(name)").deletingLastPathComponent()
            for match in text.matches(of: #/(?:from|import) "(\.[^"]+)"|(?:src|href)="(\/dashboard\/[^"#]+)/#) {
                let reference = String(match.output.1 ?? match.output.2 ?? "")
                let url = reference.hasPrefix("/") ? URL(filePath: reference) : base.appending(path: reference)
                let named = String(url.standardized.path.trimmingPrefix("/dashboard/"))
                #expect(DashboardAssets.names.contains(named), "\(name) names \(named)")
            }
            let foreign = text.matches(of: #/https?:\/\/[a-z0-9.]+/#).map { String($0.output) }
                .filter { !["http://localhost", "http://www.w3.org"].contains($0) }
            #expect(foreign.isEmpty, "\(name): \(foreign)")
            for hazard in [
                "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", " style=", " onclick=",
            ] {
                #expect(!text.contains(hazard), "\(name) has \(hazard)")
            }
        }
    }
}
