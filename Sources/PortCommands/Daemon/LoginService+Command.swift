import PortSystem

extension LoginService {
    /// The service for the `port-server` in the directory of this executable, and for the home that the environment
    /// selects. Throws ``Failure``.
    static func forCommand() throws -> LoginService {
        guard let directory = CurrentProcess.executableDirectory else {
            throw Failure("this program's directory is unknown")
        }
        // Prefer the path in PATH: package managers keep it across updates, and change where its symbolic link points.
        let executable = Environment.command("port-server", resolvingTo: "\(directory)/port-server")
        return LoginService(executable: executable ?? "\(directory)/port-server", home: try HomeDirectory.forCommand())
    }
}

/// Runs `body` and rethrows its error as a ``Failure``.
func mappingErrors<Value>(_ body: () throws(SystemError) -> Value) throws -> Value {
    do { return try body() } catch { throw Failure(error) }
}
