/// A process above a command, as far as the choice of the command's owner depends on it.
package struct CallingProcess: Hashable, Sendable {
    package var pid: Int32
    /// The pid of the parent.
    package var parent: Int32
    /// The command name, at most 15 bytes.
    package var name: String
    /// The file name of the executable, such as `bash`; `nil` when the system does not reveal it.
    package var program: String?
    /// The addresses at which execve(2) placed the arguments and the environment: a fork has those of its parent. `nil`
    /// when the system does not reveal them.
    package var image: Image?
    /// The inode of the pipe that is the standard output; `nil` when that is no pipe.
    package var outputPipe: UInt64?

    /// Where the arguments and the environment are in the memory of a process.
    package struct Image: Hashable, Sendable {
        package var arguments: UInt64
        package var environment: UInt64

        package init(arguments: UInt64, environment: UInt64) {
            self.arguments = arguments
            self.environment = environment
        }
    }

    package init(
        pid: Int32,
        parent: Int32,
        name: String,
        program: String? = nil,
        image: Image? = nil,
        outputPipe: UInt64? = nil
    ) {
        self.pid = pid
        self.parent = parent
        self.name = name
        self.program = program
        self.image = image
        self.outputPipe = outputPipe
    }
}
