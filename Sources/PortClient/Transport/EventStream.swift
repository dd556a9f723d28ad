import PortAPI
import PortModel
import PortSystem

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The daemon's events as they arrive, over a separate connection.
package struct EventStream: ~Copyable {
    /// A server-sent event.
    package struct Event: Hashable, Sendable {
        /// The position to resume from; `nil` for an event that does not advance it.
        package var id: String?
        package var name: String
        /// A JSON object in one line.
        package var data: String
    }

    private let socket: StreamSocket
    private let address: ServerAddress
    private var parser = EventParser()
    /// Events that were received and not returned yet.
    private var pending: [Event] = []

    init(socket: consuming StreamSocket, address: ServerAddress) {
        self.socket = socket
        self.address = address
    }

    /// Whether ``next()`` or ``available()`` has something to read within the time: an event, a heartbeat or the end.
    package func isReadable(within milliseconds: Int32) -> Bool {
        !pending.isEmpty || socket.isReadable(within: milliseconds)
    }

    /// Waits for the next event and returns it; `nil` when the daemon ends the stream. Throws ``ClientError``.
    package mutating func next() throws(ClientError) -> Event? {
        while pending.isEmpty {
            guard try receive() else { return nil }
        }
        return pending.removeFirst()
    }

    /// Reads once from the connection and returns the events that are complete, possibly none; `nil` at the end. Throws
    /// ``ClientError``.
    package mutating func available() throws(ClientError) -> [Event]? {
        guard try receive() else { return nil }
        defer { pending = [] }
        return pending
    }

    /// Receives once; returns `false` at the end of the stream.
    private mutating func receive() throws(ClientError) -> Bool {
        do {
            let bytes = try socket.receive()
            guard !bytes.isEmpty else { return false }
            pending += try parser.events(in: bytes)
        } catch let error as SystemError {
            throw error.isTimeout ? .noAnswer(address) : .connectionLost(address, error)
        } catch {
            throw .notOurDaemon(address)
        }
        if let refusal = parser.refusal { throw .refused(refusal) }
        return !parser.isComplete
    }
}
