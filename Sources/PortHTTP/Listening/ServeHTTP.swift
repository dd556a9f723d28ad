import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceLifecycle

/// Serves HTTP/1.1 on `address` until a graceful shutdown, with the limits that hold for every address. Throws
/// `IOError` when the address cannot be bound.
///
/// It replaces Hummingbird's Application, which wakes three threads every second for each address, to format the date.
func serveHTTP(
    _ responder: RouterResponder<PortRequestContext>,
    on address: DaemonAddress,
    logger: Logger,
    onRunning: @escaping @Sendable (any Channel) async -> Void
) async throws {
    // Hummingbird logs every start at info. The daemon logs its own start.
    var quiet = logger
    quiet.logLevel = max(logger.logLevel, .warning)
    let dates = DateCache()
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
            address: address.bindAddress,
            serverName: "port-server",
            backlog: 1024,
            availableConnectionsDelegate: .maximum(address.maximumConnections, logger: quiet)
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
            response.headers[.date] = dates.date()
            response.headers[.server] = "port-server"
            do {
                try await writer.write(response: response.head, body: response.body)
            } catch is HTTPParserError {
                // For an HTTPParserError, Hummingbird would write a second response.
                throw InvalidBytesAfterRequest()
            }
        },
        onServerRunning: onRunning
    )
    try await server.run()
}

/// The size of all headers of a request in bytes (docs/promises.md, 19).
private let maximumHeaderSize = 16384

/// The bytes after a request are not HTTP.
private struct InvalidBytesAfterRequest: Error {}
