import Foundation
import PortDashboard
import Testing

/// The dashboard's files are all there, and name nothing that is not.
@Suite struct DashboardTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Sources/PortDashboard/Assets")

    @Test func everyFileIsServed() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).sorted()
        #expect(DashboardAssets.names == files)
        for name in files {
            let asset = try #require(DashboardAssets.asset(named: name))
            #expect(try Data(contentsOf: Self.folder.appending(path: name)) == Data(asset.bytes))
        }
        #expect(DashboardAssets.asset(named: "../index.html") == nil && DashboardAssets.asset(named: "") == nil)
    }

    @Test func whatTheFilesNameIsThereAndNothingComesFromElsewhere() throws {
        for name in DashboardAssets.names {
            let text = String(decoding: try #require(DashboardAssets.asset(named: name)).bytes, as: UTF8.self)
            for match in text.matches(of: #/(?:from|import) "\.\/([^"]+)"|(?:src|href)="\/dashboard\/([^"#]+)/#) {
                let named = String(match.output.1 ?? match.output.2 ?? "")
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
