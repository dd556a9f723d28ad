import Testing

@testable import PortCommands

/// What "did you mean" suggests for a misspelt command.
@Suite struct SpellingTests {
    private func suggestion(for arguments: String...) -> String? {
        CommandPath(root: Portctl.self, arguments: arguments).unknown?.suggestion
    }

    @Test(arguments: [
        ("lst", "'list'"), ("listt", "'list'"), ("chekc", "'check'"), ("realese", "'release'"),
        ("alocate", "'allocate'"),
        ("wo", "'who'"), ("stauts", "'status'"), ("dahsboard", "'dashboard'"), ("reserv", "'reserve'"),
    ])
    func commandWithASlipIsSuggested(_ word: String, _ suggestion: String) {
        #expect(self.suggestion(for: word) == suggestion)
    }

    @Test func onlyCommandThatBeginsLikeTheWordIsSuggested() {
        #expect(suggestion(for: "comp") == "'completions'")
        #expect(suggestion(for: "stat") == "'status'")
    }

    @Test func wordThatIsLikeNoCommandHasNoSuggestion() {
        for word in ["zzz", "kubernetes", "3000", "x", "", "-", "--json"] {
            #expect(suggestion(for: word) == nil, "\(word)")
        }
    }

    @Test func subcommandWithASlipIsSuggested() {
        #expect(suggestion(for: "group", "lst") == "'list'")
        #expect(suggestion(for: "service", "instal", "--json") == "'install'")
        #expect(suggestion(for: "skill", "install", "lst") == nil)
    }

    @Test func nameThatIsRightHasNoSuggestion() {
        for words in [["list"], ["ls"], ["group", "ls"], ["help", "lst"], ["run", "lst"]] {
            #expect(CommandPath(root: Portctl.self, arguments: words).unknown == nil)
        }
        #expect(CommandPath(root: GetPort.self, arguments: ["lst"]).unknown == nil)
    }

    @Test func swappedNeighboursCountAsOneSlip() {
        #expect(Spelling.nearest(to: "ab", among: ["ba", "cd"]) == ["ba"])
        #expect(Spelling.nearest(to: "sotp", among: ["stop", "port", "spot"]) == ["stop"])
    }
}
