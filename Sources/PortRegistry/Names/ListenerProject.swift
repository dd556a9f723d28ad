import PortModel

/// The project that a process runs in.
package struct ListenerProject: Hashable, Sendable {
    package var app: String
    package var instance: String

    package init(app: String, instance: String) {
        self.app = app
        self.instance = instance
    }
}
