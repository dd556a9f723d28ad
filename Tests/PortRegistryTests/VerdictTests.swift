import PortModel
import PortTestSupport
import Testing

@testable import PortRegistry

/// The verdict as a pure decision: one process, one service, and what is known about both.
@Suite struct VerdictTests {
    private let shop = DirectoryStamp(inode: 5, birthTime: 100, device: 1)
    private let checkout = ProcessPlace.Step.test("/shop")

    private func hold(_ pid: Int32?, command: Bool = false, for directory: DirectoryStamp? = nil) -> Hold {
        let owner = pid.map { Owner(pid: $0, startTime: 10, pidfdInode: nil, boot: "b") }
        return Hold(
            id: 1,
            face: .registry,
            placedAt: Timestamp(milliseconds: 0),
            renewedAt: Timestamp(milliseconds: 0),
            lifetime: owner.map { .process($0, grace: 0, ttl: nil, deadline: nil) } ?? .permanent,
            origin: Hold.Origin(directory: directory, processTime: 10, isCommand: command)
        )
    }

    /// A service whose id is 7, with the directory `/shop` unless `directory` is `nil`.
    private func service(
        _ holds: [Hold],
        directory: DirectoryState?? = .none,
        knownSocket: UInt32? = nil,
        tolerated: UInt32? = nil,
        owners: [Int32: Set<Int64>] = [:],
        recorded: Set<String> = [],
        persons: Set<UInt32> = [],
        proven: [ProvenListener: DirectoryStamp?] = [:]
    ) throws -> ServiceFacts {
        let state = directory ?? .present(shop, checkout: checkout)
        var owners = owners
        for owner in holds.compactMap(\.livingOwner) { owners[owner.pid, default: []].insert(7) }
        return ServiceFacts(
            registry: "r",
            allocation: Allocation(
                id: 7,
                identity: try ServiceIdentity(app: "shop", instance: "main", service: "web"),
                replica: 0,
                port: Port(3000)!,
                directory: state == nil ? nil : "/shop",
                createdAt: Timestamp(milliseconds: 0),
                holds: holds
            ),
            knownSocket: knownSocket,
            toleratedSocket: tolerated,
            directory: state,
            owners: owners,
            recordedDirectories: recorded,
            otherPersons: persons,
            proven: proven
        )
    }

    private func process(
        _ pid: Int32 = 77,
        name: String = "node",
        in directory: String? = "/elsewhere",
        checkout: String? = nil,
        below ancestors: [Int32] = [],
        mark: ServiceMark? = nil,
        startedAt start: Int64 = 20,
        adoptedSince: Int64? = nil,
        removed: String? = nil
    ) -> Occupier {
        Occupier(
            pid: pid,
            startTime: start,
            name: name,
            directory: directory,
            removedDirectory: removed,
            place: directory.map { .test($0, checkout: checkout) },
            mark: mark,
            ancestors: ancestors,
            adoptedSince: adoptedSince
        )
    }

    private func verdict(
        _ service: ServiceFacts,
        _ processes: Occupier...,
        user: UInt32 = 1000
    ) -> (Verdict, VerdictReason?) {
        var listener = Listener.test(3000, by: processes)
        listener.userID = user
        let verdict = service.verdict(on: [listener])
        return (verdict.verdict, verdict.deciding?.reason)
    }

    // MARK: mine

    @Test func ownerItselfIsMineWhereverItRuns() throws {
        let owner = process(in: "/other", checkout: "/other", startedAt: 10)
        #expect(verdict(try service([hold(77)]), owner) == (.mine, .owner))
    }

    @Test func laterProcessWithThePidOfAnOwnerIsNotTheOwner() throws {
        let later = process(in: "/other", checkout: "/other", startedAt: 11)
        #expect(verdict(try service([hold(77)]), later) == (.foreign, .otherCheckout("/other")))
    }

    @Test func descendantOfAnOwnerIsMine() throws {
        let found = verdict(try service([hold(10)]), process(below: [50, 10]))
        #expect(found == (.mine, .descendant(of: 10)))
    }

    @Test func processInTheServicesCheckoutIsMine() throws {
        let found = verdict(try service([hold(nil)]), process(in: "/shop/web", checkout: "/shop"))
        #expect(found == (.mine, .ownCheckout("/shop")))
    }

    @Test func processBelowTheDirectoryOfAServiceWithoutGitIsMine() throws {
        let found = verdict(try service([hold(nil)], recorded: ["/shop"]), process(in: "/shop/web"))
        #expect(found == (.mine, .ownCheckout("/shop")))
    }

    @Test func checkoutThatIsMountedElsewhereIsTheSameCheckout() throws {
        var mounted = process(in: "/mnt/shop", checkout: "/shop")
        mounted.place?.checkout?.path = "/mnt/shop"
        #expect(verdict(try service([hold(nil)]), mounted) == (.mine, .ownCheckout("/mnt/shop")))
    }

    @Test func markedProcessIsMineWithoutParentsAndDirectory() throws {
        let mark = ServiceMark(registry: "r", allocation: 7, directory: shop)
        let found = verdict(try service([hold(nil)]), process(in: "/", mark: mark, adoptedSince: 20))
        #expect(found == (.mine, .marked))
    }

    @Test func adoptedSocketIsMineWhereverItsProcessRuns() throws {
        let found = verdict(try service([hold(nil)], knownSocket: 3000), process(in: "/x", checkout: "/x"))
        #expect(found == (.mine, .adopted))
        #expect(verdict(try service([hold(nil)], knownSocket: 3000)) == (.mine, .adopted))
    }

    @Test func processThatWasProvenStaysMineAfterItLeftTheDirectory() throws {
        let left = process(in: "/", adoptedSince: 20)
        let known = ProvenListener(allocation: 7, process: left, socket: 3000)
        #expect(verdict(try service([hold(nil)], proven: [known: shop]), left) == (.mine, .provenBefore))
        // A later process with the same pid is another one.
        let later = process(in: "/x", checkout: "/x", startedAt: 30)
        #expect(verdict(try service([hold(nil)], proven: [known: shop]), later).0 == .foreign)
    }

    @Test func commandOfRunMayWorkInAnotherCheckout() throws {
        let other = process(in: "/other", checkout: "/other", below: [10])
        #expect(verdict(try service([hold(10, command: true)]), other) == (.mine, .descendant(of: 10)))
        #expect(verdict(try service([hold(10)]), other) == (.foreign, .otherCheckout("/other")))
    }

    // MARK: foreign

    @Test func processInAnotherWorktreeIsForeignEvenWithTheServicesMark() throws {
        let mark = ServiceMark(registry: "r", allocation: 7, directory: shop)
        let nested = process(in: "/shop/.worktrees/b/web", checkout: "/shop/.worktrees/b", mark: mark)
        #expect(verdict(try service([hold(nil)]), nested) == (.foreign, .otherCheckout("/shop/.worktrees/b")))
    }

    @Test func processInAnotherRecordedDirectoryIsForeign() throws {
        let found = verdict(try service([hold(nil)], recorded: ["/other"]), process(in: "/other/web"))
        #expect(found == (.foreign, .otherCheckout("/other")))
    }

    @Test func ownerWhoseDirectoryWasMadeAgainIsForeign() throws {
        let before = DirectoryStamp(inode: 4, birthTime: 50, device: 1)
        let old = try service([hold(77, command: true, for: before)])
        #expect(verdict(old, process(in: nil)) == (.foreign, .directoryReplaced("/shop")))
        let gone = try service([hold(77, command: true, for: shop)], directory: .missing(device: 1))
        #expect(verdict(gone, process(in: nil)) == (.foreign, .directoryRemoved("/shop")))
    }

    @Test func descendantOfAnOwnerOfAnEarlierDirectoryIsForeign() throws {
        let before = DirectoryStamp(inode: 5, birthTime: 50, device: 1)
        let found = verdict(try service([hold(10, for: before)]), process(below: [10]))
        #expect(found == (.foreign, .directoryReplaced("/shop")))
    }

    @Test func markOfAnEarlierDirectoryIsForeign() throws {
        let before = DirectoryStamp(inode: 4, birthTime: nil, device: 1)
        let mark = ServiceMark(registry: "r", allocation: 7, directory: before)
        let found = verdict(try service([hold(nil)]), process(in: "/shop", checkout: "/shop", mark: mark))
        #expect(found == (.foreign, .directoryReplaced("/shop")))
    }

    @Test func processWhoseWorkingDirectoryWasTheServicesIsForeignAfterItsRemoval() throws {
        let found = verdict(try service([hold(nil)]), process(in: nil, adoptedSince: 20, removed: "/shop"))
        #expect(found == (.foreign, .directoryReplaced("/shop")))
    }

    @Test func proofForAnEarlierDirectoryIsForeign() throws {
        let left = process(in: "/", adoptedSince: 20)
        let known = ProvenListener(allocation: 7, process: left, socket: 3000)
        let before = DirectoryStamp(inode: 4, birthTime: nil, device: 1)
        let found = verdict(try service([hold(nil)], proven: [known: before]), left)
        #expect(found == (.foreign, .directoryReplaced("/shop")))
    }

    @Test func fileSystemThatIsNotMountedRemovesNothing() throws {
        let unmounted = try service([hold(77, command: true, for: shop)], directory: .missing(device: 2))
        #expect(verdict(unmounted, process(in: nil, startedAt: 10)) == (.mine, .owner))
    }

    @Test func checkoutThatWasMovedIsStillTheServices() throws {
        let moved = ProcessPlace.Step(path: "/new/shop", device: 1, inode: 5)
        var server = process(in: "/new/shop", checkout: "/new/shop", below: [10])
        server.place?.checkout = moved
        let owned = try service([hold(10, for: shop)], directory: .missing(device: 1))
        #expect(verdict(owned, server) == (.mine, .descendant(of: 10)))
        let permanent = try service([hold(nil, for: shop)], directory: .missing(device: 1))
        #expect(verdict(permanent, server) == (.mine, .ownCheckout("/new/shop")))
    }

    @Test func serverThatWasProvenInADirectoryThatWasMovedIsForeignWhereAnotherIsInItsPlace() throws {
        let before = DirectoryStamp(inode: 4, birthTime: nil, device: 1)
        let aside = ProcessPlace.Step(path: "/aside", device: 1, inode: 4)
        var server = process(in: "/aside", checkout: "/aside")
        server.place = ProcessPlace(checkout: aside, directories: [aside])
        let known = ProvenListener(allocation: 7, process: server, socket: 3000)
        let found = verdict(try service([hold(nil, for: shop)], proven: [known: before]), server)
        #expect(found == (.foreign, .directoryReplaced("/shop")))
        // Without another, it is the service's, which has moved.
        let moved = try service([hold(nil, for: before)], directory: .missing(device: 1), proven: [known: before])
        #expect(verdict(moved, server).0 == .mine)
    }

    @Test func anotherDirectoryWithTheInodeOfOneThatIsGoneIsNotTheServices() throws {
        let later = ProcessPlace.Step(path: "/elsewhere", device: 1, inode: 5, birthTime: 200)
        var server = process(in: "/elsewhere", checkout: "/elsewhere")
        server.place = ProcessPlace(checkout: later)
        let gone = try service([hold(nil, for: shop)], directory: .missing(device: 1))
        #expect(verdict(gone, server) == (.foreign, .unrelated))
    }

    @Test func commandOfAnotherServiceIsForeignWhileTheServicesOwnerLives() throws {
        let sibling = process(in: "/shop", checkout: "/shop", below: [20, 10])
        let owned = try service([hold(10)], owners: [20: [8]])
        #expect(verdict(owned, sibling) == (.foreign, .ownerOfOthers))
        #expect(verdict(try service([hold(nil)], owners: [20: [8]]), sibling) == (.mine, .ownCheckout("/shop")))
        // One process, such as a shell, may own both.
        #expect(verdict(try service([hold(10)], owners: [20: [7, 8]]), sibling) == (.mine, .descendant(of: 20)))
    }

    @Test func socketOfAnotherPersonIsForeign() throws {
        let owned = try service([hold(nil)], persons: [1001])
        #expect(verdict(owned, user: 1001) == (.foreign, .anotherPerson(1001)))
        #expect(verdict(owned, user: 110) == (.unknown, .hidden(110)))
    }

    @Test func processWithoutAnyConnectionIsForeign() throws {
        #expect(verdict(try service([hold(nil)]), process()) == (.foreign, .unrelated))
        #expect(verdict(try service([hold(10)], directory: .some(nil)), process()) == (.foreign, .unrelated))
    }

    // MARK: unknown

    @Test(arguments: ["docker-proxy", "rootlesskit", "pasta", "gvproxy", "slirp4netns", "ssh", "kubectl"])
    func forwarderIsUnknown(_ name: String) throws {
        let found = verdict(try service([hold(nil)]), process(name: name, in: "/x", checkout: "/x"))
        #expect(found == (.unknown, .forwarder))
    }

    @Test func forwarderThatTheServicesCommandBecameIsMine() throws {
        #expect(verdict(try service([hold(77, command: true)]), process(name: "ssh", startedAt: 10)) == (.mine, .owner))
    }

    @Test func serviceWithNeitherDirectoryNorOwnerProvesNothing() throws {
        #expect(verdict(try service([hold(nil)], directory: .some(nil)), process()) == (.unknown, .nothingToCompare))
    }

    @Test func daemonWithoutACheckoutIsUnknownWhenItStartedAfterTheHold() throws {
        let placed = try service([hold(10)])
        #expect(verdict(placed, process(in: "/", adoptedSince: 20)) == (.unknown, .orphan))
        #expect(verdict(placed, process(in: "/", startedAt: 20, adoptedSince: 5)) == (.foreign, .unrelated))
        #expect(verdict(placed, process(in: "/x", checkout: "/x", adoptedSince: 20)).0 == .foreign)
    }

    @Test func processWhosePlaceIsHiddenIsUnknown() throws {
        #expect(verdict(try service([hold(10)]), process(in: nil)) == (.unknown, .placeHidden))
        #expect(verdict(try service([hold(10)]), process(in: nil, removed: "/x")) == (.foreign, .unrelated))
    }

    @Test func listenerThatARequestHasLetPassStaysUnknown() throws {
        #expect(verdict(try service([hold(10)], tolerated: 3000), process()) == (.unknown, .earlier))
        let elsewhere = process(in: "/x", checkout: "/x")
        #expect(verdict(try service([hold(10)], tolerated: 3000), elsewhere) == (.foreign, .otherCheckout("/x")))
    }

    @Test func markOfAnotherRegistryOrAllocationProvesNothing() throws {
        for mark in [("s", 7), ("r", 8)] {
            let mark = ServiceMark(registry: mark.0, allocation: Int64(mark.1), directory: nil)
            #expect(verdict(try service([hold(nil)]), process(in: "/tmp", mark: mark)) == (.foreign, .unrelated))
        }
    }

    @Test func nobodyListensIsNone() throws {
        #expect(try service([hold(nil)]).verdict(on: []) == ServiceVerdict.none)
    }

    // MARK: Several listeners

    @Test(
        arguments: [
            ("127.0.0.1", "::1", nil, Verdict.foreign), ("127.0.0.1", "0.0.0.0", nil, .mine),
            ("127.0.0.1", "::", nil, .foreign), ("0.0.0.0", "127.0.0.1", nil, .foreign),
            ("127.0.0.1", "127.0.0.9", nil, .mine), ("127.0.0.9", "10.0.0.1", "127.0.0.9", .mine),
            ("127.0.0.9", "10.0.0.1", nil, .foreign), ("::1", "127.0.0.1", "::1", .mine),
            ("127.0.0.9", "0.0.0.0", "127.0.0.9", .mine), ("127.0.0.1", "::", "127.0.0.1", .mine),
            ("127.0.0.9", "0.0.0.0", "127.0.0.1", .foreign), ("::", "0.0.0.0", "127.0.0.1", .foreign),
            ("127.0.0.9", "127.0.0.1", "0.0.0.0", .foreign), ("127.0.0.1", "::1", "[::]", .foreign),
            ("::1", "127.0.0.1", "[::ffff:127.0.0.1]", .foreign), ("127.0.0.1", "::1", "0:0:0:0:0:0:0:1", .foreign),
            ("127.0.0.1", "::1", "[::1%lo]", .foreign), ("::1", "127.0.0.1", "127.000.000.001", .foreign),
            ("::1", "::ffff:127.0.0.1", "127.0.0.1", .foreign),
        ]
    )
    func listenersThatTheAddressReachesCount(own: String, other: String, through: String?, expected: Verdict) throws {
        var mine = Listener.test(3000, by: [process(in: "/shop", checkout: "/shop")])
        mine.address = own
        var foreign = Listener.test(3000, by: [process(78, in: "/x", checkout: "/x")])
        foreign.address = other
        let service = try service([hold(nil)])
        let address = through.flatMap { LocalAddress($0) }
        #expect(service.verdict(on: [mine, foreign], through: address).verdict == expected)
    }

    @Test(arguments: [("127.0.0.1", Verdict.none), ("::1", .mine), ("localhost", .mine)])
    func listenerOfIPv6AloneIsNotReachedByIPv4(_ through: String, _ expected: Verdict) throws {
        var mine = Listener.test(3000, by: [process(in: "/shop", checkout: "/shop")])
        (mine.address, mine.isIPv6Only) = ("::", true)
        let address = LocalAddress(through)
        #expect(try service([hold(nil)]).verdict(on: [mine], through: address).verdict == expected)
        mine.isIPv6Only = false
        #expect(try service([hold(nil)]).verdict(on: [mine], through: address).verdict == .mine)
    }

    @Test(arguments: [
        "evil", "example.com", "1.2.3", "1.2.3.4.5", "256.0.0.1", ":::", "1::2::3", "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9", "12345::", "g::", "+1.0.0.1", "::1.2.3", "1:2:3:4:5:6:7::8", "0x7f.0.0.1",
    ])
    func textThatIsNoAddressIsNone(_ text: String) { #expect(LocalAddress(text) == nil) }

    @Test func oneForeignProcessOfASharedSocketIsEnough() throws {
        let own = process(in: "/shop", checkout: "/shop")
        let found = verdict(try service([hold(nil)]), own, process(78, in: "/x", checkout: "/x"))
        #expect(found == (.foreign, .otherCheckout("/x")))
        #expect(verdict(try service([hold(nil)]), own, process(78, name: "docker-proxy")).0 == .unknown)
    }

    @Test(arguments: [
        (true, true, Verdict.foreign, AllocationState.conflict), (true, true, .mine, .active),
        (true, true, .unknown, .active), (true, true, .none, .active), (true, false, .none, .reserved),
        (false, true, .mine, .lingering), (false, true, .foreign, .lingering),
    ])
    func stateFollowsFromTheVerdict(hasHolds: Bool, isHeld: Bool, verdict: Verdict, expected: AllocationState) {
        #expect(AllocationState(hasHolds: hasHolds, isHeld: isHeld, verdict: verdict) == expected)
    }
}

@Suite struct ServiceMarkTests {
    @Test(arguments: ["r:7:", "r:7:5.100.1", "r:7:5..1"]) func markIsReadAsItIsWritten(_ text: String) {
        #expect(ServiceMark(text)?.description == text)
    }

    @Test(arguments: ["", ":7:", "r:0:", "r:x:", "r:7", "r:7:5", "r:7:5.1", "r:7:5.x.1", "r:7:5.1.1:8"])
    func malformedMarkIsNone(_ text: String) { #expect(ServiceMark(text) == nil) }
}
