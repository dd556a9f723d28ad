import PortClient
import PortModel

/// Exit code 1 without a message, for a command whose result already shows the failure.
struct SilentFailure: Error {}
