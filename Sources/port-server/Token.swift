import PortModel
import PortSystem

/// The secret that proves a client whose user the kernel cannot tell.
enum Token {
    /// The text of the home's file `token`, which is made with 256 random bits when it is missing.
    static func read(from home: HomeDirectory) throws -> String {
        do {
            try PrivateFile.refuseStrangeFile(at: home.tokenPath)
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
                "the token file cannot be used: \(error)",
                subject: home.tokenPath,
                hint: "remove it, and the daemon makes a new one"
            )
        }
    }
}
