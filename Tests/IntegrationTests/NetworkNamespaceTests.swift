import Foundation
import PortAPI
import Testing

/// Commands and a daemon in different network namespaces: sandboxes that share the user's home.
@Suite(.enabled(if: geteuid() == 0, "a network namespace needs root"))
struct NetworkNamespaceTests {
    private let sandbox = try! Sandbox()

    /// Runs a script in a namespace whose loopback is up: the machine of the test. `inside COMMAND` runs a command in a
    /// namespace of its own. `serve PORT FAMILY` starts a server in the namespace in which it is called, and `$server`
    /// is its pid.
    private func machine(_ script: String) throws -> Sandbox.Outcome {
        try sandbox.shell(
            """
            export PORT_SERVER_LISTEN=
            # Also when a command fails and ends the script.
            trap 'kill $server $inhabitant 2>/dev/null || true' EXIT
            inside() { unshare --net "$@"; }
            serve() {
                mkfifo ready.$1
                python3 -u -c "
            import signal, socket
            server = socket.create_server(('127.0.0.1', $1))
            print('ready', flush=True)
            signal.pause()" >ready.$1 2>/dev/null &
                server=$!
                read started <ready.$1
            }
            \(script)
            """,
            ownNetwork: true
        )
    }

    @Test func daemonThatWasBornInAFinishedSandboxIsReplacedAtTheNextCommand() throws {
        let outcome = try machine(
            """
            serve 3000
            inside portctl port web
            portctl status --json | grep -o '"sandbox"'
            portctl port web2 2>errors
            portctl who 3000 | grep -c "python3 (pid $server) listens on 127.0.0.1:3000"
            portctl lookup web
            sed 's/[0-9][0-9]*/N/g' errors
            curl -s 127.0.0.1:51234/healthz
            portctl stop >/dev/null
            kill $server
            """
        )
        #expect(
            outcome.lines.prefix(7) == [
                "3000", #""sandbox""#, "3001", "1", "3000",
                "port-server ends, because nobody else lives in its network namespace (net:[N])",
                "port-server started (pid N)",
            ],
            "\(outcome.output)\(outcome.errors)"
        )
        #expect(outcome.output.contains(#"{"status":"ok"}"#))
        #expect(outcome.errors.contains("warning: port-server runs in a network namespace of its own, net:["))
    }

    @Test func scriptsAreWarnedThatTheDaemonWasStartedInASandbox() throws {
        let outcome = try machine(
            """
            inside portctl list --json 2>json >/dev/null
            portctl stop >/dev/null
            inside portctl run --quiet web -- true 2>quiet
            portctl stop >/dev/null
            for errors in json quiet; do grep -c 'warning: port-server runs in a network namespace of' $errors; done
            cat json quiet | grep 'port-server started' || echo nothing else
            """
        )
        #expect(outcome.lines == ["1", "1", "nothing else"], "\(outcome.output)\(outcome.errors)")
    }

    @Test func daemonInALivingSandboxServesTheMachineButAnswersNothingAboutListeners() throws {
        let outcome = try machine(
            """
            serve 3000
            mkfifo up
            unshare --net sh -c 'ip link set lo up; portctl start >/dev/null 2>&1; echo up >up; exec sleep 600' &
            inhabitant=$!
            read started <up
            before=$(portctl status --json | grep -o '"pid" : [0-9]*')
            portctl port web 2>>notes
            for command in "who 3000" "ps" "check --port 3000" "kill 3000 --yes" "reserve 3000 --kill --yes"; do
                portctl $command 2>>errors && echo "$command: done"
            done || true
            portctl status | grep network
            portctl doctor || echo "doctor: $?"
            [ "$before" = "$(portctl status --json | grep -o '"pid" : [0-9]*')" ] && echo same daemon
            kill -0 $server && echo server lives
            kill $inhabitant
            wait $inhabitant || true
            portctl who 3000 2>/dev/null | grep -o 'listens on 127.0.0.1:3000' || echo nobody
            portctl stop >/dev/null
            kill $server
            echo -- errors; cat errors; echo -- notes; cat notes
            """
        )
        let text = "\(outcome.output)\(outcome.errors)"
        #expect(outcome.status == 0, "\(text)")
        #expect(!outcome.output.contains(": done"), "\(text)")
        let refusals = outcome.lines.filter { $0.contains("it cannot see who listens there") }
        #expect(refusals.count == 5, "\(text)")
        #expect(refusals.allSatisfy { $0.components(separatedBy: "net:[").count == 3 }, "\(text)")
        #expect(outcome.output.contains("warning: port-server runs in network namespace net:["), "\(text)")
        #expect(outcome.output.contains("✗ network: the daemon runs in network namespace net:["), "\(text)")
        #expect(outcome.output.contains("! http: 127.0.0.1:51234 is open in the daemon's network namespace"), "\(text)")
        #expect(outcome.output.contains("doctor: 1") && outcome.output.contains("network:      net:["), "\(text)")
        #expect(outcome.lines.contains("same daemon") && outcome.lines.contains("server lives"), "\(text)")
        #expect(outcome.lines.contains("listens on 127.0.0.1:3000"), "\(text)")
    }

    @Test func sandboxedCommandLeavesTheDaemonOfTheMachineAlone() throws {
        let outcome = try machine(
            """
            portctl start >/dev/null 2>&1
            before=$(portctl status --json | grep -o '"pid" : [0-9]*')
            inside portctl port web 2>&1 >/dev/null | grep -c 'ports are checked there, not here'
            inside get-port shop 2>&1 >/dev/null | grep -c 'ports are checked there, not here'
            inside portctl group allocate 2 2>&1 >/dev/null | grep -c 'ports are checked there, not here'
            inside portctl alloc job 2>&1 >/dev/null | grep -c 'ports are checked there, not here'
            inside portctl lookup web 2>&1 >/dev/null | grep -c 'ports are checked there, not here'
            inside portctl dashboard 2>&1 | grep -c 'states and processes are those of there'
            inside port-manager --reserve 3500 2>&1 | grep -c 'ports are checked there, not here'
            inside portctl who 3000 2>&1 | grep -c 'it cannot see who listens there'
            # curl sends no header: its process counts.
            inside curl -s --unix-socket $PORT_SERVER_HOME/port-server.sock http://localhost/v1/ports/3000
            echo
            curl -s --unix-socket $PORT_SERVER_HOME/port-server.sock http://localhost/v1/ports/3900
            echo
            [ "$before" = "$(portctl status --json | grep -o '"pid" : [0-9]*')" ] && echo same daemon
            portctl stop >/dev/null
            """
        )
        let text = "\(outcome.output)\(outcome.errors)"
        #expect(Array(outcome.lines.prefix(8)) == Array(repeating: "1", count: 8), "\(text)")
        #expect(outcome.lines.dropFirst(8).first?.contains(#""code":"other_namespace""#) == true, "\(text)")
        #expect(
            outcome.lines.suffix(2) == [#"{"available":true,"in_use":false,"port":3900}"#, "same daemon"],
            "\(text)"
        )
    }

    @Test func ordinaryUserIsHelpedLikeRoot() throws {
        let outcome = try machine(
            """
            chmod 755 \(sandbox.root) \(sandbox.root)/user
            as_user() { setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; }
            mkdir \(sandbox.root)/theirs && chown 65534 \(sandbox.root)/theirs
            export HOME=\(sandbox.root)/theirs PORT_SERVER_HOME=\(sandbox.root)/theirs/home
            cd \(sandbox.root)/theirs
            as_user unshare --user --map-root-user --net portctl port web 2>&1 | grep -c 'network namespace of its own'
            as_user portctl port web2 2>&1 | grep -c 'nobody else lives in its network namespace'
            as_user portctl status --json | grep -o 'net:[^"]*'
            readlink /proc/self/ns/net
            as_user portctl stop >/dev/null
            """
        )
        #expect(outcome.lines.prefix(2) == ["1", "1"], "\(outcome.output)\(outcome.errors)")
        #expect(outcome.lines.count == 4 && outcome.lines[2] == outcome.lines[3], "\(outcome.output)\(outcome.errors)")
    }

    @Test func daemonThatACommandMayNotReplaceServesIt() throws {
        let outcome = try machine(
            """
            inside portctl start >/dev/null 2>&1
            PORTCTL_AUTOSTART=0 portctl port web 2>&1
            portctl health
            portctl stop >/dev/null
            """
        )
        #expect(outcome.lines.suffix(2) == ["3000", "healthy"], "\(outcome.output)\(outcome.errors)")
        #expect(outcome.output.hasPrefix("warning: port-server runs in network namespace net:["), "\(outcome.output)")
    }

    @Test func containerWithAnInterfaceIsNoSandbox() throws {
        let outcome = try machine(
            """
            unshare --net --pid --fork --mount-proc sh -e -c '
                ip link add veth0 type veth peer name veth1
                portctl start; portctl doctor | grep network || echo nothing; portctl stop >/dev/null'
            unshare --net --pid --fork --mount-proc sh -e -c 'portctl start; portctl stop >/dev/null'
            """
        )
        #expect(outcome.lines.contains("nothing"), "\(outcome.output)\(outcome.errors)")
        let warnings = outcome.errors.split(separator: "\n").filter { $0.contains("network namespace of its own") }
        #expect(warnings.count == 1 && warnings[0].contains("it has no network but loopback"), "\(outcome.errors)")
    }
}
