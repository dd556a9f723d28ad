import Foundation
import PortModel
import PortTestSupport
import Testing

@testable import PortSystem

@Suite struct ProcessTreeTests {
    /// A program that forks twice, prints the pids of its child and grandchild, and ends the child for a line of input.
    private static let doubleFork = """
        import os, signal, sys
        out, into = os.pipe()
        child = os.fork()
        if child == 0:
            grandchild = os.fork()
            if grandchild == 0: signal.pause()
            os.write(into, f"{grandchild}".encode())
            signal.pause()
        grandchild = int(os.read(out, 20))
        print(child, grandchild, flush=True)
        sys.stdin.readline()
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        print("ended", flush=True)
        sys.stdin.read()
        os.kill(grandchild, signal.SIGKILL)
        """

    private func numbers(_ line: String) -> [Int32] { line.split(separator: " ").compactMap { Int32($0) } }

    @Test func descendantsAreFoundUntilTheProcessBetweenEnds() throws {
        let program = try PythonProgram(Self.doubleFork)
        defer {
            program.closeInput()
            program.process.wait()
        }
        let pids = try numbers(program.readLine())
        try #require(pids.count == 2)
        let before = ProcessTree.read()
        #expect(before.descendants(of: [program.process.pid]) == Set(pids))
        #expect(before.descendants(of: [pids[0], program.process.pid]) == Set(pids))
        #expect(before.descendants(of: [pids[1]]).isEmpty)
        #expect(before.descendants(of: [getpid()]).isSuperset(of: pids))
        let ancestors = before.ancestors(of: pids[1]).map(\.pid)
        #expect(ancestors.prefix(3) == [pids[0], program.process.pid, getpid()])
        #expect(!ancestors.contains(1))

        try program.writeLine("end the child")
        try #require(try program.readLine() == "ended")
        let after = ProcessTree.read()
        #expect(after[pids[0]] == nil && after[pids[1]] != nil)
        #expect(after.descendants(of: [program.process.pid]).isEmpty)
        #expect(!after.ancestors(of: pids[1]).map(\.pid).contains(program.process.pid))
    }

    @Test func processIsReadAsTheSystemDescribesIt() throws {
        let tree = ProcessTree.read()
        let own = try #require(tree[getpid()])
        #expect(own.parent == getppid() && own.session == getsid(0) && own.userID == geteuid() && !own.isZombie)
        guard case .owner(let owner) = ProcessOwner.lookUp(getpid()) else {
            Issue.record("this process was not found")
            return
        }
        #expect(own.startTime == owner.startTime && tree[owner] == own)
        #expect(ProcessFacts(pid: getpid())?.name == own.name)
    }

    @Test func endedProcessIsAZombieUntilItsParentWaits() throws {
        let process = try ChildProcess("sleep", ["1000"])
        process.killWithoutReaping()
        #expect(ProcessTree.read()[process.pid]?.isZombie == true)
        process.end()
        #expect(ProcessTree.read()[process.pid] == nil)
    }

    @Test func ownerWhosePIDWasReusedHasNoDescendants() throws {
        let program = try PythonProgram(Self.doubleFork)
        defer {
            program.closeInput()
            program.process.wait()
        }
        let pids = try numbers(program.readLine())
        guard case .owner(let owner) = ProcessOwner.lookUp(program.process.pid) else {
            Issue.record("the program was not found")
            return
        }
        let tree = ProcessTree.read()
        #expect(tree.descendants(of: [owner]) == Set(pids))
        func changed(startTime: Int64? = nil, namespace: UInt64? = nil, boot: String? = nil) -> Owner {
            Owner(
                pid: owner.pid,
                startTime: startTime ?? owner.startTime,
                pidfdInode: owner.pidfdInode,
                namespace: namespace ?? owner.namespace,
                boot: boot ?? owner.boot
            )
        }
        let others = [changed(startTime: owner.startTime - 1), changed(namespace: 1), changed(boot: "another")]
        for other in others { #expect(tree[other] == nil && tree.descendants(of: [other]).isEmpty) }
    }

    #if os(Linux)
        @Test(arguments: [
            ("b\"a) R 1 (b\"", "a) R 1 (b"), ("b\") S 0 0 0\"", ") S 0 0 0"), ("b\"line\\nbreak\"", "line\nbreak"),
            ("b\" \"", " "), ("b\"\\xe4\"", "\u{FFFD}"), ("b\"((((\"", "(((("),
        ])
        func nameOfAProcessDoesNotDisturbTheOtherFields(_ written: String, _ name: String) throws {
            let program = try PythonProgram(
                """
                import sys
                open("/proc/self/comm", "wb").write(\(written)); print(flush=True); sys.stdin.read()
                """
            )
            defer {
                program.closeInput()
                program.process.wait()
            }
            _ = try program.readLine()
            let process = try #require(ProcessTree.read()[program.process.pid])
            // Some kernels write a newline as two characters.
            #expect(process.name.replacing("\\n", with: "\n") == name)
            #expect(process.parent == getpid() && process.session == getsid(0))
            #expect(ProcessFacts(pid: process.pid)?.startTime == process.startTime)
            #expect(ProcessFacts(pid: process.pid)?.realUserID == getuid())
        }
    #endif

    /// The files of such a process belong to root, because it may not be traced.
    @Test(.enabled(if: geteuid() == 0, "becoming another user needs root"))
    func userIsTheEffectiveOne() throws {
        let source = "import os, sys; os.setresuid(65533, 65534, 65533); print(flush=True); sys.stdin.read()"
        let program = try PythonProgram(source)
        defer {
            program.closeInput()
            program.process.wait()
        }
        _ = try program.readLine()
        #expect(ProcessTree.read()[program.process.pid]?.userID == 65534)
        let facts = try #require(ProcessFacts(pid: program.process.pid))
        #expect(facts.realUserID == 65533 && facts.effectiveUserID == 65534 && !facts.isThread)
    }

    /// A program whose children end as soon as they were started.
    @Test func processesThatEndWhileTheyAreReadAreLeftOut() throws {
        let program = try PythonProgram(
            """
            import os, sys, threading
            threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0))).start()
            print(flush=True)
            while True:
                if os.fork() == 0: os._exit(0)
                os.wait()
            """
        )
        defer {
            program.closeInput()
            program.process.wait()
        }
        _ = try program.readLine()
        for _ in 0..<20 {
            let tree = ProcessTree.read()
            #expect(tree[program.process.pid]?.parent == getpid())
            #expect(tree.descendants(of: [program.process.pid]).count <= 1)
        }
    }

    @Test func parentsThatFormACycleEndTheSearch() {
        let tree = ProcessTree([
            .init(pid: 10, parent: 12, startTime: 1), .init(pid: 11, parent: 10, startTime: 1),
            .init(pid: 12, parent: 11, startTime: 1),
        ])
        #expect(tree.ancestors(of: 12).map(\.pid) == [11, 10])
        #expect(tree.descendants(of: [10]) == [10, 11, 12])
    }

    @Test func processThatStartedAfterItsChildIsNotTheParent() {
        let tree = ProcessTree([
            .init(pid: 1, parent: 0, startTime: 0), .init(pid: 10, parent: 1, startTime: 50),
            .init(pid: 11, parent: 10, startTime: 20), .init(pid: 12, parent: 10, startTime: 50),
        ])
        #expect(tree.descendants(of: [10]) == [12])
        #expect(tree.ancestors(of: 11).isEmpty && tree.ancestors(of: 12).map(\.pid) == [10])
        #expect(tree.ancestors(of: 99).isEmpty && tree.descendants(of: [99]).isEmpty && tree.count == 4)
    }
}
