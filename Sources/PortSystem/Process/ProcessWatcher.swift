import CPortSystem
import Libc
package import PortModel
import Synchronization

/// Learns of owners' exits from the kernel, without asking for them: pidfds on Linux, kqueue on macOS.
package final class ProcessWatcher: Sendable {
    private struct State {
        /// On Linux the handle keeps the pidfd open.
        var watched: [Owner: Watch] = [:]
        var owners: [UInt64: Owner] = [:]
        /// Could not be watched, for want of descriptors or in another pid namespace; only ``sweep()`` looks at them.
        var unwatched: Set<Owner> = []
        var exited: Set<Owner> = []
        /// How many exits were noted, ever.
        var exitCount = 0
        var nextKey: UInt64 = 1

        mutating func noteExit(of owner: Owner) {
            exited.insert(owner)
            exitCount += 1
        }
    }

    /// One entry in the kernel's queue; the key leads from its event back to the owner.
    private struct Watch {
        let key: UInt64
        let handle: OpenProcess
    }

    /// A handle that may be kept in a dictionary.
    private final class OpenProcess: Sendable {
        let handle: ProcessHandle

        init(_ handle: consuming ProcessHandle) { self.handle = handle }
    }

    private let queue: FileDescriptor
    private let highestDescriptor: Int
    private let state = Mutex(State())

    /// Owners whose descriptor would lie above `highestDescriptor` are left to ``sweep()``; by default the last quarter
    /// of the process's limit, at most 2,048, is left to connections and the database.
    package init(highestDescriptor: Int? = nil) throws(SystemError) {
        let limit = CurrentProcess.descriptorLimit
        self.highestDescriptor = highestDescriptor ?? (limit - min(2048, limit / 4))
        #if os(Linux)
            queue = FileDescriptor(owning: try retrying("epoll_create1") { epoll_create1(Int32(EPOLL_CLOEXEC)) })
        #else
            queue = FileDescriptor(owning: try retrying("kqueue") { kqueue() })
        #endif
    }

    /// Readable (poll(2)) while an exit waits for ``collect()``. Belongs to the watcher.
    package var descriptor: Int32 { queue.number }

    /// Who is known to have exited, of those last named to ``watch(_:)``; and how many exits were noted, ever, which
    /// tells whether there are new ones.
    package var exits: (owners: Set<Owner>, count: Int) { state.withLock { ($0.exited, $0.exitCount) } }

    /// Watches exactly these owners from now on.
    package func watch(_ owners: some Collection<Owner>) {
        let wanted = Set(owners)
        state.withLock { state in
            for (owner, watch) in state.watched where !wanted.contains(owner) {
                state.watched[owner] = nil
                state.owners[watch.key] = nil
                remove(watch)
            }
            state.unwatched.formIntersection(wanted)
            state.exited.formIntersection(wanted)
            for owner in wanted
            where state.watched[owner] == nil && !state.exited.contains(owner) && !state.unwatched.contains(owner) {
                add(owner, to: &state)
            }
        }
    }

    /// Takes note of the exits that the kernel has reported. Never waits.
    package func collect() {
        while case let keys = reportedKeys(), !keys.isEmpty {
            state.withLock { state in
                for key in keys {
                    guard let owner = state.owners.removeValue(forKey: key) else { continue }
                    if let watch = state.watched.removeValue(forKey: owner) { remove(watch) }
                    state.noteExit(of: owner)
                }
            }
        }
    }

    /// Looks at every owner, in case an exit went unreported.
    package func sweep() {
        let all = state.withLock { Array($0.watched.keys) + $0.unwatched }
        let ended = all.filter(ProcessOwner.hasExited)
        state.withLock { state in
            for owner in ended where state.watched[owner] != nil || state.unwatched.contains(owner) {
                if let watch = state.watched.removeValue(forKey: owner) {
                    state.owners[watch.key] = nil
                    remove(watch)
                }
                state.unwatched.remove(owner)
                state.noteExit(of: owner)
            }
        }
    }

    private func add(_ owner: Owner, to state: inout State) {
        guard owner.isVisible else {
            if ProcessOwner.hasExited(owner) { state.noteExit(of: owner) } else { state.unwatched.insert(owner) }
            return
        }
        let handle: ProcessHandle
        do throws(SystemError) {
            guard let found = try ProcessHandle.open(pid: owner.pid), found.stands(for: owner) else {
                return state.noteExit(of: owner)
            }
            handle = found
        } catch {
            // Too many open files says nothing about the process.
            state.unwatched.insert(owner)
            return
        }
        let watch = Watch(key: state.nextKey, handle: OpenProcess(handle))
        state.nextKey += 1
        // Descriptors are numbered from the bottom, so the newest tells how many there are.
        guard watch.handle.handle.number <= highestDescriptor, insert(watch) else {
            if ProcessOwner.hasExited(owner) { state.noteExit(of: owner) } else { state.unwatched.insert(owner) }
            return
        }
        state.watched[owner] = watch
        state.owners[watch.key] = owner
    }
}

#if os(Linux)
    extension ProcessWatcher {
        private func insert(_ watch: Watch) -> Bool {
            var event = epoll_event()
            event.events = EPOLLIN.rawValue
            event.data.u64 = watch.key
            return epoll_ctl(queue.number, EPOLL_CTL_ADD, watch.handle.handle.number, &event) == 0
        }

        private func remove(_ watch: Watch) {
            epoll_ctl(queue.number, EPOLL_CTL_DEL, watch.handle.handle.number, nil)
        }

        private func reportedKeys() -> [UInt64] {
            var events = [epoll_event](repeating: epoll_event(), count: 64)
            let number = queue.number
            let count = (try? retrying("epoll_wait") { epoll_wait(number, &events, Int32(events.count), 0) }) ?? 0
            return events[..<Int(count)].map(\.data.u64)
        }
    }
#else
    extension ProcessWatcher {
        private func insert(_ watch: Watch) -> Bool {
            var change = Darwin.kevent()
            change.ident = UInt(watch.handle.handle.pid)
            change.filter = Int16(EVFILT_PROC)
            change.flags = UInt16(EV_ADD | EV_ONESHOT)
            change.fflags = UInt32(NOTE_EXIT)
            change.udata = UnsafeMutableRawPointer(bitPattern: UInt(watch.key))
            return kevent(queue.number, &change, 1, nil, 0, nil) == 0
        }

        private func remove(_ watch: Watch) {
            var change = Darwin.kevent()
            change.ident = UInt(watch.handle.handle.pid)
            change.filter = Int16(EVFILT_PROC)
            change.flags = UInt16(EV_DELETE)
            kevent(queue.number, &change, 1, nil, 0, nil)
        }

        private func reportedKeys() -> [UInt64] {
            var events = [Darwin.kevent](repeating: Darwin.kevent(), count: 64)
            var now = timespec()
            let count = kevent(queue.number, nil, 0, &events, Int32(events.count), &now)
            return events[..<Int(max(count, 0))].map { UInt64(UInt(bitPattern: $0.udata)) }
        }
    }
#endif
