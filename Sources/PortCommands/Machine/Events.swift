import ArgumentParser
import PortAPI
import PortClient
import PortModel
import PortSystem

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

struct Events: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tell what happened on this machine's ports, or what happens.",
        discussion: """
            Without --follow the last 50 entries of the registry's journal. With it everything from now on, until \
            Ctrl-C: also renewals, and sockets that come and go.
            """
    )

    @Flag(name: .shortAndLong, help: "Go on with what happens from now on.")
    var follow = false

    @Flag(help: "Output as JSON; with --follow one object in a line for each event.")
    var json = false

    func run() throws {
        if follow { return try followEvents() }
        let path = Paths.journal + Paths.query([("limit", "50")])
        let entries = Array(try Session().send("GET", path, as: [JournalEntryDTO].self).reversed())
        if entries.isEmpty && !json { return Output.note("nothing has happened yet") }
        try Output.result(entries, asJSON: json, text: Table(of: entries).rendered())
    }

    private func followEvents() throws {
        // Starts the daemon, if it must; a daemon that is stopped later stays stopped.
        _ = try Session().send("GET", Paths.status, as: StatusBody.self)
        var source = Source(client: PortClient(address: try ServerAddress.forCommand()))
        var isLost = false
        while true {
            guard let event = try source.next() else {
                if !isLost { Output.note("the daemon is gone; waiting for it") }
                isLost = true
                CurrentProcess.pause(milliseconds: 1000)
                continue
            }
            if isLost { Output.note("the daemon is back") }
            isLost = false
            try print(event)
        }
    }

    private func print(_ event: EventStream.Event) throws {
        switch event.name {
        case "ready": return
        case "reset": return json ? try Output.result(#"{"type":"reset"}"#) : Output.note("some events were missed")
        default: break
        }
        if json {
            let id = event.id.map { #""id":"\#($0)","# } ?? ""
            return try Output.result("{\(id)\(event.data.dropFirst())")
        }
        guard let body = try? JSONDecoder().decode(EventBody.self, from: Data(event.data.utf8)) else { return }
        try Output.result(body.line)
    }
}

/// The daemon's events, over as many connections as it takes.
private struct Source: ~Copyable {
    let client: PortClient
    private var stream: EventStream?
    private var last: String?
    private var hasBegun = false

    init(client: PortClient) { self.client = client }

    /// The next event; `nil` when the daemon is not there. A refusal is a failure, unless it may pass.
    mutating func next() throws -> EventStream.Event? {
        // A stream that ends may be only cut off, because it was not read.
        for _ in 0..<2 {
            do throws(ClientError) {
                if stream == nil { stream = try client.events(since: last) }
                if let event = try stream!.next() {
                    hasBegun = true
                    last = event.id ?? last
                    return event
                }
            } catch {
                // The daemon is stopping, or has all the readers that it serves.
                if case .refused = error, !hasBegun { throw Failure(error) }
            }
            stream = nil
        }
        return nil
    }
}

extension EventBody {
    /// `11:12:13  allocated  3000  shop/main/web  pid 42 (registry)`.
    fileprivate var line: String {
        let time = at.split(separator: "T").last.map { String($0.prefix(8)) } ?? at
        let who = listener.map { $0.processes.map(\.description).joined(separator: ", ") } ?? caller ?? ""
        let parts = [
            time, type.replacing("_", with: " "), port.map(String.init) ?? "-", service ?? "-", who, reason ?? "",
        ]
        return parts.filter { !$0.isEmpty }.joined(separator: "  ").oneLine
    }
}
