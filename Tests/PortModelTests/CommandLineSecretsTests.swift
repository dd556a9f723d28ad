import PortModel
import Testing

/// What looks like a secret is left out of a command line, and nothing else is.
@Suite struct CommandLineSecretsTests {
    static let hidden: [(arguments: [String], shown: [String])] = [
        (
            ["sh", "-c", "mysql -psecret db && curl -u me:pw http://h"],
            ["sh", "-c", "mysql -p*** db && curl -u *** http://h"]
        ),
        (["code --type=x --password abc --port 1"], ["code --type=x --password *** --port 1"]),
        (
            ["x", "--password", "abc"],
            ["x", "--password", "***"]
        ),
        (
            [
                "x", "--pass", "a", "--private-key", "b", "--storepass", "c", "--psk", "d", "--pin", "1234", "--jwt",
                "e",
            ],
            [
                "x", "--pass", "***", "--private-key", "***", "--storepass", "***", "--psk", "***", "--pin", "***",
                "--jwt", "***",
            ]
        ),
        (
            ["env", "PASS=a", "JWT_KEY=b", "SECRET_KEY_BASE=c", "x", "--secret-key-base=d", "--basic-auth", "u:p"],
            [
                "env", "PASS=***", "JWT_KEY=***", "SECRET_KEY_BASE=***", "x", "--secret-key-base=***", "--basic-auth",
                "***",
            ]
        ),
        (
            ["x", "--cookie", "session=a", "--sessionid", "b", "pass:c", "Server=h;Pwd=d;", "xoxb-1234-SLACK1"],
            ["x", "--cookie", "***", "--sessionid", "***", "pass:***", "Server=h;Pwd=***;", "***"]
        ),
        (
            ["x", "--password=a b;c"],
            ["x", "--password=***"]
        ),
        (
            ["x", "--token=abc"],
            ["x", "--token=***"]
        ),
        (
            ["x", "--api-key", "k", "y"],
            ["x", "--api-key", "***", "y"]
        ),
        (
            ["x", "--apiKey=k"],
            ["x", "--apiKey=***"]
        ),
        (
            ["/usr/bin/mysqldump", "-psecret", "-P3306", "db"],
            ["/usr/bin/mysqldump", "-p***", "-P3306", "db"]
        ),
        (
            ["env", "DB_PASSWORD=x", "AWS_SECRET_ACCESS_KEY=y", "PGPASSWORD=z", "MYSQL_PWD=w", "PWD=/x", "node"],
            [
                "env", "DB_PASSWORD=***", "AWS_SECRET_ACCESS_KEY=***", "PGPASSWORD=***", "MYSQL_PWD=***", "PWD=/x",
                "node",
            ]
        ),
        (
            ["x", "postgres://u:p@ss@h:5432/db?sslmode=off"],
            ["x", "postgres://u:***@h:5432/db?sslmode=off"]
        ),
        (
            ["x", "https://h/?token=abc&x=1"],
            ["x", "https://h/?token=***&x=1"]
        ),
        (
            ["curl", "-H", "Authorization: Bearer abcdefghijklmnopqrst", "http://h"],
            ["curl", "-H", "Authorization: ***", "http://h"]
        ),
        (
            ["curl", "-H", "X-Api-Key: abc"],
            ["curl", "-H", "X-Api-Key: ***"]
        ),
        (
            ["curl", "-u", "me:pw", "-ume:pw"],
            ["curl", "-u", "***", "-u***"]
        ),
        (
            ["sh", "-c", "TOKEN=abc exec node --port=3000"],
            ["sh", "-c", "TOKEN=*** exec node --port=3000"]
        ),
        (
            ["x", "ghp_0123456789abcdefghij"],
            ["x", "***"]
        ),
        (
            ["x", "sk-proj-0123456789abcdefghij"],
            ["x", "***"]
        ),
        (
            ["x", "AKIAIOSFODNN7EXAMPLE"],
            ["x", "***"]
        ),
        (
            ["x", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc"],
            ["x", "***"]
        ),
        (
            ["java", "-Ddb.password=x", "-jar", "a.jar"],
            ["java", "-Ddb.password=***", "-jar", "a.jar"]
        ),
        (
            ["x", "Server=h;Password=abc;User=u"],
            ["x", "Server=h;Password=***;User=u"]
        ),
        (
            ["x", "{\"password\": \"abc\", \"port\": 1}"],
            ["x", "{\"password\": \"***\", \"port\": 1}"]
        ),
        (
            ["redis-server", "--requirepass", "abc"],
            ["redis-server", "--requirepass", "***"]
        ),
    ]

    @Test(arguments: hidden)
    func secretsAreLeftOut(_ arguments: [String], _ shown: [String]) {
        #expect(CommandLineSecrets.removed(from: arguments) == shown)
    }

    static let harmless: [[String]] = [
        ["mysql", "-p", "db"],
        [
            "x", "--passthrough", "a", "--pass-through-env", "b", "--pin-memory", "c", "--authority", "localhost",
            "--cookie-secure", "d", "PWD=/x", "--key=v",
        ],
        ["node", "-p", "1"],
        [
            "x", "--port=3000", "--token-file", "p", "--password-stdin", "--no-password", "srv.js", "--max-tokens",
            "100", "--secret-name=n",
        ],
        ["git", "show", "0123456789abcdef0123456789abcdef01234567"],
        [
            "sk-learn-server-of-some-kind", "--tokenizer", "bert", "--key", "a.pem",
            "http://localhost:3000/@vite/client",
        ],
        ["python3", "-c", "if password == x: pass"],
        ["ssh", "-L", "3000:localhost:3000", "me@h"],
        ["node", "server.js", "--port=3000", "--host", "127.0.0.1"], [],
    ]

    @Test(arguments: harmless)
    func otherArgumentsStayAsTheyAre(_ arguments: [String]) {
        #expect(CommandLineSecrets.removed(from: arguments) == arguments)
    }

    @Test func occupierShowsItsArgumentsOnlyWithoutSecrets() {
        let arguments = ["psql", "postgres://shop:hunter2@localhost/shop"]
        var occupier = Occupier(
            pid: 1,
            startTime: 1,
            name: "psql",
            commandLine: arguments,
            directory: nil,
            ancestors: []
        )
        let shown = ["psql", "postgres://shop:***@localhost/shop"]
        #expect(occupier.commandLine == shown)
        for text in ["\(occupier)", String(reflecting: occupier), "\([occupier])"] {
            #expect(!text.contains("hunter2"), "\(text)")
        }
        occupier.commandLine = arguments
        #expect(occupier.commandLine == shown)
    }
}
