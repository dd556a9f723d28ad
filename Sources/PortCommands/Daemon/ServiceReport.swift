/// The JSON result of `portctl service`. Each command sets the fields that it has.
struct ServiceReport: Encodable {
    var unit: String
    var status: String?
    var text: String?
    var installed: Bool?
    var enabled: Bool?
    var running: Bool?
}
