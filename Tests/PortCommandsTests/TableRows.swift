import PortAPI

@testable import PortCommands

/// What the tests of tables have in common: a registry as people have it, and displays.
enum TableRows {
    /// A window of `width` columns; `nil` for a pipe.
    static func display(_ width: Int?, isColored: Bool = false) -> Display {
        var display = Display(now: 1_739_027_225)
        display.localTime = { $0 == 1_739_027_045 ? "2025-02-09 00:04:05" : "2025-02-09 00:06:\($0 % 60 + 10)" }
        guard let width else { return display }
        display.isTerminal = true
        display.width = width
        display.isColored = isColored
        display.hasSigns = true
        display.home = "/home/ann"
        return display
    }

    private static let created = "2025-02-08T15:04:05Z"

    private static func allocation(
        _ id: Int64,
        _ names: (String, String, String),
        _ port: Int,
        _ state: String,
        directory: String?,
        holds: [HoldDTO],
        occupier: ProcessDTO? = nil
    ) -> AllocationBody {
        var body = AllocationBody(
            id: id,
            app: names.0,
            instance: names.1,
            service: names.2,
            port: port,
            createdAt: created
        )
        body.state = state
        body.directory = directory
        body.holds = holds
        body.occupiers = occupier.map { [$0] }
        return body
    }

    private static func process(_ pid: Int32, _ name: String, _ words: [String], _ directory: String?) -> ProcessDTO {
        ProcessDTO(pid: pid, name: name, command: words, directory: directory)
    }

    private static var processHold: HoldDTO {
        var hold = HoldDTO(kind: "process", face: "leases")
        hold.ownerPID = 4242
        hold.ownerAlive = true
        return hold
    }

    private static var lastingHold: HoldDTO { HoldDTO(kind: "permanent", face: "registry") }

    private static let vite = process(
        4243,
        "node",
        ["/usr/bin/node", "/home/ann/code/shop/node_modules/.bin/vite", "--port", "3001"],
        "/home/ann/code/shop"
    )
    private static let foreign = process(99, "python3", ["python3", "-m", "http.server", "8000"], "/srv/other")

    static let allocations = [
        allocation(
            1,
            ("shop", "main", "web"),
            3001,
            "active",
            directory: vite.directory,
            holds: [processHold],
            occupier: vite
        ),
        allocation(
            2,
            ("analytics-platform", "feature/checkout-redesign-2025", "background-worker"),
            3002,
            "reserved",
            directory: "/home/ann/code/analytics-platform/.worktrees/checkout-redesign-2025",
            holds: [lastingHold]
        ),
        allocation(13, ("sticky", "default", "default"), 3103, "lingering", directory: nil, holds: []),
        allocation(
            114,
            ("shop", "main", "api"),
            8000,
            "conflict",
            directory: vite.directory,
            holds: [lastingHold],
            occupier: foreign
        ),
    ]

    static let listeners = [
        ListenerBody(
            port: 3001,
            address: "127.0.0.1",
            userID: 1000,
            processes: [vite],
            project: "shop/main",
            allocation: allocations[0]
        ),
        ListenerBody(port: 5432, address: "::", userID: 70, processes: [], project: nil, allocation: nil),
        ListenerBody(
            port: 8000,
            address: "0.0.0.0",
            userID: 1000,
            processes: [foreign],
            project: nil,
            allocation: allocations[3]
        ),
        ListenerBody(
            port: 9229,
            address: "127.0.0.1",
            userID: 1000,
            processes: [process(77, "worker", ["worker"], "/home/ann")],
            project: nil,
            allocation: nil
        ),
    ]

    static let entries = [
        JournalEntryDTO(
            at: "2025-02-08T15:06:50Z",
            action: "conflict",
            face: "registry",
            caller: "registry",
            service: "shop/main/api",
            port: 8000,
            reason: "python3 (pid 99) listens on its port"
        ),
        JournalEntryDTO(
            at: "2025-02-08T15:05:05Z",
            action: "owner_exited",
            face: "projects",
            caller: "projects",
            service: "sticky/default/default",
            port: 3103,
            reason: "process 31337 has ended"
        ),
        JournalEntryDTO(
            at: created,
            action: "allocated",
            face: "registry",
            caller: "pid 4802",
            service: "shop/main/api",
            port: 8000,
            reason: "port 3000, which shop/main/api had last, is allocated to analytics-platform/main/web"
        ),
    ]

    /// Names that no service may have, but processes, folders and older registries may.
    static let hostileTexts = [
        "\u{1B}[2Jevil\n\ttab\u{7}", "\u{202E}gnp.exe", "日本語の長い名前のサービスです",
        "👩‍👩‍👧‍👧🇩🇪👍🏽 emoji", "e\u{301}\u{302}\u{303}\u{304}xyz",
        "שלום עולם", "की की की", "\u{200B}\u{200D}\u{FEFF}", "", " ", "…", String(repeating: "long ", count: 900),
        String(repeating: "字", count: 300), "a/b/\u{9B}31m", "\u{301}", "ﷺﷺﷺ",
    ]
}
