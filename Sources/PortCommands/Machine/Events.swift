import ArgumentParser
import PortAPI
import PortClient
import PortSystem

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

struct Events: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show recent events; --follow streams new ones.",
        discussion: """
            Prints the last 50 entries of the journal. With --follow, prints only new events until Ctrl-C, including \
            renewals and sockets that open or close.
            """
    )

    @Flag(name: .shortAndLong, help: "Stream new events until Ctrl-C.")
    var follow = false

    @Flag(help: "Output as JSON; with --follow, one object per line.")
    var json = false

    func run() throws {
        if follow { return try followEvents() }
        let entries = Array(try Session().daemon.journal(limit: 50).reversed())
        if entries.isEmpty && !json { return Output.note("no events yet") }
        let display = Display.standardOutput
        try Output.result(entries, asJSON: json, text: Table(of: entries, for: display).rendered(for: display))
    }

    private func followEvents() throws {
        // Only this request starts the daemon if necessary; one that is stopped later stays stopped.
        _ = try Session().daemon.status()
        var source = EventSource(client: PortClient(address: try ServerAddress.forCommand()))
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
        try Output.result(body.line(for: .standardOutput))
    }
}
