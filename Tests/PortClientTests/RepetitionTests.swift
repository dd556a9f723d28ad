import Foundation
import PortAPI
import PortSystem
import Testing

@testable import PortClient

/// When a request is sent again, and who starts the daemon.
@Suite struct RepetitionTests {
    /// A launcher that records what is wanted of it.
    private final class Launcher: DaemonLaunching {
        var calls: [String] = []
        let isFound: Bool

        init(isFound: Bool) { self.isFound = isFound }

        func isRunning() throws(ClientError) -> Bool {
            calls.append("wait")
            return isFound
        }

        func start() throws(ClientError) -> DaemonLauncher.Start {
            calls.append("start")
            return isFound ? .alreadyRunning(pid: 1) : .started(pid: 7)
        }
    }

    private final class Reports: @unchecked Sendable {
        // Proof for `@unchecked`: one thread writes and reads it, the test's.
        var texts: [String] = []
    }

    private static let home = HomeDirectory(path: "/h")
    private let reports = Reports()

    private var starting: DaemonPolicy {
        .start { [reports] event in
            switch event {
            case .daemonGivesWay(let reason): reports.texts.append("gives way: \(reason)")
            case .daemonStarted(_, let pid): reports.texts.append("started \(pid ?? 0)")
            }
        }
    }

    /// Sends a request that fails with `errors`, one after the other, and then succeeds. Returns how often it was sent,
    /// what was wanted of the launcher, and the error.
    private func outcome(
        _ method: EndpointMethod,
        _ errors: [ClientError],
        policy: DaemonPolicy,
        isFound: Bool = true
    ) -> (attempts: Int, launcher: [String], code: String?) {
        let launcher = Launcher(isFound: isFound)
        let repetition = Repetition(policy: policy, address: .home(Self.home)) { _ in launcher }
        var attempts = 0
        do throws(ClientError) {
            try repetition.run(method) { () throws(ClientError) in
                attempts += 1
                if attempts <= errors.count { throw errors[attempts - 1] }
            }
            return (attempts, launcher.calls, nil)
        } catch {
            return (attempts, launcher.calls, error.code)
        }
    }

    private let missing = ClientError.notRunning(.home(Self.home))
    private let givesWay = ClientError.givesWay(.home(Self.home), "a reason")
    private let closed = ClientError.closed(.home(Self.home))
    private let unread = ClientError.connectionLost(.home(Self.home), SystemError("send", number: EPIPE))

    @Test func missingDaemonIsStartedAndTheRequestSentAgain() {
        #expect(outcome(.post, [missing], policy: starting, isFound: false) == (2, ["start"], nil))
        #expect(reports.texts == ["started 7"])
    }

    @Test func daemonThatSomebodyElseStartedIsNotReported() {
        #expect(outcome(.post, [missing], policy: starting) == (2, ["start"], nil))
        #expect(reports.texts.isEmpty)
    }

    @Test func daemonThatGivesWayIsReplacedWithItsReason() {
        #expect(outcome(.post, [givesWay], policy: starting, isFound: false) == (2, ["start"], nil))
        #expect(reports.texts == ["gives way: a reason", "started 7"])
    }

    @Test func waitingClientStartsNone() {
        #expect(outcome(.post, [unread, missing], policy: .wait) == (3, ["wait", "wait"], nil))
        #expect(outcome(.get, [missing], policy: .wait, isFound: false) == (1, ["wait"], "not_running"))
    }

    @Test func clientThatFailsSendsOnce() {
        #expect(outcome(.get, [closed], policy: .fail) == (1, [], "connection_lost"))
        #expect(outcome(.post, [missing], policy: .fail) == (1, [], "not_running"))
    }

    @Test func requestThatMayHaveRunIsSentAgainOnlyIfItChangesNothing() {
        #expect(outcome(.get, [closed], policy: starting) == (2, ["start"], nil))
        #expect(outcome(.post, [closed], policy: starting) == (1, [], "connection_lost"))
        #expect(outcome(.delete, [closed], policy: starting) == (1, [], "connection_lost"))
    }

    @Test func requestIsSentFiveTimesAtMost() {
        let errors = Array(repeating: unread, count: 9)
        let last = outcome(.post, errors, policy: starting)
        #expect(last == (5, ["start", "start", "start", "start"], "connection_lost"))
        #expect(outcome(.post, Array(errors.prefix(4)), policy: starting).code == nil)
    }

    @Test func refusalIsFinal() {
        let refusal = ClientError.refused(ErrorBody(error: "no", code: "pool_full"))
        #expect(outcome(.get, [refusal], policy: starting) == (1, [], "pool_full"))
    }
}
