import NIOCore
import Testing

@testable import PortHTTP

/// The events that a reader receives after it reconnects.
@Suite struct EventLogTests {
    private func log(_ count: Int, events: Int = 10, size: Int = 10000) -> EventLog {
        var log = EventLog(epoch: "e", limit: EventLog.Limit(events: events, size: size))
        for number in 0..<count { log.append("allocated", data: "\(number)") }
        return log
    }

    private func missed(_ log: EventLog, _ id: String) -> [String]? {
        let id = EventLog.ID(id)!
        guard log.canContinue(after: id) else { return nil }
        var (number, text) = (id.number, "")
        while number < log.last {
            let (chunk, end) = log.chunk(after: number, upTo: log.last)
            text += String(buffer: chunk)
            number = end
        }
        return text.split(separator: "\n\n").map { "\($0)\n\n" }
    }

    @Test func readerReceivesMissedEventsInOrder() {
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
    func oldestEventsAreDroppedAtTheCountLimit(_ count: Int) {
        let log = log(count)
        #expect(missed(log, "e-\(max(0, count - 10))")?.count == min(count, 10))
        if count > 10 { #expect(missed(log, "e-\(count - 11)") == nil) }
    }

    @Test func oldestEventsAreDroppedAtTheSizeLimit() {
        // Three events of 34 bytes fit into 110.
        let log = log(9, size: 110)
        #expect(missed(log, "e-6")?.count == 3)
        #expect(missed(log, "e-5") == nil)
    }

    @Test func chunksAreLimitedInSize() {
        var log = EventLog(epoch: "e", limit: EventLog.Limit(events: 1000, size: 1 << 30))
        for _ in 0..<10 { log.append("allocated", data: String(repeating: "x", count: 30000)) }
        #expect(log.chunk(after: 0, upTo: 10).1 == 2)
        #expect(log.chunk(after: 3, upTo: 4).1 == 4)
        log.append("allocated", data: String(repeating: "x", count: 100_000))
        #expect(log.chunk(after: 9, upTo: 11).1 == 10)
        #expect(log.chunk(after: 10, upTo: 11).1 == 11)
    }

    @Test func idOfAnotherEpochOrTheFutureCannotBeContinued() {
        #expect(missed(log(5), "other-3") == nil)
        #expect(missed(log(5), "e-6") == nil)
        #expect(missed(log(0), "e-0") == [])
    }

    @Test(arguments: ["", "e", "e-", "-", "e-x", "e--1", "e-1-2", "e-99999999999999999999"])
    func malformedIDIsRefused(_ text: String) { #expect(EventLog.ID(text) == nil) }
}
