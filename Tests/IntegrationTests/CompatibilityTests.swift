import Testing

/// The documented shell sessions of port-manager, PortManager, PortManager's leases and get-port, each pasted line by
/// line into a network namespace of its own. ``QuickStartTests`` has that of the port-server/portctl pair.
@Suite struct CompatibilityTests {
    private let sandbox = try! Sandbox()

    /// Stand-ins for the programs that the sessions start: each prints its arguments, and `node` is a web server.
    private static let programs = #"""
        mkdir stubs && PATH=$PWD/stubs:$PATH
        for name in npm docker python start-db.sh; do
            printf '#!/bin/sh\necho "%s $* PORT=$PORT DB_PORT=$DB_PORT"\n' $name > stubs/$name && chmod +x stubs/$name
        done
        cp stubs/start-db.sh .
        cat > stubs/node <<'PYTHON' && chmod +x stubs/node
        #!/usr/bin/env python3
        import http.server, os
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.end_headers()
                self.wfile.write(f"served {self.path}\n".encode())
            def log_message(self, *rest):
                pass
        http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
        PYTHON
        cargo() { if [ "$3" = daemon ]; then port-server --legacy-ports; else shift 4; portctl "$@"; fi; }
        until_served() { wait_until curl -sf $1; }
        export PORT_SERVER_LISTEN=

        """#

    @Test func sessionOfPortManagerWorks() throws {
        let outcome = try sandbox.shell(
            Self.programs + #"""
                npx() { shift; port-manager "$@"; }
                npx @gosiki-os/port-manager 3000
                npx @gosiki-os/port-manager 3000
                npx @gosiki-os/port-manager --release 3001
                npx @gosiki-os/port-manager --list | sed 's/since .*/since/'
                npx @gosiki-os/port-manager --help | grep -o 'USAGE: port-manager'
                npx @gosiki-os/port-manager
                npx @gosiki-os/port-manager 8080
                npx @gosiki-os/port-manager --list --json | grep -c '"allocatedAt" : "2'
                npx @gosiki-os/port-manager --list --json | grep -c '"pid" : [0-9]'
                npx @gosiki-os/port-manager 3000 --label web
                portctl stop >/dev/null
                """#,
            ownNetwork: true
        )
        #expect(
            outcome.lines == [
                "Port Manager: Allocated port 3000.", "Port Manager: Allocated port 3001.",
                "Port Manager: Released port 3001.", "Port Manager: 1 port is allocated.",
                "3000  unnamed  since", "USAGE: port-manager", "Port Manager: Allocated port 3001.",
                "Port Manager: Allocated port 8080.", "3", "3", "Port Manager: Allocated port 3002.",
            ],
            "\(outcome.errors)"
        )
    }

    @Test func sessionOfThePortManagerCLIWorks() throws {
        let outcome = try sandbox.shell(
            Self.programs + #"""
                node() { shift; port-manager "$@"; }
                is_served() { port-manager --probe $1 | grep -q 'is in use'; }
                serve() { PORT=$1 command node server.js & wait_until is_served $1; }
                masked() { sed -E 's/(PID:? ?|"pid" : )[0-9]+/\1N/; s/group [0-9a-f]{12}/group ID/'; }
                node core/port-manager/cli.mjs --allocate
                node core/port-manager/cli.mjs --allocate --app miyabi --worktree feature/new-ui
                node core/port-manager/cli.mjs --allocate-group 3 --roles frontend,backend,test --app miyabi | masked
                serve 3002
                node core/port-manager/cli.mjs --dashboard | masked
                node core/port-manager/cli.mjs --reserve 11434
                node core/port-manager/cli.mjs --detect 3002 | masked
                node core/port-manager/cli.mjs --detect 3002 --json | masked
                node core/port-manager/cli.mjs --kill-port 3002 --force | masked
                serve 11435
                node core/port-manager/cli.mjs --reserve 11435 --json | grep status || echo "exit $?"
                node core/port-manager/cli.mjs --release 11434
                serve 11434
                node core/port-manager/cli.mjs --reserve 11434 --kill --json | masked
                node core/port-manager/cli.mjs --detect 11434
                node core/port-manager/cli.mjs --cleanup --json
                node core/port-manager/cli.mjs --dashboard
                node core/port-manager/cli.mjs --kill-port 11435 >/dev/null
                portctl stop >/dev/null
                """#,
            ownNetwork: true
        )
        #expect(
            outcome.output == """
                Port Manager: Allocated port 3000.
                Port Manager: Allocated port 3001.
                Port Manager: Allocated port group ID.
                frontend: 3002
                backend: 3003
                test: 3004
                Port Manager - Port Allocations
                =============================

                📦 App: miyabi
                  🌿 Worktree: default
                     frontend   3002  [ACTIVE] python3 (PID N)
                     backend    3003  [FREE]
                     test       3004  [FREE]
                  🌿 Worktree: feature/new-ui
                     port       3001  [FREE]

                📦 App: unnamed
                  🌿 Worktree: default
                     port       3000  [FREE]
                Port Manager: Port 11434 is now reserved.
                Port Manager: Port 3002 is currently occupied.
                Process: python3 (PID: N)
                No action was taken.
                {
                  "message" : "Port is occupied. No action taken.",
                  "port" : 3002,
                  "process" : {
                    "name" : "python3",
                    "pid" : N
                  },
                  "status" : "occupied"
                }
                Port Manager: Port 3002 was occupied by PID N.
                Port Manager has safely terminated the process.
                PortShot was prevented.
                  "status" : "blocked"
                Port Manager: Released port 11434.
                {
                  "killed" : true,
                  "message" : "Port successfully reserved.",
                  "port" : 11434,
                  "process" : {
                    "name" : "python3",
                    "pid" : N
                  },
                  "status" : "reserved"
                }
                Port Manager: Port 11434 is not in use.
                {
                  "cleaned" : true,
                  "count" : 6,
                  "message" : "Allocations cleaned up.",
                  "status" : "cleanup"
                }
                Port Manager - Port Allocations
                =============================

                No ports are allocated.

                """,
            "\(outcome.errors)"
        )
    }

    @Test func sessionOfPortManagersLeasesWorks() throws {
        let outcome = try sandbox.shell(
            Self.programs + #"""
                cargo run -p daemon &
                until_served http://localhost:3030/list
                cargo run -p client -- run my-api -- npm start
                PORT=$(cargo run -p client -- alloc my-db | tail -1 | awk '{print $3}')
                docker run -p $PORT:5432 postgres
                cargo run -p client -- run my-server -- npm start
                cargo run -p client -- run my-db --env-name DB_PORT -- ./start-db.sh
                cargo run -p client -- run my-service --ttl 600 -- python server.py
                cargo run -p client -- alloc my-fast-api
                cargo run -p client -- list | grep -c my-fast-api
                cargo run -p client -- release 8001
                cargo run -p client -- alloc my-backend
                cargo run -p client -- lookup my-backend
                curl -s -X POST http://localhost:3030/alloc \
                  -H "Content-Type: application/json" \
                  -d '{"service_name": "my-api", "ttl_seconds": 300}' | grep -o '"port":8006,"service_name":"my-api"'
                curl -s "http://localhost:3030/lookup?service=my-api" | grep -o '^{"all_ports":\[8006\],"lease":{'
                cargo run -p client -- run my-postgres -- docker run -p \$PORT:5432 postgres
                cargo run -p client -- run backend -- node server.js &
                wait_until cargo run -p client -- lookup backend
                BACKEND_PORT=$(cargo run -p client -- lookup backend)
                until_served "http://localhost:$BACKEND_PORT/"
                curl -s "http://localhost:$BACKEND_PORT/api/health"
                portctl kill $BACKEND_PORT >/dev/null
                portctl stop >/dev/null
                """#,
            ownNetwork: true
        )
        // Other services get a released port last, so each name has its own port; `run my-db` has the leased one.
        let expected = [
            "npm start PORT=8000 DB_PORT=", "docker run -p 8001:5432 postgres PORT= DB_PORT=",
            "npm start PORT=8002 DB_PORT=", "start-db.sh  PORT= DB_PORT=8001", "python server.py PORT=8003 DB_PORT=",
            "Allocated port: 8004", "1", "Released port: 8001", "Allocated port: 8005", "8005",
            #""port":8006,"service_name":"my-api""#, #"{"all_ports":[8006],"lease":{"#,
            "docker run -p 8007:5432 postgres PORT=8007 DB_PORT=", "served /api/health",
        ]
        #expect(outcome.lines == expected, "\(outcome.errors)")
        #expect(outcome.errors.contains("Allocated port 8002 for service 'my-server'\n"))
        #expect(outcome.errors.contains("Running: npm [\"start\"] with PORT=8002\n"))
    }

    @Test func sessionOfGetPortWorks() throws {
        let outcome = try sandbox.shell(
            Self.programs + #"""
                port-server --legacy-ports &
                until_served http://localhost:9876/health
                PORT=$(get-port windags-ai)
                echo $PORT
                npm run dev -- --port $PORT
                list-ports | sed "s/PID:$$ /PID:shell /"
                release-port windags-ai
                get-port my-project
                get-port my-project 3221
                release-port my-project
                get-port my-project 3221
                PORT=$(get-port my-project)
                npm run dev -- --port $(get-port my-project)
                release-port 3221
                curl -s -X POST http://localhost:9876/ports/request \
                  -H 'Content-Type: application/json' \
                  -H 'X-PID: $$' \
                  -d '{"project": "my-app", "preferred": 3221}'
                echo
                curl -s http://localhost:9876/ports/active | grep -o '"pid":null,"port":3221,"project":"my-app"'
                curl -s -X DELETE http://localhost:9876/ports/release \
                  -H 'Content-Type: application/json' \
                  -d '{"project": "my-app"}'
                echo
                curl -s -X POST http://localhost:9876/ports/cleanup
                echo
                curl -s http://localhost:9876/health | grep -o '^{"active_ports":0,"pid":'
                export FRONTEND_PORT=$(get-port frontend)
                export BACKEND_PORT=$(get-port backend)
                echo $FRONTEND_PORT $BACKEND_PORT
                PORT=$(get-port my-django-app) && python manage.py runserver $PORT
                portctl stop >/dev/null
                """#,
            ownNetwork: true
        )
        let expected = [
            "3100", "npm run dev -- --port 3100 PORT= DB_PORT=",
            "PORTCTL - Active Port Assignments", String(repeating: "=", count: 60),
            "3100 | windags-ai | PID:shell | ✅ | 0m ago", "Total: 1 port(s)",
            "released 1 port(s) for project windags-ai",
            // A port that another project had is given last.
            "3101", "3101", "released 1 port(s) for project my-project", "3221",
            "npm run dev -- --port 3221 PORT= DB_PORT=", "released port 3221",
            #"{"existing":false,"message":"assigned preferred port","port":3221}"#,
            #""pid":null,"port":3221,"project":"my-app""#,
            #"{"message":"released 1 port(s) for project my-app","success":true}"#,
            #"{"count":0,"freed":[]}"#, #"{"active_ports":0,"pid":"#, "3101 3102",
            "python manage.py runserver 3103 PORT= DB_PORT=",
        ]
        #expect(outcome.lines == expected, "\(outcome.errors)")
    }
}
