import PortSystem

/// Another daemon has the lock of the home.
struct HomeInUseError: Error, CustomStringConvertible {
    let home: HomeDirectory

    var description: String { "a daemon for \(home.path) is already running (see portctl status)" }
}
