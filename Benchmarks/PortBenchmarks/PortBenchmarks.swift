import Benchmark
import FoundationEssentials
import Glibc
import NIOCore
import PortAPI
import PortHTTP
import PortModel
import PortRegistry
import PortSystem

/// Small parts that every request goes through. Each is measured beside a yardstick of the same kind that no change of
/// this project touches, in turns: the ratio is the same on a slow and on a busy machine, so a threshold on it is
/// meaningful. The thresholds are in Benchmarks/Thresholds; "make bench" fails when one is exceeded.
let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = .init(
        metrics: [.ofYardstick],
        warmupIterations: 3,
        maxDuration: .seconds(20),
        maxIterations: 60,
        // Of the 90th percentile, in percent; three runs are within 3 of one another.
        thresholds: [.ofYardstick: .init(relative: [.p90: 25])]
    )

    for count in [100, 30_000] {
        let policy = AllocationPolicy.with(count)
        let pool = Face.registry.defaultPool
        Benchmark("lowest-free-port-of-\(count)") { benchmark in
            benchmark.compare(Yardstick.sorting) {
                for _ in 0..<20 { blackHole(policy.lowestUnclaimed(in: pool) { _ in false }) }
            }
        }
    }

    // So many sockets and processes that the machine's own do not count.
    Benchmark("listening-sockets") { benchmark, _ in
        benchmark.compare(Yardstick.reading) { blackHole(try! ListenerTable.sockets()) }
    } setup: {
        ListeningSockets(count: 800)
    }
    Benchmark("who-listens") { benchmark, crowd in
        benchmark.compare(Yardstick.walking) { blackHole(try! ListenerTable.listeners(on: [crowd.listeners.port])) }
    } setup: {
        Crowd(count: 500)
    } teardown: {
        Crowd.end()
    }

    let request = ByteBuffer(
        string: #"{"app":"shop","ensure":true,"instance":"main","service":"web","ttl_seconds":300}"#
    )
    Benchmark("request-body") { benchmark in
        benchmark.compare(Yardstick.decoding) {
            blackHole(try! JSON.decode(AllocateBody.self, from: request))
        }
    }
    let answer = AllocationBody(
        id: 1,
        app: "shop",
        instance: "main",
        service: "web",
        port: 3000,
        createdAt: "2026-01-01T00:00:00Z"
    )
    Benchmark("answer-body") { benchmark in
        benchmark.compare(Yardstick.encoding) { blackHole(try! JSON.encode(answer)) }
    }
}

extension BenchmarkMetric {
    /// Thousandths of the yardstick's time.
    static let ofYardstick = BenchmarkMetric.custom("ofYardstick", polarity: .prefersSmaller, useScalingFactor: false)
}

extension Benchmark {
    /// Runs both in turns and records the ratio of their shortest times, which is what they take undisturbed.
    func compare(_ yardstick: () -> Void, with measured: () -> Void) {
        var shortest = (yardstick: Duration.seconds(1), measured: Duration.seconds(1))
        let clock = ContinuousClock()
        for _ in 0..<40 {
            shortest.yardstick = min(shortest.yardstick, clock.measure(yardstick))
            shortest.measured = min(shortest.measured, clock.measure(measured))
        }
        measurement(.ofYardstick, Int(1000 * (shortest.measured / shortest.yardstick)))
    }
}

/// Work that has nothing to do with this project.
enum Yardstick {
    private static let numbers = (0..<1000).map { ($0 &* 7919) % 1009 }
    private static let texts = Dictionary(uniqueKeysWithValues: (0..<8).map { ("key\($0)", "value") })
    private static let json = try! JSONEncoder().encode(texts)

    static func sorting() { blackHole(numbers.sorted()) }

    static func decoding() { blackHole(try! JSONDecoder().decode([String: String].self, from: json)) }

    static func encoding() { blackHole(try! JSONEncoder().encode(texts)) }

    /// Looks once at the open files of each of the machine's processes.
    static func walking() {
        let directory = opendir("/proc")!
        defer { closedir(directory) }
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(cString: $0.bindMemory(to: CChar.self).baseAddress!)
            }
            guard Int32(name) != nil else { continue }
            var information = stat()
            blackHole(stat("/proc/\(name)/fd", &information))
        }
    }

    /// Asks the kernel for a text that it makes.
    static func reading() {
        let file = open("/proc/self/status", O_RDONLY)
        defer { close(file) }
        withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
            precondition(read(file, buffer.baseAddress!, buffer.count) > 0)
        }
    }
}

extension AllocationPolicy {
    /// As many allocated ports from the start of the pool, and half as many remembered behind them.
    static func with(_ count: Int) -> AllocationPolicy {
        AllocationPolicy(
            allocated: PortSet((3000..<3000 + count).map { Port($0)! }),
            remembered: PortSet((3000 + count..<3000 + count * 3 / 2).map { Port($0)! }),
            excluded: PortSet()
        )
    }
}

/// Processes that sleep beside one listener.
struct Crowd {
    let listeners = ListeningSockets(count: 1)
    private nonisolated(unsafe) static var pids: [pid_t] = []

    init(count: Int) {
        for _ in 0..<count {
            var pid: pid_t = 0
            var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("sleep"), strdup("600"), nil]
            precondition(posix_spawnp(&pid, "sleep", nil, nil, &arguments, environ) == 0)
            for argument in arguments { free(argument) }
            Self.pids.append(pid)
        }
    }

    static func end() {
        for pid in pids {
            kill(pid, SIGKILL)
            waitpid(pid, nil, 0)
        }
        pids = []
    }
}

/// Sockets of this process that listen on 127.0.0.1, on ports that the kernel chose.
struct ListeningSockets {
    let port: Port

    init(count: Int) {
        var last: Port?
        for _ in 0..<count {
            // Nobody else's: what is started meanwhile inherits nothing.
            let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                    precondition(bind(number, address, length) == 0 && listen(number, 1) == 0)
                    precondition(getsockname(number, address, &length) == 0)
                }
            }
            last = Port(UInt16(bigEndian: address.sin_port))
        }
        port = last!
    }
}
