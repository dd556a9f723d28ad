import Foundation
import PortTestSupport

extension TemporaryDirectory {
    struct GitFailed: Error {
        let arguments: [String]
        let output: String
    }

    /// Runs git without the user's name and configuration.
    func git(_ arguments: String...) throws {
        let output = try ChildPipe()
        let settings = ["user.name=t", "user.email=t@example.com", "protocol.file.allow=always"].flatMap { ["-c", $0] }
        let git = try ChildProcess(
            "git",
            settings + arguments,
            environment: [
                "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
                "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "HOME": root,
            ],
            output: .descriptor(output.writingEnd),
            errors: .descriptor(output.writingEnd)
        )
        output.closeWritingEnd()
        let text = try output.readToEnd()
        guard git.wait() == 0 else { throw GitFailed(arguments: arguments, output: text) }
    }
}
