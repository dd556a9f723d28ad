import Foundation
import PortSystem
import Testing

@testable import PortClient

/// Which requests are retried: those that cannot take effect twice.
@Suite struct ClientErrorTests {
    private static let home = HomeDirectory(path: "/h")

    @Test(arguments: ["GET", "POST", "DELETE"])
    func unreadRequestIsRetried(_ method: String) {
        #expect(ClientError.notRunning(.home(Self.home)).homeForRetry(method) == Self.home)
        for number in [ECONNRESET, EPIPE] {
            let error = SystemError("send", number: number)
            #expect(ClientError.connectionLost(.home(Self.home), error).homeForRetry(method) == Self.home)
        }
    }

    @Test func requestThatMayHaveRunIsRetriedOnlyIfItIsReadOnly() {
        let error = ClientError.closed(.home(Self.home))
        #expect(error.homeForRetry("GET") == Self.home)
        #expect(error.homeForRetry("POST") == nil && error.homeForRetry("DELETE") == nil)
    }

    @Test(arguments: ["GET", "POST"])
    func requestToANamedServerOrAHangingDaemonIsNotRetried(_ method: String) {
        let tcp = ServerAddress.tcp(host: "127.0.0.1", port: 1)
        let reset = SystemError("recv", number: ECONNRESET)
        let errors: [ClientError] = [
            .notRunning(tcp), .closed(tcp), .connectionLost(tcp, reset), .noAnswer(.home(Self.home)),
            .notOurDaemon(.home(Self.home)), .connectionLost(.home(Self.home), SystemError("recv", number: EIO)),
        ]
        for error in errors { #expect(error.homeForRetry(method) == nil, "\(error)") }
    }
}
