#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Checks a JSON text more strictly than the decoder, which accepts UTF-16, trailing commas and repeated keys, and
/// describes faults in words of its own.
struct JSONSyntax {
    /// What is wrong with a text, and where.
    private struct Fault: Error { var reason: String }

    private let bytes: [UInt8]
    private let maximumDepth: Int
    private var position = 0

    private init(_ bytes: [UInt8], maximumDepth: Int) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
    }

    /// Returns what is wrong with a text that must be one object (RFC 8259) in UTF-8, with unique keys (RFC 7493, 2.3)
    /// and at most `maximumDepth` levels; `nil` for nothing.
    static func fault(in bytes: [UInt8], maximumDepth: Int) -> String? {
        if bytes.starts(with: [0xFE, 0xFF]) || bytes.starts(with: [0xFF, 0xFE]) || bytes.prefix(2).contains(0) {
            return "the body is UTF-16 or UTF-32: send UTF-8"
        }
        guard String(validating: bytes, as: UTF8.self) != nil else { return "the body is not UTF-8" }
        var syntax = JSONSyntax(bytes, maximumDepth: maximumDepth)
        do {
            try syntax.document()
            return nil
        } catch {
            return error.reason
        }
    }

    private mutating func document() throws(Fault) {
        skipSpace()
        guard let first = peek() else { throw Fault(reason: "the body is empty: expected a JSON object") }
        guard first == UInt8(ascii: "{") else { throw Fault(reason: "expected a JSON object") }
        try object(depth: 1)
        skipSpace()
        guard position == bytes.count else {
            throw Fault(reason: "unexpected text after the object, at byte \(position + 1)")
        }
    }

    private mutating func value(depth: Int) throws(Fault) {
        skipSpace()
        switch peek() {
        case UInt8(ascii: "{"): try object(depth: depth + 1)
        case UInt8(ascii: "["): try list(depth: depth + 1)
        case UInt8(ascii: "\""): try string()
        case UInt8(ascii: "t"): try word("true")
        case UInt8(ascii: "f"): try word("false")
        case UInt8(ascii: "n"): try word("null")
        default: try number()
        }
    }

    private mutating func object(depth: Int) throws(Fault) {
        try enter(depth)
        var keys: Set<String> = []
        if skip("}") { return }
        repeat {
            skipSpace()
            guard peek() == UInt8(ascii: "\"") else { throw unexpected(instead: "a key in quotes") }
            let start = position
            try string()
            let key = text(of: bytes[start..<position])
            guard keys.insert(key).inserted else { throw Fault(reason: "the key \"\(key)\" occurs twice") }
            guard skip(":") else { throw unexpected(instead: "a colon") }
            try value(depth: depth)
        } while skip(",")
        guard skip("}") else { throw unexpected(instead: "a comma or }") }
    }

    private mutating func list(depth: Int) throws(Fault) {
        try enter(depth)
        if skip("]") { return }
        repeat { try value(depth: depth) } while skip(",")
        guard skip("]") else { throw unexpected(instead: "a comma or ]") }
    }

    private mutating func enter(_ depth: Int) throws(Fault) {
        guard depth <= maximumDepth else { throw Fault(reason: "nested deeper than \(maximumDepth) levels") }
        position += 1
    }

    private mutating func string() throws(Fault) {
        position += 1
        while let byte = next() {
            switch byte {
            case UInt8(ascii: "\""): return
            case UInt8(ascii: "\\"): try escape()
            case 0..<0x20:
                position -= 1
                throw unexpected(instead: "no control character in a text")
            default: break
            }
        }
        throw unexpected(instead: "the end of a text")
    }

    private mutating func escape() throws(Fault) {
        switch next() {
        case UInt8(ascii: "u"):
            // A code point beyond 0xFFFF is a pair of escapes, and half of one is no character.
            let unit = hexadecimal()
            if let unit, !(0xD800...0xDFFF).contains(unit) { return }
            if let unit, unit < 0xDC00, next() == UInt8(ascii: "\\"), next() == UInt8(ascii: "u"),
                let second = hexadecimal(), (0xDC00...0xDFFF).contains(second)
            {
                return
            }
        case let byte? where "\"\\/bfnrt".utf8.contains(byte): return
        default: break
        }
        throw Fault(reason: "an escape in a text is not valid, before byte \(position + 1)")
    }

    /// The value of the next four digits; `nil` when they are none.
    private mutating func hexadecimal() -> UInt16? {
        let digits = bytes[position...].prefix(4)
        position += digits.count
        let text = String(decoding: digits, as: UTF8.self)
        return digits.count == 4 && text.allSatisfy(\.isHexDigit) ? UInt16(text, radix: 16) : nil
    }

    private mutating func number() throws(Fault) {
        let start = position
        if peek() == UInt8(ascii: "-") { position += 1 }
        let digits = position
        guard skipDigits() else { throw unexpected(instead: "a value") }
        guard bytes[digits] != UInt8(ascii: "0") || position == digits + 1 else {
            throw Fault(reason: "a number begins with 0, at byte \(digits + 1)")
        }
        if peek() == UInt8(ascii: ".") {
            position += 1
            guard skipDigits() else { throw unexpected(instead: "a digit") }
        }
        if let byte = peek(), byte | 0x20 == UInt8(ascii: "e") {
            position += 1
            if let sign = peek(), "+-".utf8.contains(sign) { position += 1 }
            guard skipDigits() else { throw unexpected(instead: "a digit") }
        }
        let literal = String(decoding: bytes[start..<position], as: UTF8.self)
        guard let number = Double(literal), number.isFinite else {
            throw Fault(reason: "a number is too large, before byte \(position + 1)")
        }
    }

    private mutating func word(_ word: String) throws(Fault) {
        guard bytes[position...].starts(with: word.utf8) else { throw unexpected(instead: "a value") }
        position += word.utf8.count
    }

    private func unexpected(instead expected: String) -> Fault {
        Fault(
            reason: position < bytes.count
                ? "expected \(expected) at byte \(position + 1)" : "the body ends too early: expected \(expected)"
        )
    }

    /// The text of a string with its quotes.
    private func text(of literal: ArraySlice<UInt8>) -> String {
        let plain = String(decoding: literal.dropFirst().dropLast(), as: UTF8.self)
        guard literal.contains(UInt8(ascii: "\\")) else { return plain }
        return (try? JSONDecoder().decode(String.self, from: Data(literal))) ?? plain
    }

    private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func next() -> UInt8? {
        guard let byte = peek() else { return nil }
        position += 1
        return byte
    }

    private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    /// Skips digits. Returns whether there was one.
    private mutating func skipDigits() -> Bool {
        let start = position
        while let byte = peek(), isDigit(byte) { position += 1 }
        return position > start
    }

    private mutating func skipSpace() {
        while let byte = peek(), " \t\n\r".utf8.contains(byte) { position += 1 }
    }

    /// Skips space, and then the character if it is there. Returns whether it was.
    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard peek() == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }
}
