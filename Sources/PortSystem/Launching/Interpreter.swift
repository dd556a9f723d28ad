/// The program that the kernel starts to execute a file.
enum Interpreter {
    /// Returns the path after `#!` in a script, or the path of the loader that an ELF program names; `nil` for any
    /// other file, and for one that names it after the bytes of `file`, which is the beginning of the file.
    static func path(in file: [UInt8]) -> String? {
        file.starts(with: Array("#!".utf8)) ? script(file) : loader(file)
    }

    /// execve(2): spaces and tabs may surround the path.
    private static func script(_ file: [UInt8]) -> String? {
        let line = file.dropFirst(2).prefix { $0 != UInt8(ascii: "\n") }
        let words = line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        return words.first.map { String(decoding: $0, as: UTF8.self) }
    }

    /// The entry PT_INTERP of the program headers: elf(5).
    private static func loader(_ file: [UInt8]) -> String? {
        // The magic number, the class (32 or 64 bits) and little-endian order, which all supported machines have.
        guard file.count > 64, file.starts(with: [0x7f, 0x45, 0x4c, 0x46]), file[5] == 1 else { return nil }
        let is64Bit = file[4] == 2
        func number(at offset: Int, bytes: Int) -> Int? {
            guard offset >= 0, offset <= file.count - bytes else { return nil }
            return Int(exactly: file[offset..<offset + bytes].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
        }
        let size = is64Bit ? 8 : 4
        guard let start = number(at: is64Bit ? 32 : 28, bytes: size),
            let length = number(at: is64Bit ? 54 : 42, bytes: 2), let count = number(at: is64Bit ? 56 : 44, bytes: 2)
        else { return nil }
        for index in 0..<count {
            guard start < file.count else { return nil }
            let header = start + index * length
            // 3 is PT_INTERP.
            guard let type = number(at: header, bytes: 4) else { return nil }
            guard type == 3, let offset = number(at: header + (is64Bit ? 8 : 4), bytes: size) else { continue }
            guard offset < file.count, let end = file[offset...].firstIndex(of: 0) else { return nil }
            return String(decoding: file[offset..<end], as: UTF8.self)
        }
        return nil
    }
}
