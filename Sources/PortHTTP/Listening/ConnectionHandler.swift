import NIOCore
import NIOHTTP1

/// What HTTP/1 says about a connection: whether it stays open after a response (RFC 9112, 9.3 and 9.6), and when a
/// client that sent `Expect` is to send its body (RFC 9110, 10.1.1).
final class ConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// The outbound event that requests the body of the request that is being answered. It has no effect when the
    /// client does not wait for that.
    struct BodyIsWanted: Sendable {}

    private struct PendingRequest {
        var version: HTTPVersion
        var isKeepAlive: Bool
    }

    /// The requests without a complete response, in the order in which they arrived.
    private var pending: [PendingRequest] = []
    /// Whether the last request has an expectation, and nothing but its head has arrived.
    private var awaitsContinue = false
    /// Whether the last request or response ended the use of the connection: whatever follows is not a request.
    private var isLast = false
    /// Whether parts after the last request are arriving.
    private var ignoresInput = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(var head):
            if isLast { ignoresInput = true }
            guard !ignoresInput else { return }
            pending.append(PendingRequest(version: head.version, isKeepAlive: head.isKeepAlive))
            isLast = !head.isKeepAlive
            if !head.version.isAtLeast1_1 { head.headers.remove(name: "Expect") }
            awaitsContinue = head.headers.contains(name: "Expect")
            context.fireChannelRead(wrapInboundOut(.head(head)))
        case .body, .end:
            guard !ignoresInput else { return }
            awaitsContinue = false
            context.fireChannelRead(data)
        }
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is BodyIsWanted else { return context.triggerUserOutboundEvent(event, promise: promise) }
        if awaitsContinue {
            awaitsContinue = false
            let head = HTTPResponseHead(version: .http1_1, status: .continue)
            context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
        }
        promise?.succeed()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head):
            complete(&head)
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body: context.write(data, promise: promise)
        case .end:
            if !pending.isEmpty { pending.removeFirst() }
            guard isLast, pending.isEmpty else { return context.write(data, promise: promise) }
            // Only the sending side: if unread bytes of the request were left, closing the connection would reset it,
            // and the client might lose the response. The client closes, or RequestDeadlineHandler does.
            let (channel, written) = (context.channel, promise ?? context.eventLoop.makePromise())
            written.futureResult.whenSuccess { channel.close(mode: .output, promise: nil) }
            context.write(data, promise: written)
        }
    }

    /// Adds to a response what the client must know about the connection.
    private func complete(_ head: inout HTTPResponseHead) {
        // Without a request, the bytes that arrived were none.
        let request = pending.first ?? PendingRequest(version: .http1_1, isKeepAlive: false)
        if !request.version.isAtLeast1_1, !head.headers.contains(name: "Content-Length") {
            // HTTP/1.0 has no chunks: the end of the connection is the end of the body.
            head.version = .http1_0
            isLast = true
        }
        // The client is not asked for the body any more, and may or may not send it.
        if awaitsContinue && pending.count == 1 || !request.isKeepAlive || !head.isKeepAlive { isLast = true }
        if isLast && pending.count <= 1 {
            head.headers.replaceOrAdd(name: "Connection", value: "close")
        } else if !request.version.isAtLeast1_1 {
            head.headers.replaceOrAdd(name: "Connection", value: "keep-alive")
        }
    }
}

extension HTTPVersion {
    /// Whether the version has interim responses, chunked bodies, and connections that stay open by default.
    fileprivate var isAtLeast1_1: Bool { major > 1 || major == 1 && minor >= 1 }
}
