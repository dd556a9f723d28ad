/// A Python program that a test started. One that reads its input to the end exits with the test process at the latest,
/// because its input is a pipe from that process.
package final class PythonProgram: Sendable {
    package let process: ChildProcess
    private let input: ChildPipe
    private let output: ChildPipe

    package init(_ source: String) throws {
        input = try ChildPipe()
        output = try ChildPipe()
        process = try ChildProcess(
            "python3",
            ["-c", source],
            input: .descriptor(input.readingEnd),
            output: .descriptor(output.writingEnd)
        )
        output.closeWritingEnd()
    }

    /// Waits for a line of the program's output. Throws ``Ended`` when the program prints no more.
    package func readLine() throws -> String {
        guard let line = try output.readLine() else { throw Ended() }
        return line
    }

    /// The program has closed its output, most likely because it failed; its errors are among the test's.
    package struct Ended: Error {}

    /// Writes a line to the program's input.
    package func writeLine(_ line: String) throws { try input.write(line + "\n") }

    /// Ends the program's input.
    package func closeInput() { input.closeWritingEnd() }
}
