import NIOCore
import NIOHTTPTypes

/// Closes a connection whose next request is not there, whole, in time: counted from the moment the connection waits
/// for it, so that bytes which trickle in extend nothing. Also one whose client leaves its answers unread.
final class RequestDeadlineHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// PROMISES 19. Idle connections are kept no longer.
    static let limit = TimeAmount.seconds(5)

    private let limit: TimeAmount
    private var requestsToAnswer = 0
    private var deadline: Scheduled<Void>?
    private var unreadDeadline: Scheduled<Void>?

    init(limit: TimeAmount = RequestDeadlineHandler.limit) { self.limit = limit }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { startWaiting(context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { stopEverything() }

    func channelActive(context: ChannelHandlerContext) {
        startWaiting(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        stopEverything()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            requestsToAnswer += 1
            startWaiting(context)
        case .body: break
        case .end:
            stopWaiting()
            // Refused before it was whole, most likely: what is waited for is the next one already.
            if requestsToAnswer == 0 { startWaiting(context) }
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) {
            requestsToAnswer -= 1
            if requestsToAnswer == 0 { startWaiting(context) }
        }
        context.write(data, promise: promise)
    }

    /// The buffers towards the client fill up, or have room again.
    func channelWritabilityChanged(context: ChannelHandlerContext) {
        unreadDeadline?.cancel()
        unreadDeadline = nil
        if !context.channel.isWritable {
            let channel = context.channel
            unreadDeadline = context.eventLoop.scheduleTask(in: limit) { channel.close(promise: nil) }
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

    private func stopEverything() {
        stopWaiting()
        unreadDeadline?.cancel()
        unreadDeadline = nil
    }
}
