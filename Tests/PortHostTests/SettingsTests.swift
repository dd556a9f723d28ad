import Foundation
import PortHost
import PortModel
import PortSystem
import PortTestSupport
import Testing

/// config.yaml as people write it: with byte order marks, in other encodings, as links, with mistakes.
@Suite struct SettingsTests {
    private let directory = try! TemporaryDirectory()

    private var home: HomeDirectory { HomeDirectory(path: directory.root) }

    private func settings(_ bytes: [UInt8]) throws -> HomeSettings {
        try Data(bytes).write(to: URL(filePath: home.configurationPath))
        return try HomeSettings(reader: HomeSettings.reader(of: home), home: home)
    }

    /// The refusal of the settings; `nil` when they are accepted.
    private func refusal(_ bytes: [UInt8]) throws -> RegistryError? {
        do {
            _ = try settings(bytes)
            return nil
        } catch let error as RegistryError {
            return error
        }
    }

    private static let text = "exclude: [4000]\nlog:\n  level: debug\n"

    @Test func byteOrderMarkIsSkipped() throws {
        let settings = try settings([0xef, 0xbb, 0xbf] + Array(Self.text.utf8))
        #expect(settings.excluded.contains(Port(4000)!))
    }

    @Test(arguments: [
        (String.Encoding.utf16, "it is UTF-16, not UTF-8"), (.utf16LittleEndian, "it is UTF-16LE, not UTF-8"),
        (.utf16BigEndian, "it is UTF-16BE, not UTF-8"), (.utf32, "it is UTF-32, not UTF-8"),
    ])
    func fileInAnotherUnicodeEncodingIsRefusedWithItsName(_ encoding: String.Encoding, _ reason: String) throws {
        let data = try #require(Self.text.data(using: encoding))
        let error = try #require(try refusal(Array(data)))
        #expect(error.message == "\(home.configurationPath) cannot be used: \(reason)")
        #expect(error.hint?.hasPrefix("iconv -f UTF-") == true)
    }

    @Test func fileThatIsNoTextInUTF8IsRefusedWithTheLine() throws {
        let error = try #require(try refusal(Array("exclude: [4000]\n# caf".utf8) + [0xe9, 0x0a]))
        #expect(error.message == "\(home.configurationPath) cannot be used: line 2 is not UTF-8")
        #expect(try refusal([0xff, 0xff, 0xff])?.message.hasSuffix("line 1 is not UTF-8") == true)
    }

    @Test func fileIsReadToItsEnd() throws {
        let comment = String(repeating: "# a long comment\n", count: 10_000)
        #expect(try settings(Array((comment + Self.text).utf8)).excluded.contains(Port(4000)!))
        let tooLong = String(repeating: "#\n", count: 1 << 20)
        #expect(try refusal(Array(tooLong.utf8))?.message.contains("it is longer than 1048576 bytes") == true)
    }

    @Test func linkIsRefusedByItsNameAndTarget() throws {
        try directory.write(Self.text, to: "real.yaml")
        try FileManager.default.createSymbolicLink(
            atPath: home.configurationPath,
            withDestinationPath: directory.path("real.yaml")
        )
        let error = #expect(throws: RegistryError.self) { _ = try HomeSettings.reader(of: home) }
        #expect(error?.message.contains("it is a symbolic link to \"\(directory.path("real.yaml"))\"") == true)
        #expect(error?.hint?.hasPrefix("put a copy in its place") == true)
    }

    @Test func refusedSettingIsNamedWithItsLine() throws {
        let path = home.configurationPath
        let wrongValue = try refusal(Array("# mine\npools:\n  # two\n  leases: [9-1]\n".utf8))
        #expect(
            wrongValue?.message
                == "pools.leases must be ranges such as 3000-3999, not \"9-1\" (from line 4 of \(path))"
        )
        let unknown = try refusal(Array("exclude: 1\nlog:\n  level: info\n  colour: red\n".utf8))
        #expect(unknown?.message == "\(path) cannot be used: line 4: there is no setting log.colour")
    }
}
