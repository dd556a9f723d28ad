package import PortModel

/// What is at the path of a service's directory now.
package enum DirectoryState: Hashable, Sendable {
    /// A directory, and the checkout around it; `checkout` is the directory itself outside git.
    case present(DirectoryStamp, checkout: ProcessPlace.Step)
    /// Nothing. The nearest directory above that is left is on the device with this number.
    case missing(device: UInt64)
    /// Nothing can be said: the path may not be read.
    case unreachable

    /// Why a process that was started for the directory `earlier` is not the service's own any longer; `nil` when it
    /// may be.
    func reasonAgainst(_ earlier: DirectoryStamp?, path: String) -> VerdictReason? {
        guard let earlier else { return nil }
        switch self {
        case .present(let now, _): return now.differs(from: earlier) ? .directoryReplaced(path) : nil
        // On another device, its file system is only not mounted.
        case .missing(let device): return device == earlier.device ? .directoryRemoved(path) : nil
        case .unreachable: return nil
        }
    }
}
