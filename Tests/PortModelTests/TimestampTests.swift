import PortModel
import Testing

struct TimestampTests {
    @Test func timestampsAreOrderedFromTheEarliestToTheLatest() {
        let ordered = [Int64.min, -1, 0, 1, 1_700_000_000_000, .max].map { Timestamp(milliseconds: $0) }
        #expect(ordered.reversed().sorted() == ordered)
    }

    @Test(arguments: [Int64.min, -1, 0, 1_700_000_000_001, .max])
    func millisecondsAreKeptExactly(milliseconds: Int64) {
        #expect(Timestamp(milliseconds: milliseconds).milliseconds == milliseconds)
    }
}
