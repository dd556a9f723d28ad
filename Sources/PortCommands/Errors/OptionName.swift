/// The options by which the command line sets the fields of requests.
enum OptionName {
    private static let options = ["ttl_seconds": "--ttl"]

    /// Returns a message of the daemon that begins with the name of a field with the option in its place.
    static func naming(fieldIn message: String) -> String {
        let field = message.prefix { $0 != " " }
        return options[String(field)].map { $0 + message.dropFirst(field.count) } ?? message
    }
}
