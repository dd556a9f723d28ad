import PortRegistry
import Testing

@Suite struct BoundedLogTests {
    private func log(_ numbers: ClosedRange<Int>, count: Int = 10, size: Int = .max) -> BoundedLog<Int> {
        var log = BoundedLog<Int>(maximumCount: count, maximumSize: size) { $0 }
        for number in numbers { log.append(number) }
        return log
    }

    @Test(arguments: [5, 10, 11, 19, 20, 21, 1000])
    func oldestElementsAreDroppedBeyondTheCount(_ count: Int) {
        let log = log(1...count)
        #expect(log.last == count && log.forgotten == max(0, count - 10))
        #expect(log.elements(after: log.forgotten) == Array(log.forgotten + 1...count))
    }

    @Test func oldestElementsAreDroppedBeyondTheSize() {
        // 9 + 10 = 19; with 8 it would be 27.
        #expect(log(1...10, size: 20).elements(after: 8) == [9, 10])
        #expect(log(1...10, size: 20).forgotten == 8)
    }

    @Test func forgottenElementsAreNotCountedAgain() {
        var log = log(1...8, size: 36)
        log.forget(upTo: 6)
        #expect(log.forgotten == 6 && log.elements(after: 6) == [7, 8])
        log.forget(upTo: 3)
        #expect(log.forgotten == 6)
        log.append(20)
        #expect(log.elements(after: 6) == [7, 8, 20])
    }

    @Test func noMoreElementsThanTheLimitAreReturned() {
        #expect(log(1...10).elements(after: 3, limit: 2) == [4, 5])
        #expect(log(1...10).elements(after: 10).isEmpty)
    }
}
