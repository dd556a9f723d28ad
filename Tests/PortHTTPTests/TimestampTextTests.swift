import PortModel
import Testing

@testable import PortHTTP

@Suite struct TimestampTextTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00"), (999, "1970-01-01T00:00:00"), (-1, "1969-12-31T23:59:59"),
            (-1000, "1969-12-31T23:59:59"), (1_770_463_572_228, "2026-02-07T11:26:12"),
            (1_709_164_800_001, "2024-02-29T00:00:00"), (253_402_300_799_999, "9999-12-31T23:59:59"),
        ] as [(Int64, String)]
    )
    func textIsThatOfTheSecond(_ milliseconds: Int64, _ text: String) {
        let timestamp = Timestamp(milliseconds: milliseconds)
        #expect(timestamp.text == text + "Z")
        let digits = String(1000 + ((milliseconds % 1000) + 1000) % 1000).dropFirst()
        #expect(timestamp.textWithMilliseconds == "\(text).\(digits)Z")
    }

    /// A formatter that computes with fractions of seconds cuts some of them off one too low.
    @Test func everyMillisecondOfASecondIsWrittenAsItIs() {
        for millisecond in 0..<1000 {
            let text = Timestamp(milliseconds: 1_770_463_572_000 + Int64(millisecond)).textWithMilliseconds
            #expect(text == "2026-02-07T11:26:12.\(String(1000 + millisecond).dropFirst())Z")
        }
    }

    /// A damaged row may have them.
    @Test(arguments: [Int64.min, .max]) func mostRemoteMomentsHaveAText(_ milliseconds: Int64) {
        let timestamp = Timestamp(milliseconds: milliseconds)
        #expect(timestamp.text.hasSuffix("Z") && timestamp.textWithMilliseconds.hasSuffix("Z"))
    }
}
