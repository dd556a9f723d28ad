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

    @Test(
        arguments: [
            (1999, 0, 1), (2000, 0, 2), (0, 1999, -1), (0, 0, 0), (.max, .min, .max / 1000), (.min, .max, .min / 1000),
            (-1, .max, .min / 1000), (.max, -1, .max / 1000),
        ] as [(Int64, Int64, Int64)]
    )
    func secondsBetweenAnyTwoMomentsAreCutOff(later: Int64, earlier: Int64, seconds: Int64) {
        #expect(Timestamp(milliseconds: later).seconds(since: Timestamp(milliseconds: earlier)) == seconds)
    }
}
