import PortModel
import Testing

@Suite struct PortTests {
    @Test(arguments: ["1", "3000", "65535"])
    func portIsParsedFromDigits(_ text: String) {
        #expect(Port(text)?.description == text)
    }

    @Test(arguments: ["", "0", "-1", "65536", "+1", " 1", "1 ", "1e3", "0x10", "abc", "３０００", "99999999999999999999"])
    func invalidPortIsRefused(_ text: String) {
        #expect(Port(text) == nil)
    }

    @Test func rangeIsParsedFromBothForms() {
        #expect(PortRange("3000-3999")?.count == 1000)
        #expect(PortRange("3000")?.description == "3000")
        #expect(PortRange.all.count == 65535)
    }

    @Test(arguments: ["5000-4000", "x", "", "-", "1-", "-1", "1-2-3", "0-10", "1 - 2"])
    func invalidRangeIsRefused(_ text: String) {
        #expect(PortRange(text) == nil)
    }

    @Test func poolIsParsedFromSeveralRanges() {
        #expect(PortPool("3000-3001, 8000")?.description == "3000-3001,8000")
        #expect(PortPool("") == nil)
        #expect(PortPool("3000,") == nil)
    }
}
