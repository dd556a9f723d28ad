/// The JSON result of `portctl service`. Each command sets the fields that it has.
struct ServiceReport: Encodable {
    var unit: String
    var status: String?
    var text: String?
    var installed: Bool?
    var enabled: Bool?
    var running: Bool?
    /// Whether the home's daemon answers, whoever has started it; its pid and its open TCP addresses, or why it does
    /// not.
    var answers: Bool?
    var pid: Int32?
    var addresses: [String]?
    var error: String?
}
