import PortClient
import PortModel

/// The result says it all: exit code 1 without a message.
struct SilentFailure: Error {}
