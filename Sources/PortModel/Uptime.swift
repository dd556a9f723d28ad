/// A moment on the monotonic clock, which pauses while the machine sleeps and restarts at each boot. Changes of the
/// wall clock do not affect it.
package struct Uptime: Hashable, Sendable {
    /// The id of the boot; moments of different boots cannot be compared.
    package let boot: String
    /// Milliseconds on the clock of that boot.
    package let milliseconds: Int64

    package init(boot: String, milliseconds: Int64) {
        self.boot = boot
        self.milliseconds = milliseconds
    }

    /// Returns the moment that is `seconds` later.
    package func advanced(bySeconds seconds: Int) -> Uptime { advanced(byMilliseconds: Int64(seconds) * 1000) }

    /// Returns the moment that is `milliseconds` later.
    package func advanced(byMilliseconds milliseconds: Int64) -> Uptime {
        Uptime(boot: boot, milliseconds: self.milliseconds + milliseconds)
    }

    /// Whether this moment lies at or before `now`. All moments of another boot have passed.
    package func hasPassed(at now: Uptime) -> Bool { boot != now.boot || milliseconds <= now.milliseconds }
}
