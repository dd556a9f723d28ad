extension ServingTool {
    /// The development servers that `run` knows. A tool that is not listed gets no flag; neither does one whose
    /// arguments go to a program of unknown kind, such as `java -jar`, `dotnet run` and `mvn`.
    ///
    /// To change a row, check it against the tool's own documentation or source, and write down version and month.
    static let all: [ServingTool] = [
        // MARK: JavaScript
        ServingTool(
            names: ["vite"],
            servesAlone: true,
            serving: ["dev", "serve", "preview"],
            other: ["build", "optimize"],
            spelling: .flag("--port"),
            strictFlag: "--strictPort",
            checked: "8.2, November 2026"
        ),
        // Vite+. `vp` alone is its help.
        ServingTool(
            names: ["vp"],
            serving: ["dev", "preview"],
            spelling: .flag("--port"),
            strictFlag: "--strictPort",
            checked: "documentation, August 2026"
        ),
        // Vite underneath. `react-router-serve` is another command, and follows PORT.
        ServingTool(
            names: ["react-router"],
            servesAlone: true,
            serving: ["dev"],
            other: ["build", "reveal", "routes", "typegen"],
            spelling: .flag("--port"),
            strictFlag: "--strictPort",
            checked: "8.4, November 2026"
        ),
        // No flag against moving: that is a line of astro.config. `astro dev stop`, `status` and `logs` serve nothing.
        ServingTool(
            names: ["astro"],
            serving: ["dev", "preview"],
            endingWords: ["stop", "status", "logs"],
            portFlags: ["--port"],
            spelling: .flag("--port"),
            checked: "7.2, November 2026"
        ),
        // From 22 on PORT, which `run` sets as well, overrides the flag.
        ServingTool(
            names: ["ng"],
            serving: ["serve", "dev", "s"],
            portFlags: ["--port"],
            spelling: .flag("--port"),
            checked: "22.0, November 2026"
        ),
        ServingTool(
            names: ["storybook"],
            serving: ["dev"],
            spelling: .flag("--port"),
            strictFlag: "--exact-port",
            checked: "10.3, November 2026"
        ),
        // `--strict-port` exists only since 2.1.3, and older versions refuse it.
        ServingTool(
            names: ["rsbuild"],
            servesAlone: true,
            serving: ["dev", "preview"],
            other: ["build", "inspect"],
            portFlags: ["--port"],
            spelling: .flag("--port"),
            checked: "2.1.3, November 2026"
        ),
        // Stays when the port is given.
        ServingTool(
            names: ["webpack", "webpack-cli"],
            serving: ["serve", "server", "s"],
            portFlags: ["--port"],
            spelling: .flag("--port"),
            checked: "webpack-dev-server 6.0, November 2026"
        ),
        ServingTool(
            names: ["webpack-dev-server"],
            servesAlone: true,
            portFlags: ["--port"],
            spelling: .flag("--port"),
            checked: "webpack-dev-server 6.0, November 2026"
        ),
        ServingTool(names: ["expo"], serving: ["start"], spelling: .flag("--port"), checked: "source, August 2026"),
        ServingTool(
            names: ["react-native"],
            serving: ["start"],
            portFlags: ["--port"],
            spelling: .flag("--port"),
            checked: "source, August 2026"
        ),
        ServingTool(
            names: ["next"],
            servesAlone: true,
            serving: ["dev", "start"],
            other: ["build", "info", "lint", "telemetry", "typegen", "upgrade", "analyze"],
            spelling: .followsPort,
            checked: "16, November 2026"
        ),
        ServingTool(
            names: ["nuxt", "nuxi"],
            serving: ["dev", "preview"],
            spelling: .followsPort,
            checked: "4, November 2026"
        ),
        // MARK: Python
        ServingTool(
            names: ["flask"],
            serving: ["run"],
            leadingOptions: ["-A", "--app", "-e", "--env-file"],
            leadingSwitches: ["--debug", "--no-debug"],
            spelling: .flag("--port"),
            checked: "documentation, November 2026"
        ),
        ServingTool(
            names: ["uvicorn"],
            servesAlone: true,
            takesAnyWord: true,
            portFlags: ["--port"],
            otherPlaces: ["--uds", "--fd"],
            spelling: .flag("--port"),
            checked: "documentation, November 2026"
        ),
        ServingTool(
            names: ["fastapi"],
            serving: ["dev", "run"],
            portFlags: ["--port"],
            spelling: .followsPort,
            checked: "0.0.12, November 2026"
        ),
        // The port is a word of its own, alone or behind an address, and never moves.
        ServingTool(
            names: ["manage.py", "django-admin"],
            serving: ["runserver"],
            valueOptions: ["--settings", "--pythonpath", "-v", "--verbosity"],
            portFlags: [],
            spelling: .word,
            checked: "documentation, November 2026"
        ),
        // MARK: PHP and Ruby
        // `--port` also ends the search for another port.
        ServingTool(
            names: ["artisan"],
            serving: ["serve"],
            portFlags: ["--port"],
            spelling: .flag("--port"),
            checked: "12, November 2026"
        ),
        ServingTool(
            names: ["symfony"],
            serving: ["serve", "server:start", "local:server:start"],
            portFlags: ["--port"],
            spelling: .flag("--port"),
            checked: "documentation, November 2026"
        ),
        ServingTool(
            names: ["rails"],
            serving: ["server", "s"],
            spelling: .followsPort,
            checked: "documentation, November 2026"
        ),
    ]
}
