import PortModel
import Testing

@Suite struct PortSetTests {
    /// A small deterministic generator, so that a failure can be repeated.
    struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state
        }
    }

    @Test(arguments: 1...20)
    func lowestAbsentMatchesALinearSearch(seed: UInt64) throws {
        var generator = Generator(state: seed)
        let lower = Int.random(in: 1...65000, using: &generator)
        let upper = min(65535, lower + Int.random(in: 0...300, using: &generator))
        let range = try #require(PortRange(Port(lower)!, Port(upper)!))
        var set = PortSet()
        for number in lower...upper where Int.random(in: 0...20, using: &generator) > 0 { set.insert(Port(number)!) }
        for start in stride(from: max(1, lower - 5), through: min(65535, upper + 5), by: 7) {
            let expected = (lower...upper).first { $0 >= start && !set.contains(Port($0)!) }.flatMap { Port($0) }
            #expect(set.lowestAbsent(in: range, from: Port(start)) == expected)
        }
    }

    @Test func lowestAbsentEndsAtTheHighestPort() throws {
        let range = try #require(PortRange("65534-65535"))
        var set = PortSet([Port(65534)!])
        #expect(set.lowestAbsent(in: range) == Port(65535))
        set.insert(Port(65535)!)
        #expect(set.lowestAbsent(in: range) == nil)
    }

    @Test func setListsItsPortsInOrder() {
        let set = PortSet([Port(65535)!, Port(1)!, Port(64)!, Port(63)!])
        #expect(set.map(\.number) == [1, 63, 64, 65535])
        #expect(set.count(in: PortRange("60-70")!) == 2)
    }

    @Test func removingAPortLeavesItsNeighbours() {
        var set = PortSet(PortRange("100-200")!)
        set.remove(Port(150)!)
        #expect(!set.contains(Port(150)!))
        #expect(set.contains(Port(149)!) && set.contains(Port(151)!))
    }
}
