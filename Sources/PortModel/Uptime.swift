/// A moment on the clock that runs while the machine is awake: no jump of the wall clock and no sleep moves it. It
/// starts anew with each boot.
package struct Uptime: Hashable, Sendable {
    /// The system's id of this boot.
    package let boot: String
    package let milliseconds: Int64

    package init(boot: String, milliseconds: Int64) {
        self.boot = boot
        self.milliseconds = milliseconds
    }

    /// The moment so many seconds later.
    package func advanced(bySeconds seconds: Int) -> Uptime {
        Uptime(boot: boot, milliseconds: milliseconds + Int64(seconds) * 1000)
    }

    /// Whether this moment is over at `now`. Moments of another boot are.
    package func isOver(at now: Uptime) -> Bool { boot != now.boot || milliseconds <= now.milliseconds }
}
