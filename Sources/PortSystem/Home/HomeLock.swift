import Libc

/// The right to be the one daemon of a home: an flock(2) on the directory itself, so that there is no lock file which
/// could be left behind or removed. It goes with the process, however that ends.
package struct HomeLock: ~Copyable, Sendable {
    private let descriptor: FileDescriptor

    /// `nil` when another process has the lock. Throws when the directory cannot be opened or locked.
    package static func acquire(_ home: HomeDirectory) throws(SystemError) -> HomeLock? {
        let number = try retrying("open", home.path) {
            open(home.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
        }
        let descriptor = FileDescriptor(owning: number)
        do throws(SystemError) {
            try retrying("flock", home.path) { flock(descriptor.number, LOCK_EX | LOCK_NB) }
        } catch {
            guard error.number == EWOULDBLOCK else { throw error }
            return nil
        }
        return HomeLock(descriptor: descriptor)
    }

    /// Whether a daemon has the home. `false` when there is no such directory.
    package static func isTaken(_ home: HomeDirectory) -> Bool {
        do throws(SystemError) {
            if let lock = try acquire(home) {
                _ = consume lock
                return false
            }
            return true
        } catch {
            return false
        }
    }

    /// Runs `body` while no daemon has the home, and keeps one from starting meanwhile. Returns whether it ran.
    package static func whileFree(_ home: HomeDirectory, _ body: () -> Void) -> Bool {
        guard case .some(.some(let lock)) = try? acquire(home) else { return false }
        body()
        _ = consume lock
        return true
    }
}
