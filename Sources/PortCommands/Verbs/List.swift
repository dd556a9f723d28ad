internal import ArgumentParser
internal import PortAPI

struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List current allocations.",
        discussion: "Those of the current project, unless --app or --all says otherwise."
    )

    @Option(help: "Filter by application. (default: git repository or folder name)")
    var app: String?

    @Option(help: "Filter by instance.")
    var instance: String?

    @Option(help: "Filter by service.")
    var service: String?

    @Flag(help: "List every application's allocations.")
    var all = false

    @Flag(help: "Show state, holds, owner and folder, too.")
    var wide = false

    @Flag(help: "Output as JSON instead of a table.")
    var json = false

    func validate() throws {
        if all && app != nil { throw ValidationError("--all and --app exclude each other") }
    }

    func run() throws {
        var query = [("instance", instance), ("service", service), ("wide", wide ? "true" : nil)]
        var name: String?
        if !all {
            var options = ProjectOptions()
            options.app = app
            options.instance = instance
            let project = try options.resolved()
            name = project.app
            query += [("app", project.app), ("root", project.folders?.root)]
        }
        let allocations = try Session().ask("GET", Paths.allocations + Self.encoded(query), as: [AllocationBody].self)
        if allocations.isEmpty && !json {
            let which = name.map { "no allocations of \"\($0)\"; portctl list --all lists every application's" }
            return Output.note(which ?? "no allocations")
        }
        try Output.result(allocations, asJSON: json, text: Table(of: allocations, wide: wide).rendered())
    }

    private static func encoded(_ query: [(String, String?)]) -> String {
        let parts = query.compactMap { name, value in value.map { "\(name)=\(percentEncoded($0))" } }
        return parts.isEmpty ? "" : "?" + parts.joined(separator: "&")
    }

    private static func percentEncoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
