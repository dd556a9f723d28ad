import PortSystem
import Testing

/// Which process owns what a command gets, from what the system reports about the processes above it.
@Suite struct CallerOwnerTests {
    private static let shell = CallingProcess.Image(arguments: 100, environment: 200)
    private static let other = CallingProcess.Image(arguments: 300, environment: 400)

    /// A terminal's shell, which every case begins with.
    private static let interactive = CallingProcess(pid: 10, parent: 5, name: "bash", program: "bash", image: shell)

    private static func fork(_ pid: Int32, of parent: Int32, output: UInt64?) -> CallingProcess {
        CallingProcess(pid: pid, parent: parent, name: "bash", program: "bash", image: shell, outputPipe: output)
    }

    private static func program(
        _ pid: Int32,
        of parent: Int32,
        _ name: String,
        output: UInt64? = nil
    ) -> CallingProcess {
        CallingProcess(pid: pid, parent: parent, name: name, program: name, image: other, outputPipe: output)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let command: String
        /// Without the interactive shell; the first is the parent of the command.
        let processes: [CallingProcess]
        /// The pipe that the command writes to, and those that each process reads.
        let output: UInt64?
        let reads: [Int32: Set<UInt64>]
        let owner: CallerOwner

        var testDescription: String { command }
    }

    private static func owner(_ pid: Int32, isCertain: Bool = true) -> CallerOwner {
        CallerOwner(pid: pid, isCertain: isCertain)
    }

    static let cases = [
        Case(command: "get-port a", processes: [], output: nil, reads: [:], owner: owner(10)),
        Case(command: "P=$(get-port a)", processes: [], output: 1, reads: [10: [1]], owner: owner(10)),
        Case(
            command: "P=$(get-port a | cat)",
            processes: [fork(11, of: 10, output: 1)],
            output: 2,
            reads: [10: [1], 12: [2]],
            owner: owner(10)
        ),
        Case(
            command: "P=$(get-port a || echo 3000)",
            processes: [fork(11, of: 10, output: 1)],
            output: 1,
            reads: [10: [1]],
            owner: owner(10)
        ),
        Case(
            command: "f() { P=$(get-port a | cat) || return; echo $P; }; Q=$(f)",
            processes: [fork(12, of: 11, output: 2), fork(11, of: 10, output: 1)],
            output: 3,
            reads: [10: [1], 11: [2]],
            owner: owner(10)
        ),
        Case(
            command: "P=$(timeout 5 get-port a)",
            processes: [program(11, of: 10, "timeout", output: 1)],
            output: 1,
            reads: [10: [1]],
            owner: owner(10)
        ),
        Case(
            command: "P=$(echo a | xargs get-port)",
            processes: [program(12, of: 11, "xargs", output: 1), fork(11, of: 10, output: 1)],
            output: 1,
            reads: [10: [1]],
            owner: owner(10)
        ),
        Case(
            command: "( P=$(get-port a | cat); exec server $P ) &",
            processes: [fork(12, of: 11, output: 1), fork(11, of: 10, output: nil)],
            output: 2,
            reads: [11: [1]],
            owner: owner(11)
        ),
        Case(
            command: "( P=$(get-port a | cat); exec server $P ) | tee log",
            processes: [fork(12, of: 11, output: 1), fork(11, of: 10, output: 5)],
            output: 2,
            reads: [11: [1], 13: [5]],
            owner: owner(11)
        ),
        Case(
            command: "P=$({ get-port a | cat; } | tr -d x)",
            processes: [fork(12, of: 11, output: 2), fork(11, of: 10, output: 1)],
            output: 3,
            reads: [10: [1], 13: [2], 14: [3]],
            owner: owner(12, isCertain: false)
        ),
        Case(
            command: "export P=$(get-port a | cat) in .envrc",
            processes: [
                CallingProcess(pid: 13, parent: 12, name: "bash", program: "bash", image: other, outputPipe: 2),
                CallingProcess(pid: 12, parent: 11, name: "bash", program: "bash", image: other, outputPipe: 1),
                CallingProcess(pid: 11, parent: 10, name: "direnv", program: "direnv", outputPipe: 1),
            ],
            output: 3,
            reads: [10: [1], 12: [2]],
            owner: owner(10)
        ),
        Case(
            command: "make: $(shell get-port a)",
            processes: [program(11, of: 10, "make")],
            output: 1,
            reads: [11: [1]],
            owner: owner(11)
        ),
        Case(
            command: "make: $(shell get-port a | cat)",
            processes: [program(12, of: 11, "sh", output: 1), program(11, of: 10, "make")],
            output: 2,
            reads: [11: [1]],
            owner: owner(12, isCertain: false)
        ),
        Case(
            command: "npm script: P=$(get-port a | cat) next dev",
            processes: [
                CallingProcess(pid: 13, parent: 12, name: "sh", program: "dash", image: other, outputPipe: 1),
                CallingProcess(pid: 12, parent: 11, name: "sh", program: "dash", image: other, outputPipe: 9),
                program(11, of: 10, "node"),
            ],
            output: 2,
            reads: [12: [1]],
            owner: owner(12)
        ),
        Case(
            command: "a Python worker that its parent forked and reads from",
            processes: [
                CallingProcess(pid: 12, parent: 11, name: "python3", program: "python3", image: other, outputPipe: 1),
                CallingProcess(pid: 11, parent: 10, name: "python3", program: "python3", image: other),
            ],
            output: 2,
            reads: [11: [1], 12: [2]],
            owner: owner(12)
        ),
        Case(
            command: "P=$(get-port a | cat) of a shell whose memory may not be read",
            processes: [CallingProcess(pid: 11, parent: 10, name: "bash", outputPipe: 1)],
            output: 2,
            reads: [10: [1]],
            owner: owner(11, isCertain: false)
        ),
    ]

    @Test(arguments: cases)
    func ownerIsTheProcessThatGoesOn(_ example: Case) {
        let processes = example.processes + [Self.interactive, Self.program(5, of: 1, "sshd")]
        let owner = CallerOwner.choose(
            above: processes[0].pid,
            output: example.output,
            process: { pid in processes.first { $0.pid == pid } },
            reads: { pid, pipe in example.reads[pid]?.contains(pipe) ?? false }
        )
        #expect(owner == example.owner)
    }

    @Test func parentWithoutFactsIsTheOwner() {
        let owner = CallerOwner.choose(above: 7, output: 1, process: { _ in nil }, reads: { _, _ in false })
        #expect(owner == CallerOwner(pid: 7, isCertain: true))
    }
}
