import PortSystem
import Testing

/// File names are bytes; their spelling as text loses nothing.
@Suite struct PathTextTests {
    @Test(arguments: [
        ("/home/u/shop", "/home/u/shop"), ("/\u{E4}rger", "/\u{E4}rger"), (#"/a\b/\x41"#, #"/a\b/\x41"#),
        (#"/\xE4"#, #"/\x5CxE4"#), (#"/\x5C"#, #"/\x5Cx5C"#), (#"/\xe4"#, #"/\xe4"#),
    ])
    func pathThatIsUTF8IsSpelledAsItIsUnlessItContainsASpelledByte(_ path: String, _ spelling: String) {
        #expect(PathText.path(Array(path.utf8)) == spelling)
        #expect(PathText.bytes(of: spelling).map { UInt8(truncatingIfNeeded: $0) } == Array(path.utf8) + [0])
    }

    @Test(
        arguments: [
            ([0xE4, 0x72], #"\xE4r"#), ([0x2F, 0xFF, 0xFE], #"/\xFF\xFE"#), ([0xC3, 0xA4, 0xC3], "\u{E4}\\xC3"),
            ([0xE2, 0x82, 0x2F], #"\xE2\x82/"#), ([0x5C, 0x78, 0x45, 0x34, 0xE4], #"\x5CxE4\xE4"#),
            ([0x5C, 0xE4], #"\\xE4"#),
        ] as [([UInt8], String)]
    )
    func bytesThatAreNotUTF8AreSpelledAndReadBack(_ bytes: [UInt8], _ spelling: String) {
        #expect(PathText.path(bytes) == spelling)
        #expect(PathText.bytes(of: spelling).map { UInt8(truncatingIfNeeded: $0) } == bytes + [0])
    }

    @Test func nameThatIsUTF8IsKeptAsItIs() {
        #expect(PathText.name(Array(#"\xE4"#.utf8)) == #"\xE4"#)
        #expect(PathText.name([0x61, 0xE4]) == #"a\xE4"#)
    }
}
