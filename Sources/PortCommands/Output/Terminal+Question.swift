import PortModel
import PortSystem

extension Terminal {
    /// Asks a question that needs a yes. Throws ``Failure`` with the text `otherwise` for any other answer.
    static func confirm(_ question: String, otherwise: String) throws {
        Output.note("\(question) [y/N]")
        guard let answer = readLine(), ["y", "yes"].contains(answer.lowercased()) else {
            throw Failure(otherwise, code: "declined")
        }
    }
}
