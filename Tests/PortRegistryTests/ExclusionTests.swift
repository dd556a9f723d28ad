import PortModel
import PortRegistry
import Testing

@Suite struct ExclusionTests {
    /// The list of https://fetch.spec.whatwg.org/#port-blocking on 2026-11-21, without 0.
    private static let fetchStandard = """
        1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 \
        123 135 137 139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 989 \
        990 993 995 1719 1720 1723 2049 3659 4045 4190 5060 5061 6000 6566 6665 6666 6667 6668 6669 6679 6697 10080
        """

    @Test func browserRefusedPortsMatchTheFetchStandard() {
        #expect(BrowserRefusedPorts.all.map(\.description) == Self.fetchStandard.split(separator: " ").map(String.init))
    }

    private let exclusions = PortExclusions.standard(
        firstUnprivileged: 1024,
        ephemeral: PortRange("32768-60999"),
        reserved: PortSet([Port(8081)!]),
        systemServices: PortSet([Port(5000)!]),
        ownPorts: [51234],
        configured: PortSet([Port(9999)!])
    )

    @Test(arguments: [
        (80, "port 80 is privileged: this user may bind 1024 and above"),
        (40000, "port 40000 lies in the kernel's ephemeral range 32768-60999: an outgoing connection may take it"),
        (8081, "port 8081 is in the kernel's list of reserved ports"),
        (6000, "browsers refuse to connect to port 6000"),
        (3030, "port 3030 is kept for portctl itself"),
        (9876, "port 9876 is kept for portctl itself"),
        (5000, "port 5000 is used by a service of the operating system"),
        (9999, "port 9999 is excluded by the configuration"),
    ])
    func everyExclusionHasItsReason(number: Int, explanation: String) {
        let port = Port(number)!
        #expect(exclusions.all.contains(port))
        #expect(exclusions.reasons(for: port).map { $0.explanation(for: port) } == [explanation])
    }

    @Test func ordinaryPortIsNotExcluded() {
        #expect(exclusions.reasons(for: Port(3000)!).isEmpty)
        #expect(!exclusions.all.contains(Port(1024)!))
    }
}
