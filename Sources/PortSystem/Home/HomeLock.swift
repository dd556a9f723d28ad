import Libc

/// The lock that allows only one daemon per home: an flock(2) on the directory itself, so that no lock file can be left
/// behind or removed. The kernel releases it when the process ends, for whatever reason.
package struct HomeLock: ~Copyable, Sendable {
    private let descriptor: FileDescriptor

    /// Acquires the lock; returns `nil` when another process holds it. Throws the error of open(2) or flock(2).
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

    /// Whether a daemon holds the lock; `false` when the directory cannot be opened.
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

    /// Runs `body` if no daemon holds the lock, and prevents one from starting meanwhile. Returns whether `body` ran.
    package static func whileFree(_ home: HomeDirectory, _ body: () -> Void) -> Bool {
        guard case .some(.some(let lock)) = try? acquire(home) else { return false }
        body()
        _ = consume lock
        return true
    }
}
