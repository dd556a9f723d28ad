import Testing

/// The quick start of the port-server/portctl pair, pasted line by line into a network namespace of its own.
@Suite struct QuickStartTests {
    @Test func everyCommandPrintsItsDocumentedOutput() throws {
        let sandbox = try Sandbox()
        let directory = try sandbox.makeRepository("myapp")
        let outcome = try sandbox.shell(
            """
            unset PORT_SERVER_LISTEN
            portctl start
            portctl allocate --instance dev --service postgres
            portctl allocate --instance dev --service web --port 8080
            portctl list
            portctl check --port 3000 || echo "exit $?"
            portctl release --id 1
            curl -s http://127.0.0.1:51234/healthz; echo
            portctl stop
            """,
            in: directory,
            ownNetwork: true
        )
        #expect(outcome.status == 0)
        #expect(outcome.errorsOfTheMachine == "")
        let lines = outcome.lines.map { line in
            line.replacing(#/pid \d+/#, with: "pid 12345")
                .replacing(#/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/#, with: "2025-02-08 15:04:05")
        }
        #expect(
            lines == [
                "port-server started (pid 12345)",
                "allocated port 3000 (id=1) for myapp/dev/postgres",
                "allocated port 8080 (id=2) for myapp/dev/web",
                "ID  APP    INSTANCE  SERVICE   PORT  CREATED",
                "1   myapp  dev       postgres  3000  2025-02-08 15:04:05",
                "2   myapp  dev       web       8080  2025-02-08 15:04:05",
                "port 3000 is allocated to myapp/dev/postgres (id=1)",
                "exit 1",
                "released allocation 1",
                #"{"status":"ok"}"#,
                "port-server stopped (pid 12345)",
            ]
        )
    }
}
