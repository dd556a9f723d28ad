/// Classes of bytes in the grammar of HTTP.
enum ByteClass {
    static let tab = UInt8(ascii: "\t")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")
    static let colon = UInt8(ascii: ":")

    /// A bit for each byte below 128.
    struct Set: Sendable {
        private var low: UInt64 = 0
        private var high: UInt64 = 0

        init(_ bytes: some Sequence<UInt8>) {
            for byte in bytes where byte < 128 {
                if byte < 64 { low |= 1 << UInt64(byte) } else { high |= 1 << UInt64(byte - 64) }
            }
        }

        @inline(__always) func contains(_ byte: UInt8) -> Bool {
            byte < 64 ? low >> UInt64(byte) & 1 == 1 : byte < 128 && high >> UInt64(byte - 64) & 1 == 1
        }
    }

    private static let lettersAndDigits = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".utf8)

    /// The characters of a token: RFC 9110, section 5.6.2.
    static let token = Set(lettersAndDigits + Array("!#$%&'*+-.^_`|~".utf8))
    /// Visible characters, which a target consists of.
    static let visible = Set(0x21...0x7E)

    /// Whether a field's value may have the byte: visible characters, spaces, tabs and what is not ASCII.
    @inline(__always) static func isFieldValue(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != 0x7F || byte == tab
    }

    /// The byte in lower case.
    @inline(__always) static func lowercased(_ byte: UInt8) -> UInt8 {
        byte &- 0x41 < 26 ? byte | 0x20 : byte
    }
}

extension UnsafeRawBufferPointer {
    /// Whether the bytes in `range` are the ASCII `text`, which is in lower case, in any case.
    func equals(_ text: StaticString, in range: Range<Int>) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        for offset in 0..<range.count
        where ByteClass.lowercased(self[range.lowerBound + offset]) != text.utf8Start[offset] { return false }
        return true
    }
}
