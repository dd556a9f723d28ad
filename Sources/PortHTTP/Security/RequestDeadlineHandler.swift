import NIOCore
import NIOHTTPTypes

/// Closes a connection whose next request has not arrived completely within a time limit, or whose client does not read
/// the responses. The limit counts from when the connection began to wait for the request, so that bytes that trickle
/// in do not extend it.
final class RequestDeadlineHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// The time for a whole request, and for a client to make room for more of a response (docs/promises.md, 19). Idle
    /// connections are closed after it too.
    static let limit = TimeAmount.seconds(5)

    private let limit: TimeAmount
    private var pendingRequests = 0
    private var deadline: Scheduled<Void>?
    private var writeDeadline: Scheduled<Void>?

    init(limit: TimeAmount = RequestDeadlineHandler.limit) { self.limit = limit }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { startWaiting(context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { cancelAll() }

    func channelActive(context: ChannelHandlerContext) {
        startWaiting(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        cancelAll()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            pendingRequests += 1
            startWaiting(context)
        case .body: break
        case .end:
            stopWaiting()
            // The request was answered before its end arrived, most likely refused: wait for the next one.
            if pendingRequests == 0 { startWaiting(context) }
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) {
            pendingRequests -= 1
            if pendingRequests == 0 { startWaiting(context) }
        }
        context.write(data, promise: promise)
    }

    /// Called when the buffer of outbound bytes is full, and when it has room again.
    func channelWritabilityChanged(context: ChannelHandlerContext) {
        writeDeadline?.cancel()
        writeDeadline = nil
        if !context.channel.isWritable {
            let channel = context.channel
            writeDeadline = context.eventLoop.scheduleTask(in: limit) { channel.close(promise: nil) }
        }
        context.fireChannelWritabilityChanged()
    }

    private func startWaiting(_ context: ChannelHandlerContext) {
        guard deadline == nil else { return }
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: limit) { channel.close(promise: nil) }
    }

    private func stopWaiting() {
        deadline?.cancel()
        deadline = nil
    }

    private func cancelAll() {
        stopWaiting()
        writeDeadline?.cancel()
        writeDeadline = nil
    }
}
