import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceLifecycle

/// HTTP/1.1 with the bounds that hold on every listener, until a graceful shutdown. Throws `IOError` when the address
/// cannot be had.
///
/// Not Hummingbird's Application, which wakes three threads every second for each listener, to format the date.
func serveHTTP(
    _ responder: RouterResponder<PortRequestContext>,
    on address: BindAddress,
    maximumConnections: Int,
    logger: Logger,
    onRunning: @escaping @Sendable (any Channel) async -> Void
) async throws {
    // Hummingbird reports every start at info; the daemon has its own words.
    var quiet = logger
    quiet.logLevel = max(logger.logLevel, .warning)
    let clock = DateCache()
    let builder = HTTPServerBuilder { responder in
        EventLoopConnections(
            base: HTTP1Channel(
                responder: responder,
                configuration: .init(
                    additionalChannelHandlers: [RequestDeadlineHandler()],
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: maximumHeaderSize,
                        maxHeaderListSize: maximumHeaderSize,
                        maxHeaderFieldCount: 100
                    )
                )
            )
        )
    }
    let server = try builder.buildServer(
        configuration: ServerConfiguration(
            address: address,
            serverName: "port-server",
            backlog: 1024,
            availableConnectionsDelegate: .maximum(maximumConnections, logger: quiet)
        ),
        eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
        logger: quiet,
        responder: { [quiet] request, writer, channel in
            var logger = quiet
            logger[metadataKey: "request"] = .stringConvertible(RequestID())
            var response = try await responder.respond(
                to: request,
                context: PortRequestContext(source: ApplicationRequestContextSource(channel: channel, logger: logger))
            )
            response.headers[.date] = clock.date()
            response.headers[.server] = "port-server"
            do {
                try await writer.write(response: response.head, body: response.body)
            } catch is HTTPParserError {
                // Would be answered with a second response by Hummingbird.
                throw BrokenWhileAnswered()
            }
        },
        onServerRunning: onRunning
    )
    try await server.run()
}

/// Bytes of all of a request's headers, PROMISES 19.
private let maximumHeaderSize = 16384

/// What follows a request is no HTTP.
private struct BrokenWhileAnswered: Error {}
