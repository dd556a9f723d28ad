import PortHTTP
import PortModel

extension RegistryError {
    /// The message and the remedies, in parentheses, with the options of port-server.
    var lineWithOptions: String {
        let phrases = remedies.map { remedy in
            remedy == .otherDatabase ? RemedyPhrase("name another database with --db", .change) : remedy.phrase
        }
        return phrases.sentence.map { "\(message) (\($0))" } ?? message
    }
}

extension AddressFailure {
    /// The failure and the options of port-server that name another address.
    var lineWithOptions: String {
        canBeAnother ? "\(description): name another with --port or --listen" : description
    }
}
