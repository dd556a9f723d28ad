import ArgumentParser
import PortAPI
import PortModel

extension GroupBody {
    /// A line for each port: `frontend: 43114`.
    func lines(indent: String = "") -> [String] {
        allocations.map { "\(indent)\($0.service.oneLine): \($0.port)" }
    }
}
