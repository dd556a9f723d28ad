/// A command that runs a tool of a project or a package, such as `npx`: the words that call it, and the options that
/// may stand before the tool's name.
struct PackageRunner {
    var words: [String]
    /// The options that take no value.
    var switches: [String] = []
    /// The options that take a value: as the next word, or in the same one behind `=`.
    var options: [String] = []
    /// Whether a lone `--` may stand before the tool's name.
    var takesSeparator = false
    /// Whether the name is that of a package, perhaps with a version behind `@`, and not a path.
    var fetches = false
    /// Whether the runner takes the options behind the tool's name as its own, unless a lone `--` precedes them.
    var takesToolOptions = false

    /// The runners that `run` knows. `npm run`, `pnpm dev` and the like run a script, which may be anything, and are
    /// left alone; so is a runner with another option than these.
    static let all: [PackageRunner] = [
        PackageRunner(
            words: ["npx"],
            switches: ["-y", "--yes", "--no", "--no-install", "-q", "--quiet"],
            options: ["-p", "--package"],
            takesSeparator: true,
            fetches: true
        ),
        // `-p` is another option of npm.
        PackageRunner(
            words: ["npm", "exec"],
            switches: ["-y", "--yes", "--no", "-q", "--quiet"],
            options: ["--package"],
            takesSeparator: true,
            fetches: true,
            takesToolOptions: true
        ),
        PackageRunner(
            words: ["npm", "x"],
            switches: ["-y", "--yes", "--no", "-q", "--quiet"],
            options: ["--package"],
            takesSeparator: true,
            fetches: true,
            takesToolOptions: true
        ),
        PackageRunner(
            words: ["bunx"],
            switches: ["--bun", "--no-install", "--silent", "--verbose"],
            options: ["-p", "--package"],
            fetches: true
        ),
        PackageRunner(
            words: ["bun", "x"],
            switches: ["--bun", "--no-install", "--silent", "--verbose"],
            options: ["-p", "--package"],
            fetches: true
        ),
        PackageRunner(words: ["pnpx"], switches: ["-s", "--silent"], options: ["--package"], fetches: true),
        PackageRunner(words: ["pnpm", "dlx"], switches: ["-s", "--silent"], options: ["--package"], fetches: true),
        PackageRunner(words: ["pnpm", "exec"]),
        PackageRunner(
            words: ["yarn", "dlx"],
            switches: ["-q", "--quiet"],
            options: ["-p", "--package"],
            fetches: true
        ),
        PackageRunner(words: ["yarn", "exec"]),
        // `yarn vite` runs the tool, unless a script has its name.
        PackageRunner(words: ["yarn"]),
        PackageRunner(words: ["uv", "run"], takesSeparator: true),
        PackageRunner(words: ["poetry", "run"]),
        PackageRunner(words: ["pipenv", "run"]),
    ]
}
