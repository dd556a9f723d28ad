import Libc
import PortSystem
import PortTestSupport
import Testing

/// Room on the disk that a file has before it is written.
@Suite struct FileRoomTests {
    @Test(arguments: [0, 5]) func roomIsReservedBeyondTheEndOfTheFile(_ size: Int) throws {
        let temporary = try TemporaryDirectory()
        let path = temporary.path("file")
        let file = creat(path, 0o600)
        defer { close(file) }
        try #require(write(file, "12345", size) == size)
        try FileRoom.reserve(16384, in: path)
        var status = stat()
        try #require(stat(path, &status) == 0)
        #expect(Int(status.st_size) == size)
        // In units of 512 bytes, whatever the blocks of the file system.
        #expect(status.st_blocks * 512 >= 16384)
    }

    @Test func fileThatIsMissingIsNotCreated() throws {
        let temporary = try TemporaryDirectory()
        let path = temporary.path("file")
        #expect { try FileRoom.reserve(16384, in: path) } throws: { ($0 as? SystemError)?.number == ENOENT }
        #expect(access(path, F_OK) != 0)
    }
}
