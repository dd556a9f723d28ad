import NIOCore

/// Closes the connection of a stream when the client closes its sending side. A TCP client that exits shows nothing
/// else until the daemon writes to it.
final class HalfCloseHandler: ChannelInboundHandler, Sendable {
    typealias InboundIn = NIOAny

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent {
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }
}
