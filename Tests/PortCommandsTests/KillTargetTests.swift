import PortAPI
import PortSystem
import Testing

@testable import PortCommands

/// What may be killed without asking: what the daemon counts to this project, if its directory is the one seen here.
@Suite struct KillTargetTests {
    private func target(isOwn: Bool?, directory: String?) -> KillTarget {
        let process = ProcessDTO(pid: CurrentProcess.pid, name: "node", command: [], directory: directory)
        return KillTarget(
            KillBody(port: 3000, status: "listening", process: process, otherPorts: nil, isOwn: isOwn, signal: nil)
        )
    }

    @Test func processThatTheDaemonCountsToTheProjectIsOwn() {
        let here = CurrentProcess.directory
        #expect(target(isOwn: true, directory: here).isOwn)
        #expect(!target(isOwn: false, directory: here).isOwn)
    }

    @Test func processThatAnOlderDaemonDoesNotPlaceIsNotOwn() {
        #expect(!target(isOwn: nil, directory: CurrentProcess.directory).isOwn)
    }

    @Test func processWhoseDirectoryIsAnotherOneHereIsNotOwn() {
        #expect(!target(isOwn: true, directory: "/").isOwn)
        #expect(!target(isOwn: true, directory: nil).isOwn)
    }

    @Test func dryRunNamesTheProjectOfTheWorkingDirectory() {
        let question = KillTarget.question(pid: 42)
        #expect(question.pid == 42 && question.dryRun == true && question.projectDirectory?.hasPrefix("/") == true)
    }
}
