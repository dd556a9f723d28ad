/// An exit code without a message, for a command whose result already shows the failure.
struct SilentFailure: Error {
    var exitCode: Int32 = 1
}
