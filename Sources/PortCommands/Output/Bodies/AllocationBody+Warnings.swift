import PortAPI
import PortModel

extension AllocationBody {
    /// Prints the warnings of a grant, and what to do about them.
    func printWarnings() {
        guard let warnings else { return }
        Output.warn(warnings)
        if let words = remedies?.remedies?.commandLineWords { Output.note("  \(words)") }
    }
}
