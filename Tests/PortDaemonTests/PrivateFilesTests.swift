import Foundation
import Logging
import PortModel
import PortSystem
import PortTestSupport
import Testing

@testable import PortDaemon

/// The daemon's own files in its home: pid, token and socket.
@Suite struct PrivateFilesTests {
    private let directory: TemporaryDirectory
    private let home: HomeDirectory

    init() throws {
        directory = try TemporaryDirectory(in: "/tmp")
        home = HomeDirectory(path: directory.root)
    }

    private func text(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }

    @Test func pidFileHasThePIDAndIsRemoved() throws {
        let file = try #require(try PIDFile.write(to: home.pidFilePath, logger: .silent))
        #expect(text(home.pidFilePath) == "\(getpid())\n")
        file.remove()
        #expect(text(home.pidFilePath) == nil)
    }

    @Test func pidFileOfAnotherDaemonIsKept() throws {
        let file = try #require(try PIDFile.write(to: home.pidFilePath, logger: .silent))
        try FileManager.default.moveItem(atPath: home.pidFilePath, toPath: directory.path("moved"))
        try directory.write("1\n", to: "port-server.pid")
        file.remove()
        #expect(text(home.pidFilePath) == "1\n")
    }

    @Test func directoryInPlaceOfThePIDFileIsNamed() throws {
        try directory.makeDirectory("port-server.pid")
        let error = #expect(throws: RegistryError.self) {
            try PIDFile.write(to: home.pidFilePath, logger: .silent)
        }
        #expect(error?.code == .insecurePath && error?.message.hasSuffix("it is a directory") == true)
    }

    @Test func tokenIsMadeOnceAndIsLong() throws {
        let token = try Token.read(from: home)
        #expect(token.count == 64 && token.allSatisfy(\.isHexDigit))
        #expect(try Token.read(from: home) == token)
        let mode = try FileManager.default.attributesOfItem(atPath: home.tokenPath)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test(arguments: ["", "short", "\n"]) func unusableTokenIsReplaced(_ text: String) throws {
        try directory.write(text, to: "token")
        #expect(try Token.read(from: home).count == 64)
    }

    @Test func linkInPlaceOfTheTokenIsRefused() throws {
        try FileManager.default.createSymbolicLink(atPath: home.tokenPath, withDestinationPath: "/etc/hostname")
        let error = #expect(throws: RegistryError.self) { try Token.read(from: home) }
        #expect(error?.code == .insecurePath && error?.message.contains("/etc/hostname") == true)
    }

    @Test func socketOfAnotherDaemonIsKept() throws {
        try directory.write("", to: "port-server.sock")
        let socket = SocketFile(path: home.socketPath)
        socket.remove()
        #expect(text(home.socketPath) != nil)
        try socket.restrictToOwner()
        socket.remove()
        #expect(text(home.socketPath) == nil)
    }
}
