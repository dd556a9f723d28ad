/// A development server that `run` knows: how its command line takes a port. ``ServingTool/all`` is the table.
struct ServingTool {
    /// How the command line takes the port.
    enum Spelling: Hashable {
        /// A flag and the number as two words, such as `--port 8000`.
        case flag(String)
        /// A word of its own directly after the subcommand, such as `runserver 8000`.
        case word
        /// The tool listens on `PORT`, so that nothing is added.
        case followsPort
    }

    /// The base names of the command.
    var names: [String]
    /// Whether the command serves without a subcommand. Its first argument may then be an option or a path.
    var servesAlone = false
    /// The subcommands that serve.
    var serving: [String] = []
    /// The other subcommands, where the command serves without one: they may stand behind an option's value.
    var other: [String] = []
    /// Whether any first argument is taken, as by a command that has no subcommands.
    var takesAnyWord = false
    /// The words after a serving subcommand that make it something else.
    var endingWords: [String] = []
    /// The options before the subcommand that take a value as the next word.
    var leadingOptions: [String] = []
    /// The options before the subcommand that take none.
    var leadingSwitches: [String] = []
    /// The options after the subcommand that take the next word as their value. Needed only for ``Spelling/word``.
    var valueOptions: [String] = []
    /// The flags that name a port. A short one may also be followed by the number without a space.
    var portFlags: [String] = ["--port", "-p"]
    /// Other options with which no port is added, such as one that names a socket instead.
    var otherPlaces: [String] = []
    var spelling: Spelling
    /// The flag that makes the tool stop, instead of taking another port, when its port is taken; `nil` when it has
    /// none, stops anyway, or older versions in use refuse the flag.
    var strictFlag: String?
    /// What the row was checked against: the version, or the documentation, and the month.
    var checked: String
}
