import PortModel

/// The port flag that a command needs because its tool does not follow `PORT`, and that `run` adds.
struct PortFlags {
    /// The words of the command, with those that were added.
    private(set) var words: [[UInt8]]
    /// The words that were added; empty when there is nothing to add.
    private(set) var added: [String] = []
    /// The known tool that the command starts.
    private(set) var tool: String?
    /// The port that the command itself names, if that is a number other than the allocated one.
    private(set) var otherPort: Int?

    /// Adds the flag for `port`, and the one that keeps the tool from moving, to a command that serves and says nothing
    /// about its port. Changes nothing beside a port flag in any spelling, or a placeholder for the port.
    init(_ words: [[UInt8]], port: Port) {
        self.words = words
        let texts = words.map { String(decoding: $0, as: UTF8.self) }
        guard let call = ToolCall(texts), !words.contains(where: PortPlaceholder.isIn),
            let line = ToolLine(texts, of: call)
        else { return }
        tool = call.name
        switch line.port {
        case .unknown: return
        case .number(let number):
            if number != Int(port.number) { otherPort = number }
            return
        case .missing: break
        }
        switch call.tool.spelling {
        case .followsPort: return
        case .word: insert(["\(port)"], at: line.behindSubcommand)
        case .flag(let flag):
            let strictFlag = line.mayAddStrictFlag ? call.tool.strictFlag : nil
            insert([flag, "\(port)"] + [strictFlag].compactMap(\.self), at: line.end)
        }
        if line.lacksSeparator { self.words.insert(Array("--".utf8), at: line.end) }
    }

    private mutating func insert(_ new: [String], at position: Int) {
        added = new
        words.insert(contentsOf: new.map { Array($0.utf8) }, at: position)
    }
}
