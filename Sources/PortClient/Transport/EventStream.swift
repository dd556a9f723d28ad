import PortAPI
import PortModel
import PortSystem

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The daemon's events as they come, over a connection of its own.
package struct EventStream: ~Copyable {
    /// A server-sent event.
    package struct Event: Hashable, Sendable {
        /// `nil` for one that changes nothing about where a reader is.
        package var id: String?
        package var name: String
        /// JSON, in one line.
        package var data: String
    }

    private let socket: StreamSocket
    private let address: ServerAddress
    private var parser = EventParser()
    private var waiting: [Event] = []

    init(socket: consuming StreamSocket, address: ServerAddress) {
        self.socket = socket
        self.address = address
    }

    /// Whether ``next()`` has something to read within the time: an event, a heartbeat or the end.
    package func hasNews(within milliseconds: Int32) -> Bool {
        !waiting.isEmpty || socket.isReadable(within: milliseconds)
    }

    /// The next event; waits for it. `nil` when the daemon ends the stream. Throws ``ClientError``.
    package mutating func next() throws(ClientError) -> Event? {
        while waiting.isEmpty {
            guard try receive() else { return nil }
        }
        return waiting.removeFirst()
    }

    /// Reads what has come, and returns its events, maybe none; `nil` at the end. Throws ``ClientError``.
    package mutating func available() throws(ClientError) -> [Event]? {
        guard try receive() else { return nil }
        defer { waiting = [] }
        return waiting
    }

    private mutating func receive() throws(ClientError) -> Bool {
        do {
            let bytes = try socket.receive()
            guard !bytes.isEmpty else { return false }
            waiting += try parser.events(in: bytes)
        } catch let error as SystemError {
            throw error.isTimeout ? .noAnswer(address) : .connectionLost(address, error)
        } catch {
            throw .notOurDaemon(address)
        }
        if let refusal = parser.refusal { throw .refused(refusal) }
        return !parser.isOver
    }
}
