import Libc
import PortModel
import PortSystem
import PortTestSupport
import Testing

/// Promise 10: the exit of an owner is reported, and nothing else counts as one.
@Suite struct ProcessWatcherTests {
    /// A process that sleeps until it is killed. It stays a zombie until it is reaped.
    private final class Sleeper: Sendable {
        private let process: ChildProcess

        init() throws { process = try ChildProcess("sleep", ["1000"]) }

        deinit { process.end() }

        var pid: Int32 { process.pid }

        var owner: Owner? {
            if case .owner(let owner) = ProcessOwner.lookUp(pid) { owner } else { nil }
        }

        /// Kills it and returns when it is a zombie.
        func kill() { process.killWithoutReaping() }

        func reap() { process.wait() }
    }

    /// Waits until the watcher's descriptor is readable, and collects the exits.
    private func waitForExit(_ watcher: ProcessWatcher) {
        var request = pollfd(fd: watcher.descriptor, events: Int16(POLLIN), revents: 0)
        #expect(poll(&request, 1, 20_000) == 1)
        watcher.collect()
    }

    @Test func zombieIsReportedAsExitedAndOthersAreNot() throws {
        let watcher = try ProcessWatcher()
        let (one, other) = (try Sleeper(), try Sleeper())
        let owners = [try #require(one.owner), try #require(other.owner)]
        watcher.watch(owners)
        #expect(watcher.exits.owners.isEmpty && watcher.exits.count == 0)
        one.kill()
        waitForExit(watcher)
        #expect(watcher.exits.count == 1 && watcher.exits.owners == [owners[0]])
        #expect(one.owner == nil && ProcessOwner.hasExited(owners[0]))
        #expect(!ProcessOwner.hasExited(owners[1]))
        // The kernel's queue is empty, so the descriptor wakes no one again.
        var request = pollfd(fd: watcher.descriptor, events: Int16(POLLIN), revents: 0)
        #expect(poll(&request, 1, 0) == 0)
    }

    @Test func stoppedProcessHasNotExited() throws {
        let watcher = try ProcessWatcher()
        let sleeper = try Sleeper()
        let owner = try #require(sleeper.owner)
        watcher.watch([owner])
        kill(sleeper.pid, SIGSTOP)
        var information = siginfo_t()
        waitid(P_PID, id_t(sleeper.pid), &information, WSTOPPED | WNOWAIT)
        watcher.sweep()
        watcher.collect()
        #expect(watcher.exits.owners.isEmpty && !ProcessOwner.hasExited(owner))
    }

    @Test func exitBeforeWatchingIsReported() throws {
        let watcher = try ProcessWatcher()
        let sleeper = try Sleeper()
        let owner = try #require(sleeper.owner)
        sleeper.kill()
        sleeper.reap()
        watcher.watch([owner])
        #expect(watcher.exits.owners == [owner])
    }

    @Test func processWithAnotherIdentityIsNotTheOwner() throws {
        let sleeper = try Sleeper()
        let owner = try #require(sleeper.owner)
        let impostors = [
            Owner(pid: owner.pid, startTime: owner.startTime, pidfdInode: 1, boot: owner.boot),
            Owner(pid: owner.pid, startTime: owner.startTime + 1, pidfdInode: nil, boot: owner.boot),
            Owner(pid: owner.pid, startTime: owner.startTime, pidfdInode: owner.pidfdInode, boot: "another"),
        ]
        let watcher = try ProcessWatcher()
        watcher.watch(impostors + [owner])
        #expect(watcher.exits.owners == Set(impostors))
        // Where the kernel has no pidfd inodes, the start time distinguishes processes.
        let plain = Owner(pid: owner.pid, startTime: owner.startTime, pidfdInode: nil, boot: owner.boot)
        #expect(!ProcessOwner.hasExited(plain))
    }

    @Test func withoutDescriptorsTheSweepReportsExits() throws {
        let watcher = try ProcessWatcher(highestDescriptor: 0)
        let sleeper = try Sleeper()
        let owner = try #require(sleeper.owner)
        watcher.watch([owner])
        watcher.sweep()
        #expect(watcher.exits.owners.isEmpty)
        sleeper.kill()
        watcher.collect()
        #expect(watcher.exits.owners.isEmpty)
        watcher.sweep()
        #expect(watcher.exits.count == 1 && watcher.exits.owners == [owner])
    }

    @Test func removedOwnerIsNoLongerWatched() throws {
        let watcher = try ProcessWatcher()
        let sleeper = try Sleeper()
        watcher.watch([try #require(sleeper.owner)])
        watcher.watch([Owner]())
        sleeper.kill()
        watcher.collect()
        watcher.sweep()
        #expect(watcher.exits.owners.isEmpty && watcher.exits.count == 0)
    }

    @Test func onlyLivingProcessesOfThisUserAreOwners() throws {
        #expect(ProcessOwner.lookUp(0) == .noSuchProcess)
        #expect(ProcessOwner.lookUp(-1) == .noSuchProcess)
        #expect(ProcessOwner.lookUp(.max) == .noSuchProcess)
        guard case .owner(let me) = ProcessOwner.lookUp(getpid()) else {
            Issue.record("the test process is not found")
            return
        }
        #expect(me.pid == getpid() && me.boot == SystemClock.boot && me.startTime > 0)
    }

    @Test func uptimeNeverDecreases() {
        let before = SystemClock.uptime
        #expect(before.boot.count == 36)
        #expect(SystemClock.uptime.milliseconds >= before.milliseconds)
    }
}
