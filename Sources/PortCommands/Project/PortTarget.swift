import ArgumentParser
import PortAPI
import PortModel

/// An argument that is a port number, with or without a protocol as in `53/udp`, or the NAME of a service, which stands
/// for its ports.
struct PortTarget: Sendable {
    /// The argument as it was given.
    let text: String
    /// The protocol, if one was given.
    let transport: TransportProtocol?
    private let port: Int?

    /// Parses the argument. Digits are a port number, and so are those before the only slash. Throws `ValidationError`.
    @Sendable init(_ text: String) throws {
        if text.isEmpty { throw ValidationError("a port number or the name of a service is missing") }
        self.text = text
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, parts[0].isNumber else {
            transport = nil
            port = text.isNumber ? try PortArgument.required(text) : nil
            return
        }
        transport = TransportProtocol(rawValue: parts[1].lowercased())
        guard transport != nil else {
            throw ValidationError("unknown protocol \"\(parts[1])\": write \(parts[0])/tcp or \(parts[0])/udp")
        }
        port = try PortArgument.required(parts[0])
    }

    /// The ports that are meant, lowest replica first: those on which the service really listens. Throws ``Failure``
    /// for an unknown or ambiguous name.
    func ports(_ session: Session) throws -> [Int] {
        if let port { return [port] }
        do {
            return try session.service(named: text, in: ProjectOptions.none.resolved()).allocations.map(\.place)
        } catch let failure as Failure where failure.code == RegistryError.Code.serviceNotFound.rawValue {
            guard let end = TransportProtocol.allCases.first(where: { text.lowercased().hasSuffix("/\($0.rawValue)") })
            else { throw failure }
            throw failure.hinting("a protocol goes with a number, as in \"53/\(end.rawValue)\"")
        }
    }

    /// The only port that is meant, or the last one of a service that has none now, which is then said on standard
    /// error. Throws ``Failure``.
    func lastPort(_ session: Session) throws -> Int {
        do {
            return try onlyPort(of: claims(session))
        } catch let failure as Failure {
            guard let remembered = failure.refusal?.remembered else { throw failure }
            Output.note("\(remembered.name.oneLine) has no port now; its last one was \(remembered.port)")
            return remembered.port
        }
    }

    /// The only port that is meant. Throws ``Failure`` for a service with several.
    func port(_ session: Session) throws -> Int { try onlyPort(of: ports(session)) }

    /// The ports that are allocated, whether or not the service listens on them.
    private func claims(_ session: Session) throws -> [Int] {
        if let port { return [port] }
        return try session.service(named: text, in: ProjectOptions.none.resolved()).allPorts
    }

    private func onlyPort(of ports: [Int]) throws -> Int {
        guard ports.count == 1 else {
            let numbers = ports.map(String.init).joined(separator: ", ")
            throw Failure(
                "\"\(text)\" has several ports: \(numbers)",
                hint: "give the number of one of them instead of the name",
                code: "several_ports",
                subject: text
            )
        }
        return ports[0]
    }
}

extension String {
    /// Whether the text is digits only.
    var isNumber: Bool { !isEmpty && utf8.allSatisfy { (0x30...0x39).contains($0) } }
}
