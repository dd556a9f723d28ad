import Testing

@testable import PortHTTP

@Suite struct PeerGuardTests {
    private func verdict(_ userID: UInt32?, _ authorization: String? = nil) -> PeerGuard.Verdict {
        PeerGuard.verdict(on: userID, serving: 1000, authorization: authorization, token: "secret")
    }

    @Test func thisUserAndRootAreServed() {
        #expect(verdict(1000) == .allowed)
        #expect(verdict(0) == .allowed)
    }

    @Test func anotherUserIsRefusedEvenWithTheToken() {
        #expect(verdict(1001) == .anotherUser(1001))
        #expect(verdict(1001, "Bearer secret") == .anotherUser(1001))
    }

    @Test(arguments: [nil, "", "Bearer", "Bearer ", "Bearer secre", "Bearer secrets", "bearer secret", "secret"])
    func unknownUserWithoutTheTokenIsRefused(_ authorization: String?) {
        #expect(verdict(nil, authorization) == .unknownUser)
    }

    @Test func unknownUserWithTheTokenIsServed() {
        #expect(verdict(nil, "Bearer secret") == .allowed)
    }
}
