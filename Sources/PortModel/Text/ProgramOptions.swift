/// The options of some programs that are secrets although their names do not say so.
enum ProgramOptions {
    /// Returns the program that an argument names; `nil` unless its options are known here.
    static func name(of argument: String) -> String? {
        guard !argument.hasPrefix("-") else { return nil }
        let name = argument.split(separator: "/").last.map(String.init) ?? argument
        if name.hasPrefix("mysql") || name.hasPrefix("mariadb") { return "mysql" }
        if name.hasPrefix("mongo") { return "mongo" }
        return ["sshpass", "redis-cli", "curl", "wget", "ldapsearch", "sqlcmd"].contains(name) ? name : nil
    }

    /// Whether the argument after `option` is the secret, or contains one.
    static func takesSecret(_ option: String, of program: String) -> Bool {
        switch program {
        case "sshpass", "mongo": option == "-p"
        case "redis-cli": option == "-a"
        case "curl": ["-u", "--user", "-U", "--proxy-user"].contains(option)
        case "ldapsearch": option == "-w"
        case "sqlcmd": option == "-P"
        default: false
        }
    }

    /// Returns an option without the secret that is attached to it, such as `-p***`; `nil` when there is none.
    static func withoutAttachedSecret(_ argument: String, of program: String) -> String? {
        let options: [String] =
            switch program {
            case "mysql", "sshpass": ["-p"]
            case "redis-cli": ["-a"]
            case "curl": ["-u", "-U"]
            case "ldapsearch": ["-w"]
            case "sqlcmd": ["-P"]
            default: []
            }
        guard let option = options.first(where: { argument.hasPrefix($0) && argument.count > $0.count }) else {
            return nil
        }
        return option + CommandLineSecrets.replacement
    }
}
