import PortAPI
import PortModel
import PortRegistry

extension HoldDTO {
    init(_ hold: Hold, secondsLeft: Int?) {
        self.init(kind: hold.kind.rawValue, face: hold.face.rawValue)
        ttlSeconds = hold.ttl
        if case .process(let owner, let grace, _, _) = hold.lifetime {
            graceSeconds = grace
            ownerPID = owner.pid
            ownerAlive = hold.livingOwner != nil
        }
        self.secondsLeft = secondsLeft
    }
}
