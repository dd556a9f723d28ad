import CPortSystem
import Libc
package import PortModel
import Synchronization

/// Watches owners for their exit. The kernel reports exits through pidfds and epoll(7) on Linux, and through kqueue(2)
/// on macOS.
package final class ProcessWatcher: Sendable {
    private struct State {
        var watched: [Owner: Watch] = [:]
        /// The watched owners by the key of their watch.
        var owners: [UInt64: Owner] = [:]
        /// Owners that cannot be watched, for lack of descriptors or because they run in another pid namespace. Only
        /// ``sweep()`` checks them.
        var unwatched: Set<Owner> = []
        var exited: Set<Owner> = []
        /// The number of exits recorded since the watcher was created.
        var exitCount = 0
        var nextKey: UInt64 = 1

        mutating func recordExit(of owner: Owner) {
            exited.insert(owner)
            exitCount += 1
        }
    }

    /// An entry in the kernel's queue. The key identifies the owner in an event; the process keeps the pidfd open.
    private struct Watch {
        let key: UInt64
        let process: OpenProcess
    }

    /// A reference to a handle, because a dictionary cannot store noncopyable values.
    private final class OpenProcess: Sendable {
        let handle: ProcessHandle

        init(_ handle: consuming ProcessHandle) { self.handle = handle }
    }

    private let queue: FileDescriptor
    private let highestDescriptor: Int
    private let state = Mutex(State())

    /// Creates a watcher that opens no descriptors above `highestDescriptor`; ``sweep()`` checks the owners that this
    /// leaves out. By default the last quarter of the process's descriptors, at most 2,048, is left to connections and
    /// the database. Throws the error of epoll_create1(2) or kqueue(2).
    package init(highestDescriptor: Int? = nil) throws(SystemError) {
        let limit = CurrentProcess.descriptorLimit
        self.highestDescriptor = highestDescriptor ?? (limit - min(2048, limit / 4))
        #if os(Linux)
            queue = FileDescriptor(owning: try retrying("epoll_create1") { epoll_create1(Int32(EPOLL_CLOEXEC)) })
        #else
            queue = FileDescriptor(owning: try retrying("kqueue") { kqueue() })
        #endif
    }

    /// A descriptor that poll(2) reports as readable while exits wait for ``collect()``. The watcher owns it.
    package var descriptor: Int32 { queue.number }

    /// The owners that are known to have exited, among those last passed to ``watch(_:)``, and the number of exits
    /// recorded since the watcher was created. A higher number means new exits.
    package var exits: (owners: Set<Owner>, count: Int) { state.withLock { ($0.exited, $0.exitCount) } }

    /// Watches exactly these owners from now on, and forgets all others.
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

    /// Records the exits that the kernel has reported. Never blocks.
    package func collect() {
        while case let keys = reportedKeys(), !keys.isEmpty {
            state.withLock { state in
                for key in keys {
                    guard let owner = state.owners.removeValue(forKey: key) else { continue }
                    if let watch = state.watched.removeValue(forKey: owner) { remove(watch) }
                    state.recordExit(of: owner)
                }
            }
        }
    }

    /// Checks every owner, including those that cannot be watched, and records the exits that were not reported.
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
                state.recordExit(of: owner)
            }
        }
    }

    private func add(_ owner: Owner, to state: inout State) {
        guard owner.isVisible else {
            if ProcessOwner.hasExited(owner) { state.recordExit(of: owner) } else { state.unwatched.insert(owner) }
            return
        }
        let handle: ProcessHandle
        do throws(SystemError) {
            guard let found = try ProcessHandle.open(pid: owner.pid), found.refers(to: owner) else {
                return state.recordExit(of: owner)
            }
            handle = found
        } catch {
            // An error such as EMFILE does not concern the process.
            state.unwatched.insert(owner)
            return
        }
        let watch = Watch(key: state.nextKey, process: OpenProcess(handle))
        state.nextKey += 1
        // The kernel assigns the lowest free number, so the newest descriptor shows how many are in use.
        guard watch.process.handle.number <= highestDescriptor, insert(watch) else {
            if ProcessOwner.hasExited(owner) { state.recordExit(of: owner) } else { state.unwatched.insert(owner) }
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
            return epoll_ctl(queue.number, EPOLL_CTL_ADD, watch.process.handle.number, &event) == 0
        }

        private func remove(_ watch: Watch) {
            epoll_ctl(queue.number, EPOLL_CTL_DEL, watch.process.handle.number, nil)
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
            change.ident = UInt(watch.process.handle.pid)
            change.filter = Int16(EVFILT_PROC)
            change.flags = UInt16(EV_ADD | EV_ONESHOT)
            change.fflags = UInt32(NOTE_EXIT)
            change.udata = UnsafeMutableRawPointer(bitPattern: UInt(watch.key))
            return kevent(queue.number, &change, 1, nil, 0, nil) == 0
        }

        private func remove(_ watch: Watch) {
            var change = Darwin.kevent()
            change.ident = UInt(watch.process.handle.pid)
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
