import PortModel
import PortSystem

/// The secret that identifies a client as this user where the kernel does not know the user of a connection.
enum Token {
    /// Returns the text of the home's file `token`. Creates the file with 256 random bits if it is missing. Throws
    /// `insecure_path`.
    static func read(from home: HomeDirectory) throws -> String {
        do {
            try PrivateFile.checkOwnFile(at: home.tokenPath)
            if let text = SmallFile.text(at: home.tokenPath)?.trimmingSpaces(), text.count >= 32 { return text }
            var generator = SystemRandomNumberGenerator()
            let token = (0..<4).map { _ in
                let digits = String(generator.next() as UInt64, radix: 16)
                return String(repeating: "0", count: 16 - digits.count) + digits
            }.joined()
            try PrivateFile.replace(home.tokenPath, with: token + "\n")
            return token
        } catch {
            throw RegistryError(
                .insecurePath,
                "the token file \(home.tokenPath) cannot be used: "
                    + (PrivateFile.fault(at: home.tokenPath) ?? "\(error)"),
                subject: home.tokenPath,
                remedies: [.advice("remove it; the daemon creates a new one")]
            )
        }
    }
}
