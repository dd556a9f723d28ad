import PortAPI
import PortModel
import PortRegistry

extension HoldDTO {
    /// The hold with the time that it has left at `now`.
    init(_ hold: Hold, now: Uptime) {
        self.init(kind: hold.kind.rawValue, face: hold.face.rawValue)
        ttlSeconds = hold.ttl
        if case .process(let owner, let grace, _, _) = hold.lifetime {
            graceSeconds = grace
            ownerPID = owner.pid
            ownerAlive = hold.livingOwner != nil
        }
        secondsLeft = hold.deadline?.seconds(after: now)
    }
}

extension Uptime {
    /// The seconds from `now` until this moment of the same boot, rounded up; 0 when it has passed.
    fileprivate func seconds(after now: Uptime) -> Int {
        max(0, Int((milliseconds - now.milliseconds + 999) / 1000))
    }
}
