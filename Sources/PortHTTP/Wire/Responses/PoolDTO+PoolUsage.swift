import PortAPI
import PortModel
import PortRegistry

extension PoolDTO {
    init(_ usage: PoolUsage) {
        self.init(
            face: usage.face.rawValue,
            ranges: usage.pool.description,
            usable: usage.usable,
            allocated: usage.allocated
        )
    }
}
