import HTTPTypes
import Hummingbird
import NIOCore
import PortAPI
import PortModel
import PortRegistry

/// What happens, as it happens; and what happened.
struct EventRoutes {
    let registry: Registry
    let feed: EventFeed

    /// Entries of the whole journal: the journal has 10,000.
    private static let maximumJournal = 1000

    func add(to table: inout RouteTable) {
        table.on(Paths.events, .get, stream)
        table.on(Paths.journal, .get, journal)
    }

    @Sendable private func stream(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let headers: HTTPFields = [.contentType: "text/event-stream", .cacheControl: "no-store"]
        guard request.method != .head else { return Response(status: .ok, headers: headers) }
        let last = request.headers[.lastEventID].flatMap { $0.isEmpty ? nil : $0 }
        let channel = context.channel
        let subscription = try await feed.subscribe(
            // What is no id of ours is of an epoch that nobody knows.
            since: last.map { EventLog.ID($0) ?? EventLog.ID(epoch: "", number: 0) }
        )
        // A client that has gone is noticed when it goes, and not with the next event.
        channel.pipeline.addHandler(HalfCloseHandler(), position: .first).whenFailure { _ in }
        channel.closeFuture.whenComplete { [feed] _ in feed.unsubscribe(subscription) }
        return Response(
            status: .ok,
            headers: headers,
            body: ResponseBody { [feed] writer in
                defer { feed.unsubscribe(subscription) }
                for await piece in subscription { try await writer.write(piece) }
                try await writer.finish(nil)
            }
        )
    }

    @Sendable private func journal(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let text = try Query(request)["limit"] ?? "100"
        guard let limit = Int(text), (1...Self.maximumJournal).contains(limit) else {
            throw RegistryError(
                .invalidRequest,
                "limit must be between 1 and \(Self.maximumJournal)",
                subject: text
            )
        }
        return try JSON.response(try await registry.journal(limit: limit).map(JournalEntryDTO.init))
    }
}

extension HTTPField.Name {
    /// Where a reader of events was, in the WHATWG's standard of server-sent events.
    fileprivate static let lastEventID = HTTPField.Name("Last-Event-ID")!
}
