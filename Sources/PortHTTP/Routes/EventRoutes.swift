import HTTPTypes
import Hummingbird
import NIOCore
import PortAPI
import PortModel
import PortRegistry

/// The stream of events, and the journal.
struct EventRoutes {
    let registry: Registry
    let streams: EventStreams

    /// The largest number of entries in one response. The journal keeps 10,000.
    private static let maximumJournal = 1000

    func add(to table: inout RouteTable) {
        table.on(response: Endpoints.Events.stream, stream)
        table.on(Endpoints.Events.journal, journal)
    }

    @Sendable private func stream(_ call: Call<NoParameters>) async throws -> Response {
        let headers: HTTPFields = [.contentType: "text/event-stream", .cacheControl: "no-store"]
        guard call.request.method != .head else { return Response(status: .ok, headers: headers) }
        let last = call.request.headers[.lastEventID].flatMap { $0.isEmpty ? nil : $0 }
        let channel = call.context.channel
        let subscription = try await streams.subscribe(
            // An id that the daemon did not make counts as one of an unknown epoch: the stream starts with `reset`.
            since: last.map { EventLog.ID($0) ?? EventLog.ID(epoch: "", number: 0) }
        )
        // Without it, a client that has gone is noticed only when the next event is written.
        channel.pipeline.addHandler(HalfCloseHandler(), position: .first).whenFailure { _ in }
        channel.closeFuture.whenComplete { [streams] _ in streams.unsubscribe(subscription) }
        return Response(
            status: .ok,
            headers: headers,
            body: ResponseBody { [streams] writer in
                defer { streams.unsubscribe(subscription) }
                for await chunk in subscription { try await writer.write(chunk) }
                try await writer.finish(nil)
            }
        )
    }

    @Sendable private func journal(_ call: Call<JournalQuery>) async throws -> [JournalEntryDTO] {
        let text = try await call.input.limit ?? "100"
        guard let limit = Int(text), (1...Self.maximumJournal).contains(limit) else {
            throw RegistryError(
                .invalidRequest,
                "limit must be between 1 and \(Self.maximumJournal)",
                subject: text
            )
        }
        return try await registry.journal(limit: limit).map(JournalEntryDTO.init)
    }
}

extension HTTPField.Name {
    /// The last event that a reader received (WHATWG HTML, 9.2 Server-sent events).
    fileprivate static let lastEventID = HTTPField.Name("Last-Event-ID")!
}
