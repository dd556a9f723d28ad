/// The property list that runs the daemon as an agent of launchd; launchd.plist(5).
package enum LaunchAgent {
    package static let label = "dev.portctl.port-server"

    /// Returns the line of the property list with the value of PORT_SERVER_HOME.
    static func homeSetting(_ home: String) -> String { "<string>\(escaped(home))</string>" }

    /// Returns the property list. `home` is the value of PORT_SERVER_HOME, `nil` for the default home. All paths are
    /// absolute.
    package static func text(executable: String, home: String?, log: String) -> String {
        let environment =
            home.map {
                """

                    <key>EnvironmentVariables</key>
                    <dict>
                        <key>PORT_SERVER_HOME</key>
                        \(homeSetting($0))
                    </dict>
                """
            } ?? ""
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
            <plist version="1.0">
            <dict>
                <key>Label</key>
                <string>\(label)</string>
                <key>ProgramArguments</key>
                <array>
                    <string>\(escaped(executable))</string>
                </array>\(environment)
                <key>RunAtLoad</key>
                <true/>
                <key>KeepAlive</key>
                <dict>
                    <key>SuccessfulExit</key>
                    <false/>
                </dict>
                <key>ProcessType</key>
                <string>Interactive</string>
                <key>ThrottleInterval</key>
                <integer>1</integer>
                <key>ExitTimeOut</key>
                <integer>10</integer>
                <key>Umask</key>
                <integer>63</integer>
                <key>StandardErrorPath</key>
                <string>\(escaped(log))</string>
            </dict>
            </plist>

            """
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
