import Libc

/// The spelling of file names as text. File names are bytes, and need not be UTF-8.
///
/// A byte that is not UTF-8 is spelled `\xE4`, in capital digits. In a path, a backslash that begins such a text itself
/// is spelled `\x5C`, so that every path has one spelling, and two paths have two. All other paths are spelled as they
/// are. In PortSystem and on the wire, every path of a project is spelled.
package enum PathText {
    /// Returns the text for `bytes`, which are a name and not a path: valid UTF-8 stays as it is.
    package static func name(_ bytes: [UInt8]) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        var text = String.UnicodeScalarView()
        var (parser, iterator, position) = (Unicode.UTF8.ForwardParser(), bytes.makeIterator(), 0)
        while true {
            switch parser.parseScalar(from: &iterator) {
            case .valid(let encoded):
                text.append(Unicode.UTF8.decode(encoded))
                position += encoded.count
            case .error(let length):
                for byte in bytes[position..<position + length] { text.append(contentsOf: spelling(of: byte)) }
                position += length
            case .emptyInput: return String(text)
            }
        }
    }

    /// Returns the spelling of the path `bytes`.
    package static func path(_ bytes: [UInt8]) -> String {
        guard bytes.contains(UInt8(ascii: "\\")) else { return name(bytes) }
        var escaped: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            escaped.append(byte)
            if value(ofSpellingAt: bytes[index...]) != nil { escaped += "x5C".utf8 }
        }
        return name(escaped)
    }

    /// Returns the path with this spelling, ended by a zero byte, for a call of the C library.
    package static func bytes(of path: String) -> [CChar] {
        guard path.utf8.contains(UInt8(ascii: "\\")) else { return Array(path.utf8CString) }
        var bytes: [CChar] = []
        bytes.reserveCapacity(path.utf8.count + 1)
        var rest = Array(path.utf8)[...]
        while let byte = rest.first {
            if let value = value(ofSpellingAt: rest) {
                bytes.append(CChar(truncatingIfNeeded: value))
                rest = rest.dropFirst(4)
            } else {
                bytes.append(CChar(truncatingIfNeeded: byte))
                rest.removeFirst()
            }
        }
        return bytes + [0]
    }

    private static let digits = Array("0123456789ABCDEF".unicodeScalars)

    private static func spelling(of byte: UInt8) -> [Unicode.Scalar] {
        ["\\", "x", digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }

    /// Returns the byte that is spelled at the start of `text`: one that is not ASCII, or a backslash; `nil` for any
    /// other text.
    private static func value(ofSpellingAt text: ArraySlice<UInt8>) -> UInt8? {
        guard text.first == UInt8(ascii: "\\") else { return nil }
        let next = text.dropFirst().prefix(3)
        guard next.count == 3, next.first == UInt8(ascii: "x"), let high = digit(next[next.startIndex + 1]),
            let low = digit(next[next.startIndex + 2])
        else { return nil }
        let byte = high << 4 | low
        return byte >= 0x80 || byte == UInt8(ascii: "\\") ? byte : nil
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

extension PathText {
    /// Returns the spelling of the path at `pointer`, which ends with a zero byte.
    static func path(_ pointer: UnsafePointer<CChar>) -> String {
        path(Array(UnsafeRawBufferPointer(start: pointer, count: strlen(pointer))))
    }
}
