import Foundation
import PortAPI
import PortSystem
import Testing

@testable import PortClient

/// Which requests are retried: those that cannot take effect twice.
@Suite struct ClientErrorTests {
    private static let home = HomeDirectory(path: "/h")

    @Test(arguments: [EndpointMethod.get, .post, .delete])
    func unreadRequestIsRetried(_ method: EndpointMethod) {
        #expect(ClientError.notRunning(.home(Self.home)).homeForRetry(method) == Self.home)
        for number in [ECONNRESET, EPIPE] {
            let error = SystemError("send", number: number)
            #expect(ClientError.connectionLost(.home(Self.home), error).homeForRetry(method) == Self.home)
        }
    }

    @Test func requestThatMayHaveRunIsRetriedOnlyIfItIsReadOnly() {
        let error = ClientError.closed(.home(Self.home))
        #expect(error.homeForRetry(.get) == Self.home)
        #expect(error.homeForRetry(.post) == nil && error.homeForRetry(.delete) == nil)
    }

    @Test(arguments: [EndpointMethod.get, .post])
    func requestToANamedServerOrAHangingDaemonIsNotRetried(_ method: EndpointMethod) {
        let tcp = ServerAddress.tcp(host: "127.0.0.1", port: 1)
        let reset = SystemError("recv", number: ECONNRESET)
        let errors: [ClientError] = [
            .notRunning(tcp), .closed(tcp), .connectionLost(tcp, reset), .noAnswer(.home(Self.home)),
            .notOurDaemon(.home(Self.home)), .connectionLost(.home(Self.home), SystemError("recv", number: EIO)),
        ]
        for error in errors { #expect(error.homeForRetry(method) == nil, "\(error)") }
    }
}
