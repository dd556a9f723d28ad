/// What the fields `Connection` of a head say: RFC 9110, section 7.6.1.
struct ConnectionOptions {
    var closes = false
    var keepsAlive = false
    var upgrades = false
    /// The names of further fields that end at this hop.
    var fields: [Range<Int>] = []

    init(_ fields: [FieldLine], in bytes: UnsafeRawBufferPointer) {
        for field in fields where field.kind == .connection {
            for option in Self.options(in: bytes, field.value) {
                if bytes.equals("close", in: option) {
                    closes = true
                } else if bytes.equals("keep-alive", in: option) {
                    keepsAlive = true
                } else if bytes.equals("upgrade", in: option) {
                    upgrades = true
                } else {
                    self.fields.append(option)
                }
            }
        }
    }

    /// Returns the parts between commas, without the spaces around them.
    private static func options(in bytes: UnsafeRawBufferPointer, _ value: Range<Int>) -> [Range<Int>] {
        var options: [Range<Int>] = []
        var start = value.lowerBound
        for position in value.lowerBound...value.upperBound
        where position == value.upperBound || bytes[position] == UInt8(ascii: ",") {
            var (first, last) = (start, position)
            while first < last, bytes[first] == ByteClass.space { first += 1 }
            while last > first, bytes[last - 1] == ByteClass.space { last -= 1 }
            if first < last { options.append(first..<last) }
            start = position + 1
        }
        return options
    }
}
