import Foundation
import PortTestSupport
import Testing

@testable import PortSystem

#if os(Linux)
    @Suite struct ProcessVariableTests {
        private let mark = ProcessVariable("PORTCTL_MARK")

        /// Starts a shell with PATH and these variables, which are written as bytes of Python. It executes each line of
        /// its input. Returns when it runs.
        private func shell(_ variables: String...) throws -> PythonProgram {
            let program = try PythonProgram(
                """
                import ctypes, os
                def array(items): return (ctypes.c_char_p * (len(items) + 1))(*items, None)
                words = [b"/bin/sh", b"-c", b'echo ready; while read -r line; do eval "$line"; done']
                variables = [b"PATH=" + os.environb[b"PATH"], \(variables.joined(separator: ", "))]
                ctypes.CDLL(None).execve(words[0], array(words), array(variables))
                """
            )
            try #require(try program.readLine() == "ready")
            return program
        }

        private func end(_ program: PythonProgram) {
            program.closeInput()
            program.process.wait()
        }

        private func value(_ pid: Int32, of variable: ProcessVariable? = nil) throws -> String? {
            let startTime = try #require(ProcessFacts.startTime(of: pid))
            return (variable ?? mark).value(ofPID: pid, startTime: startTime)
        }

        @Test(arguments: [
            (["b'PORTCTL_MARK=a'"], "a"), (["b'PORTCTL_MARK=a=b'"], "a=b"), ([], nil), (["b'PORTCTL_MARK='"], nil),
            (["b'XPORTCTL_MARK=a', b'PORTCTL_MARKS=b', b'X=PORTCTL_MARK=c', b'PORTCTL_MARK'"], nil),
            (["b'PORTCTL_MARK=first', b'PORTCTL_MARK=second'"], "first"),
            (["b'PORTCTL_MARK=' + b'x' * 10240"], String(repeating: "x", count: 10240)),
            (["b'PORTCTL_MARK=\\xe4'"], "\\xE4"), (["b'\\xff\\xfe', b'PORTCTL_MARK=a'"], "a"),
            // Behind everything that one program can be given at the usual limit.
            (["*[b'V=' + b'x' * 120000] * 16, b'PORTCTL_MARK=last'"], "last"),
        ])
        func valueIsTheOneThatTheProgramWasStartedWith(_ variables: [String], _ expected: String?) throws {
            let program = try shell(variables.joined())
            defer { end(program) }
            #expect(try value(program.process.pid) == expected)
        }

        @Test func childInheritsTheValueUnlessItIsRemoved() throws {
            let program = try shell("b'PORTCTL_MARK=a'")
            defer { end(program) }
            for (prefix, expected) in [("", "a"), ("env -u PORTCTL_MARK ", nil), ("PORTCTL_MARK=b ", "b")] {
                try program.writeLine("\(prefix)sh -c 'echo $$; read -r line'")
                let child = try #require(Int32(try program.readLine()))
                #expect(try value(child) == expected)
                #expect(ProcessTree.read()[child]?.parent == program.process.pid)
                try program.writeLine("end the child")
            }
        }

        @Test func anotherProgramOfTheProcessHasItsOwnEnvironment() throws {
            let program = try shell("b'PORTCTL_MARK=a'")
            defer { end(program) }
            let pid = program.process.pid
            #expect(try value(pid) == "a")
            let last = "exec env -u PORTCTL_MARK sh -c \"echo third; read -r line\""
            try program.writeLine("PORTCTL_MARK=b exec sh -c 'echo second; read -r line; \(last)'")
            try #require(try program.readLine() == "second")
            #expect(try value(pid) == "b")
            try program.writeLine("next")
            try #require(try program.readLine() == "third")
            #expect(try value(pid) == nil)
        }

        /// As the functions named setproctitle do.
        @Test func valueIsRememberedWhenTheProgramOverwritesIt() throws {
            let program = try shell("b'PORTCTL_MARK=a'")
            defer { end(program) }
            let source = [
                "import ctypes, os, sys",
                "fields = open(\"/proc/self/stat\").read().rsplit(\")\", 1)[1].split()",
                "start, end = int(fields[47]), int(fields[48])", "print(\"ready\", flush=True)", "sys.stdin.readline()",
                "ctypes.memset(start, 0, end - start)", "print(\"overwritten\", flush=True)", "sys.stdin.readline()",
                "os.execle(\"/bin/sh\", \"sh\", \"-c\", \"echo executed; read -r line\", {})",
            ]
            try program.writeLine("exec python3 -c '\(source.joined(separator: "; "))'")
            try #require(try program.readLine() == "ready")
            let pid = program.process.pid
            #expect(try value(pid) == "a")
            try program.writeLine("overwrite")
            try #require(try program.readLine() == "overwritten")
            #expect(try value(pid, of: ProcessVariable("PORTCTL_MARK")) == nil)
            for _ in 0..<2 { #expect(try value(pid) == "a") }
            let startTime = try #require(ProcessFacts.startTime(of: pid))
            #expect(mark.value(ofPID: pid, startTime: startTime + 1) == nil)
            try program.writeLine("execute")
            try #require(try program.readLine() == "executed")
            #expect(try value(pid) == nil && mark.count == 0)
        }

        @Test func processThatHasEndedHasNoValue() throws {
            let program = try shell("b'PORTCTL_MARK=a'")
            let pid = program.process.pid
            let startTime = try #require(ProcessFacts.startTime(of: pid))
            #expect(mark.value(ofPID: pid, startTime: startTime) == "a")
            program.process.killWithoutReaping()
            #expect(mark.value(ofPID: pid, startTime: startTime) == nil)
            program.process.end()
            #expect(mark.value(ofPID: pid, startTime: startTime) == nil)
        }

        @Test func valuesOfEndedProcessesMakeRoom() throws {
            let variable = ProcessVariable("PORTCTL_MARK", capacity: 2)
            let programs = try (0..<3).map { try shell("b'PORTCTL_MARK=\($0)'") }
            defer { programs.forEach(end) }
            for (index, program) in programs.prefix(2).enumerated() {
                #expect(try value(program.process.pid, of: variable) == "\(index)")
            }
            #expect(variable.count == 2)
            end(programs[0])
            #expect(try value(programs[2].process.pid, of: variable) == "2" && variable.count == 2)
        }

        @Test func valuesThatWereReadLongestAgoMakeRoomForNewOnes() throws {
            let variable = ProcessVariable("PORTCTL_MARK", capacity: 2)
            let programs = try (0..<3).map { try shell("b'PORTCTL_MARK=\($0)'") }
            defer { programs.forEach(end) }
            for (index, program) in programs.enumerated() {
                #expect(try value(program.process.pid, of: variable) == "\(index)")
                #expect(variable.count <= 2)
            }
            #expect(try value(programs[0].process.pid, of: variable) == "0")
        }

        @Test(
            .enabled(if: geteuid() == 0, "becoming another user needs root"),
            arguments: ["65534, 65534, 65534", "65534, 0, 0", "0, 65534, 0"]
        )
        func processOfAnotherUserDoesNotCount(_ users: String) throws {
            let program = try shell("b'PORTCTL_MARK=a'")
            defer { end(program) }
            let source = "import os, sys; os.setresuid(\(users)); print(\"ready\", flush=True); sys.stdin.read()"
            try program.writeLine("exec python3 -c '\(source)'")
            try #require(try program.readLine() == "ready")
            #expect(try value(program.process.pid) == nil)
        }

        /// As sudo does before it executes a command: all its user ids are root, but the caller chose its environment.
        @Test(.enabled(if: geteuid() == 0, "a set-user-ID program of root needs root"))
        func setUserIDProgramOfAnotherUserDoesNotCount() throws {
            let temporary = try TemporaryDirectory()
            let copy = temporary.path("python3")
            let program = try PythonProgram(
                """
                import os, shutil, sys
                shutil.copyfile(os.path.realpath(sys.executable), "\(copy)")
                os.chmod("\(copy)", 0o4755)
                os.chmod("\(temporary.root)", 0o755)
                os.setgid(65534); os.setuid(65534)
                source = "import os, sys; os.setresuid(0, 0, 0); print(*os.getresuid(), flush=True); sys.stdin.read()"
                os.execve("\(copy)", ["python3", "-c", source], {"PORTCTL_MARK": "forged", "PATH": os.environ["PATH"]})
                """
            )
            defer { end(program) }
            try #require(try program.readLine() == "0 0 0")
            let environment = SmallFile.beginning(of: "/proc/\(program.process.pid)/environ", limit: 4096)
            try #require(String(decoding: environment, as: UTF8.self).contains("PORTCTL_MARK=forged"))
            #expect(try value(program.process.pid) == nil)
        }
    }
#endif
