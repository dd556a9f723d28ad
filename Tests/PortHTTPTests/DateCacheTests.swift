import Foundation
import Testing

@testable import PortHTTP

@Suite struct DateCacheTests {
    /// The example of RFC 9110, 5.6.7, and days that a calendar may get wrong.
    @Test(arguments: [
        (784_111_777.0, "Sun, 06 Nov 1994 08:49:37 GMT"),
        (951_782_400.0, "Tue, 29 Feb 2000 00:00:00 GMT"),
        (1_798_761_599.999, "Thu, 31 Dec 2026 23:59:59 GMT"),
        (-0.5, "Wed, 31 Dec 1969 23:59:59 GMT"),
    ])
    func dateHasTheHTTPFormat(seconds: Double, date: String) {
        #expect(DateCache().date(at: Date(timeIntervalSince1970: seconds)) == date)
    }

    @Test func dateChangesWithTheSecond() {
        let cache = DateCache()
        let dates = [0.2, 0.9, 1.0, 0.5].map { cache.date(at: Date(timeIntervalSince1970: $0)) }
        #expect(dates.map { $0.suffix(6) } == ["00 GMT", "00 GMT", "01 GMT", "00 GMT"])
    }
}
