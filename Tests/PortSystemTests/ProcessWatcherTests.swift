import Libc
import PortModel
import PortSystem
import Testing

/// Promise 10: an exit is an exit, and nothing else is.
@Suite struct ProcessWatcherTests {
    /// A process that does nothing until it is killed. It is not waited for before the test says so: a zombie till
    /// then.
    private final class Sleeper: Sendable {
        let pid: Int32

        init() throws {
            var pid: pid_t = 0
            var words: [UnsafeMutablePointer<CChar>?] = [strdup("sleep"), strdup("1000"), nil]
            defer { for word in words { free(word) } }
            let result = posix_spawnp(&pid, "sleep", nil, nil, &words, environ)
            guard result == 0 else { throw SystemError("posix_spawnp", "sleep", number: result) }
            self.pid = pid
        }

        /// Ends it and returns when it is a zombie.
        func kill() {
            Glibc.kill(pid, SIGKILL)
            var information = siginfo_t()
            waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT)
        }

        func reap() { waitpid(pid, nil, 0) }

        var owner: Owner? {
            if case .owner(let owner) = ProcessOwner.lookUp(pid) { owner } else { nil }
        }

        deinit {
            kill()
            reap()
        }
    }

    /// Waits until the watcher's descriptor says that there is something to collect.
    private func waitForExit(_ watcher: ProcessWatcher) {
        var request = pollfd(fd: watcher.descriptor, events: Int16(POLLIN), revents: 0)
        #expect(poll(&request, 1, 20_000) == 1)
        watcher.collect()
    }

    @Test func anExitIsReportedAlsoOfAZombieAndOnlyThatOne() throws {
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
        // The kernel's queue is empty, so that nobody is woken again.
        var request = pollfd(fd: watcher.descriptor, events: Int16(POLLIN), revents: 0)
        #expect(poll(&request, 1, 0) == 0)
    }

    @Test func aStoppedProcessHasNotExited() throws {
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

    @Test func whoDiedBeforeItWasWatchedHasExited() throws {
        let watcher = try ProcessWatcher()
        let sleeper = try Sleeper()
        let owner = try #require(sleeper.owner)
        sleeper.kill()
        sleeper.reap()
        watcher.watch([owner])
        #expect(watcher.exits.owners == [owner])
    }

    @Test func aProcessThatIsNotTheOwnerKeepsNothingAlive() throws {
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
        // Where the kernel has no pidfd inodes, the start time is what tells.
        let plain = Owner(pid: owner.pid, startTime: owner.startTime, pidfdInode: nil, boot: owner.boot)
        #expect(!ProcessOwner.hasExited(plain))
    }

    @Test func withoutDescriptorsTheSweepLearnsOfAnExit() throws {
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

    @Test func whoIsNoLongerWantedIsNoLongerWatched() throws {
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
            Issue.record("this process is one")
            return
        }
        #expect(me.pid == getpid() && me.boot == SystemClock.boot && me.startTime > 0)
    }

    @Test func theUptimeRunsForward() {
        let before = SystemClock.uptime
        #expect(before.boot.count == 36)
        #expect(SystemClock.uptime.milliseconds >= before.milliseconds)
    }
}
