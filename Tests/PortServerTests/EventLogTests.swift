import NIOCore
import Testing

@testable import PortServer

/// What a reader of events that comes back is told.
@Suite struct EventLogTests {
    private func log(_ count: Int, limit: Int = 10) -> EventLog {
        var log = EventLog(epoch: "e", limit: limit)
        for number in 0..<count { _ = log.append("allocated", data: "\(number)") }
        return log
    }

    private func missed(_ log: EventLog, _ id: String) -> [String]? {
        guard case .events(let texts) = log.missed(since: EventLog.ID(id)!) else { return nil }
        return texts.map { String(buffer: $0) }
    }

    @Test func aReaderGetsWhatItHasMissedInOrder() {
        let log = log(5)
        #expect(missed(log, "e-5") == [])
        #expect(
            missed(log, "e-3") == [
                "id: e-4\nevent: allocated\ndata: 3\n\n", "id: e-5\nevent: allocated\ndata: 4\n\n",
            ]
        )
        #expect(missed(log, "e-0")?.count == 5)
    }

    @Test(arguments: [5, 10, 11, 19, 20, 21, 1000])
    func whatIsTooLongAgoIsLost(_ count: Int) {
        let log = log(count)
        #expect(missed(log, "e-\(max(0, count - 10))")?.count == min(count, 10))
        if count > 10 { #expect(missed(log, "e-\(count - 11)") == nil) }
    }

    @Test func anotherEpochOrTheFutureIsLost() {
        #expect(missed(log(5), "other-3") == nil)
        #expect(missed(log(5), "e-6") == nil)
        #expect(missed(log(0), "e-0") == [])
    }

    @Test(arguments: ["", "e", "e-", "-", "e-x", "e--1", "e-1-2", "e-99999999999999999999"])
    func whatIsNoIDIsNone(_ text: String) { #expect(EventLog.ID(text) == nil) }
}
