import Foundation
import PortModel
import Testing

@testable import PortCommands

/// The port flag that `run` adds for tools that do not follow PORT.
@Suite struct PortFlagsTests {
    /// The command line with what is added for port 8000.
    private func completed(_ command: String) -> String {
        flags(command).words.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
    }

    private func flags(_ command: String) -> PortFlags {
        PortFlags(command.split(separator: " ").map { Array($0.utf8) }, port: Port(8000)!)
    }

    /// A command line of each row that serves, and the same with what is added.
    private static let rows: [(String, String)] = [
        ("vite", "vite --port 8000 --strictPort"), ("vp dev", "vp dev --port 8000 --strictPort"),
        ("react-router dev", "react-router dev --port 8000 --strictPort"), ("astro dev", "astro dev --port 8000"),
        ("ng serve shop", "ng serve shop --port 8000"),
        ("storybook dev", "storybook dev --port 8000 --exact-port"), ("rsbuild", "rsbuild --port 8000"),
        ("webpack serve", "webpack serve --port 8000"), ("webpack-dev-server", "webpack-dev-server --port 8000"),
        ("expo start --web", "expo start --web --port 8000"), ("react-native start", "react-native start --port 8000"),
        ("next dev", "next dev"), ("nuxt dev", "nuxt dev"), ("flask run", "flask run --port 8000"),
        ("uvicorn main:app --reload", "uvicorn main:app --reload --port 8000"), ("fastapi dev", "fastapi dev"),
        ("manage.py runserver --noreload", "manage.py runserver 8000 --noreload"),
        ("artisan serve", "artisan serve --port 8000"), ("symfony serve", "symfony serve --port 8000"),
        ("rails server", "rails server"),
    ]

    @Test(arguments: rows) func servingToolGetsItsFlags(_ command: String, _ result: String) {
        #expect(completed(command) == result)
        #expect(flags(command).added.isEmpty == (command == result))
    }

    @Test func everyRowHasACommandLineAboveAndWhatItWasCheckedAgainst() {
        for tool in ServingTool.all {
            #expect(Self.rows.contains { tool.names.contains(String($0.0.prefix { $0 != " " })) }, "\(tool.names)")
            #expect(tool.checked.contains(/^.+, [A-Z][a-z]+ 202\d$/), "\(tool.names)")
            #expect(tool.servesAlone || !tool.serving.isEmpty, "\(tool.names)")
            #expect(tool.takesAnyWord || Set(tool.serving).isDisjoint(with: tool.other), "\(tool.names)")
        }
        let names = ServingTool.all.flatMap(\.names)
        #expect(Set(names).count == names.count)
    }

    @Test func documentNamesEveryTool() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let document = try String(contentsOf: root.appending(path: "docs/integrations.md"), encoding: .utf8)
        let start = try #require(document.range(of: "## Flags that `run` adds\n")).upperBound
        let section = document[start...].prefix(upTo: try #require(document[start...].range(of: "\n## ")).lowerBound)
        for name in ServingTool.all.flatMap(\.names) where name != "nuxi" {
            #expect(section.contains("`\(name) ") || section.contains("`\(name)`"), "\(name)")
        }
    }

    @Test func everySubcommandOfARowThatServesGetsWhatTheRowSays() {
        for tool in ServingTool.all {
            for (name, subcommand) in tool.names.flatMap({ name in tool.serving.map { (name, $0) } }) {
                let added =
                    switch tool.spelling {
                    case .flag(let flag): [flag, "8000"] + [tool.strictFlag].compactMap(\.self)
                    case .word: ["8000"]
                    case .followsPort: [String]()
                    }
                #expect(flags("\(name) \(subcommand)").added == added, "\(name) \(subcommand)")
                #expect(flags("\(name) \(subcommand)").tool == name)
            }
        }
    }

    /// A port flag of any spelling, also behind a lone `--`, keeps the command as it is, and a number in it is known.
    @Test func everySpellingOfAPortFlagKeepsTheCommandAsItIs() {
        for tool in ServingTool.all where tool.spelling != .word {
            let start = "\(tool.names[0]) \(tool.serving.first ?? "--x")"
            for flag in tool.portFlags {
                var spellings = ["\(flag) 4000", "\(flag)=4000"]
                if flag.count == 2 { spellings.append("\(flag)4000") }
                for spelling in spellings {
                    let places = [" \(spelling)", " --open \(spelling) --x", " -- \(spelling)"]
                    for command in places.map({ start + $0 }) {
                        #expect(completed(command) == command)
                        #expect(flags(command).otherPort == 4000, "\(command)")
                    }
                    let same = spelling.replacing("4000", with: "8000")
                    #expect(completed("\(start) \(same)") == "\(start) \(same)")
                    #expect(flags("\(start) \(same)").otherPort == nil)
                }
                for open in ["\(start) \(flag)", "\(start) \(flag)=", "\(start) \(flag) x", "\(start) \(flag)=x"] {
                    #expect(completed(open) == open)
                    #expect(flags(open).otherPort == nil)
                }
            }
        }
    }

    @Test(arguments: [
        "vite build", "vite optimize", "vite --mode production build", "vite lib", "vite --help", "vite dev --version",
        "vp", "vp build", "vp test", "vp run dev", "react-router build", "react-router routes", "astro", "astro build",
        "astro dev stop", "astro dev status", "astro dev logs --follow", "ng", "ng build", "ng test", "ng e2e",
        "storybook build", "storybook init", "rsbuild build", "rsbuild inspect", "rsbuild --root x build", "webpack",
        "webpack --watch", "webpack build", "expo export", "expo run:ios", "react-native run-android", "next build",
        "nuxt build", "flask", "flask shell", "flask routes", "flask --unknown x run", "uvicorn --help",
        "manage.py migrate", "manage.py runserver_plus", "artisan migrate", "symfony server:stop", "symfony console",
        "uvicorn main:app --uds /tmp/socket", "uvicorn main:app --fd=3", "sleep 5", "node server.js", "true",
    ])
    func whatDoesNotCertainlyServeOnAPortStaysAsItIs(_ command: String) {
        #expect(completed(command) == command)
        #expect(flags(command).added.isEmpty && flags(command).otherPort == nil)
    }

    @Test(arguments: [
        "vite", "vite dev", "vite serve", "vite preview", "vite --host", "vite ./app", "vite apps/web --open",
        "./node_modules/.bin/vite", "/srv/shop/node_modules/.bin/vite dev", "node node_modules/.bin/vite",
        "node ./node_modules/vite/bin/vite.js", "npx vite", "npx -y vite", "npx --yes vite@8.2 dev", "npx vite@latest",
        "npx -p vite vite", "npx --package=vite vite", "npx -- vite", "bunx vite", "bunx --bun vite", "bun x vite",
        "pnpx vite", "pnpm exec vite", "pnpm dlx vite@8", "pnpm dlx --package vite vite", "yarn vite", "yarn exec vite",
        "yarn dlx vite", "yarn dlx -q vite", "npm exec -- vite", "npm exec --package=vite -- vite", "npm x -- vite",
    ])
    func viteIsFoundWhereItCertainlyIs(_ command: String) {
        #expect(completed(command) == "\(command) --port 8000 --strictPort")
        #expect(flags(command).tool == "vite")
    }

    @Test(arguments: [
        "npm run vite", "npm run dev", "npm start", "npm vite", "pnpm dev", "pnpm vite", "pnpm run vite",
        "pnpm -r exec vite",
        "pnpm --filter web exec vite", "yarn dev", "yarn run vite", "yarn workspace web vite", "bun vite",
        "bun run vite",
        "bun --bun run vite", "npx --workspace web vite", "npx -c vite", "npx @scope/vite", "npx ./vite", "npx",
        "npx -p vite",
        "npx create-vite", "node vite", "node --inspect node_modules/.bin/vite", "node my_node_modules/.bin/vite",
        "node other/node_modules/vite/bin/vite.js", "env X=1 vite", "sh -c vite", "npm exec vite --host -- --open",
        "vite.js", "vite-node", "echo vite", "portctl run web -- vite",
    ])
    func scriptsAndRunnersOfUnknownFormStayAsTheyAre(_ command: String) {
        #expect(completed(command) == command)
    }

    @Test(arguments: [
        ("vite -- --x", "vite --port 8000 --strictPort -- --x"),
        ("npx vite -- y", "npx vite --port 8000 --strictPort -- y"),
        ("npm exec vite", "npm exec vite -- --port 8000 --strictPort"),
        ("npm exec vite dev -- --host", "npm exec vite dev -- --host --port 8000 --strictPort"),
        ("npm exec vite -- --host -- x", "npm exec vite -- --host --port 8000 --strictPort -- x"),
        ("npm exec -- vite -- x", "npm exec -- vite --port 8000 --strictPort -- x"),
        ("manage.py runserver -- x", "manage.py runserver -- x"),
    ])
    func flagsGoBeforeALoneSeparatorOfTheTool(_ command: String, _ result: String) {
        #expect(completed(command) == result)
    }

    @Test(arguments: [
        "vite --strictPort", "vite --strictPort=false", "vite --strict-port", "vite --no-strictPort",
    ])
    func strictFlagThatIsThereIsNotRepeated(_ command: String) {
        #expect(completed(command) == "\(command) --port 8000")
    }

    @Test(arguments: [
        "vite --base {port}", "vite --port {port}", "vite --port $PORT", "vite --port=${PORT}",
        "vite --open http://x:{port}/",
        "manage.py runserver {port}", "npx vite --port {port}",
    ])
    func placeholderKeepsTheCommandAsItIs(_ command: String) {
        #expect(completed(command) == command)
        #expect(flags(command).otherPort == nil)
    }

    @Test(arguments: [
        ("flask --app hello run", "flask --app hello run --port 8000"),
        ("flask -A hello --debug run --reload", "flask -A hello --debug run --reload --port 8000"),
        ("flask --app=hello run", "flask --app=hello run --port 8000"),
        ("python -m flask --app hello run", "python -m flask --app hello run --port 8000"),
        ("python3.12 -u -m uvicorn main:app", "python3.12 -u -m uvicorn main:app --port 8000"),
        ("uv run uvicorn main:app", "uv run uvicorn main:app --port 8000"),
        ("poetry run flask run", "poetry run flask run --port 8000"),
        ("python manage.py runserver", "python manage.py runserver 8000"),
        ("./manage.py runserver --settings shop.dev", "./manage.py runserver 8000 --settings shop.dev"),
        ("uv run manage.py runserver", "uv run manage.py runserver 8000"),
        ("uv run python manage.py runserver -v 2", "uv run python manage.py runserver 8000 -v 2"),
        ("python -m django runserver", "python -m django runserver 8000"),
        ("php artisan serve --host=0.0.0.0", "php artisan serve --host=0.0.0.0 --port 8000"),
        ("uv run --with x uvicorn main:app", "uv run --with x uvicorn main:app"),
        ("python -c import_flask", "python -c import_flask"), ("pythonic -m flask run", "pythonic -m flask run"),
        ("php -S localhost:80", "php -S localhost:80"), ("php -d x=1 artisan serve", "php -d x=1 artisan serve"),
    ])
    func toolsOfPythonAndPHPAreFoundBehindTheirInterpreters(_ command: String, _ result: String) {
        #expect(completed(command) == result)
    }

    @Test(arguments: [
        ("runserver 4000", 4000), ("runserver 0.0.0.0:4000", 4000), ("runserver [::1]:4000 --noreload", 4000),
        ("runserver --settings x 4000", 4000), ("runserver 8000", nil), ("runserver 127.0.0.1:8000", nil),
        ("runserver --unknown x", nil),
    ])
    func addressOfRunserverKeepsTheCommandAsItIs(_ arguments: String, _ other: Int?) {
        let command = "python manage.py \(arguments)"
        #expect(completed(command) == command)
        #expect(flags(command).otherPort == other)
    }

    @Test func lastPortFlagAndPortZeroCountAsThePortOfTheCommand() {
        #expect(flags("vite --port 8000 --port 4000").otherPort == 4000)
        #expect(flags("vite --port 4000 --port 8000").otherPort == nil)
        #expect(flags("vite --port 0").otherPort == 0)
    }

    @Test func bytesThatAreNotUTF8StayAsTheyAre() {
        let words: [[UInt8]] = [Array("vite".utf8), [0x2E, 0x2F, 0xFF, 0xFE]]
        let added = ["--port", "8000", "--strictPort"].map { Array($0.utf8) }
        #expect(PortFlags(words, port: Port(8000)!).words == words + added)
        #expect(PortFlags([[0xFF]], port: Port(8000)!).words == [[0xFF]])
        #expect(PortFlags([], port: Port(8000)!).words.isEmpty)
    }
}
