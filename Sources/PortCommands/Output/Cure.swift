import PortModel

/// What a person can do about a service whose port leads to the wrong server, or to nobody.
enum Cure {
    /// Another server has the port of the service `name`.
    static func move(_ name: String) -> String {
        "to start \(name.oneLine) on a free port: portctl run \(name.shellQuoted) -- COMMAND"
    }

    /// The service `name` listens on the port `actual` instead of its own.
    static func drift(of name: String, from port: Int, to actual: Int) -> String {
        "\(name.oneLine) listens on port \(actual) instead of its own, \(port); if its command does not read PORT, "
            + "give it the number as an argument: portctl run … -- COMMAND --port {port}"
    }
}
