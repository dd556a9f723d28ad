import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import PortHTTP

/// On an embedded event loop whose time stands still.
@Suite struct ConnectionHandlerTests {
    private func connected() throws -> EmbeddedChannel {
        let channel = EmbeddedChannel(handler: ConnectionHandler())
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        return channel
    }

    private func exchange(_ version: HTTPVersion, _ connection: String?, on channel: EmbeddedChannel) throws {
        let headers = HTTPHeaders(connection.map { [("Connection", $0)] } ?? [])
        let head = HTTPRequestHead(version: version, method: .GET, uri: "/", headers: headers)
        try channel.writeInbound(HTTPServerRequestPart.head(head))
        try channel.writeInbound(HTTPServerRequestPart.end(nil))
        let response = HTTPResponseHead(version: .http1_1, status: .ok, headers: ["Content-Length": "0"])
        try channel.writeOutbound(HTTPServerResponsePart.head(response))
        try channel.writeOutbound(HTTPServerResponsePart.end(nil))
    }

    @Test(arguments: [
        (HTTPVersion.http1_0, nil), (.http1_0, "close"), (.http1_1, "close"), (.http1_1, "Close"), (.http0_9, nil),
    ])
    func connectionIsClosedRightAfterTheLastResponse(_ version: HTTPVersion, _ connection: String?) throws {
        let channel = try connected()
        try exchange(version, connection, on: channel)
        #expect(!channel.isActive)
    }

    @Test(arguments: [(HTTPVersion.http1_1, nil), (.http1_1, "keep-alive"), (.http1_0, "keep-alive")])
    func connectionThatIsKeptServesTheNextRequest(_ version: HTTPVersion, _ connection: String?) throws {
        let channel = try connected()
        for _ in 0..<2 { try exchange(version, connection, on: channel) }
        #expect(channel.isActive)
    }
}
