import Foundation
import PortSystem
import Testing

/// On repositories that git itself made.
@Suite struct ProjectDetectorTests {
    private let place = try! TemporaryDirectory()

    private func detect(_ path: String) -> DetectedProject { ProjectDetector().project(at: place.path(path)) }

    /// A repository with one commit.
    private func repository(_ path: String) throws {
        try place.git("init", "-q", place.path(path))
        try place.git("-C", place.path(path), "commit", "-q", "--allow-empty", "-m", "first")
    }

    private func worktree(of repository: String, at path: String) throws {
        try place.git("-C", place.path(repository), "worktree", "add", "-q", "--detach", place.path(path))
    }

    @Test func aDirectoryWithoutGitIsAProject() throws {
        try place.make("plain/deep")
        let project = detect("plain/deep")
        #expect(project.app == "deep" && project.instance == "main")
        #expect(project.root == place.path("plain/deep") && project.directory == project.root)
    }

    @Test func everyDirectoryOfACheckoutIsTheRepositorysProject() throws {
        try repository("shop")
        try place.make("shop/src/deep")
        let project = detect("shop/src/deep")
        #expect(project.app == "shop" && project.instance == "main")
        #expect(project.root == place.path("shop") && project.directory == place.path("shop"))
        #expect(detect("shop/.git") == project)
    }

    @Test func aLinkedWorktreeIsAnInstanceOfTheMainCheckoutsApp() throws {
        try repository("shop")
        try worktree(of: "shop", at: "elsewhere/login")
        let project = detect("elsewhere/login")
        #expect(project.app == "shop" && project.instance == "login")
        #expect(project.root == place.path("shop") && project.directory == place.path("elsewhere/login"))
    }

    @Test func worktreesWhoseDirectoriesHaveOneNameAreTwoInstances() throws {
        try repository("shop")
        try worktree(of: "shop", at: "a/review")
        try worktree(of: "shop", at: "b/review")
        #expect(Set([detect("a/review").instance, detect("b/review").instance]).count == 2)
        #expect(detect("a/review").app == "shop" && detect("b/review").app == "shop")
    }

    @Test func aWorktreeCalledMainIsNotTheMainCheckout() throws {
        try repository("shop")
        try worktree(of: "shop", at: "main")
        try worktree(of: "shop", at: "main-worktree")
        let instances = [detect("shop").instance, detect("main").instance, detect("main-worktree").instance]
        #expect(instances == ["main", "main-worktree", "main-worktree-worktree"])
    }

    @Test func switchingBranchesChangesNothing() throws {
        try repository("shop")
        try worktree(of: "shop", at: "login")
        let before = [detect("shop"), detect("login")]
        for directory in ["shop", "login"] {
            try place.git("-C", place.path(directory), "checkout", "-q", "-b", "other-\(directory)")
        }
        #expect([detect("shop"), detect("login")] == before)
    }

    @Test func aMovedWorktreeKeepsItsInstance() throws {
        try repository("shop")
        try worktree(of: "shop", at: "login")
        try place.git("-C", place.path("shop"), "worktree", "move", place.path("login"), place.path("renamed"))
        #expect(detect("renamed").instance == "login")
    }

    @Test func aBareRepositoryIsCalledWithoutItsSuffix() throws {
        try repository("source")
        try place.git("clone", "-q", "--bare", place.path("source"), place.path("shop.git"))
        try worktree(of: "shop.git", at: "checkouts/one")
        #expect(detect("shop.git").app == "shop" && detect("shop.git").instance == "main")
        let linked = detect("checkouts/one")
        #expect(linked.app == "shop" && linked.instance == "one" && linked.root == place.path("shop.git"))
    }

    @Test func aRepositoryInABareDirectoryIsCalledByTheDirectoryAroundIt() throws {
        try repository("source")
        try place.make("shop")
        try place.git("clone", "-q", "--bare", place.path("source"), place.path("shop/.bare"))
        try place.write("gitdir: ./.bare\n", to: "shop/.git")
        try worktree(of: "shop", at: "shop/login")
        #expect(detect("shop").app == "shop" && detect("shop").instance == "main")
        #expect(detect("shop/.bare").app == "shop")
        let linked = detect("shop/login")
        #expect(linked.app == "shop" && linked.instance == "login" && linked.root == place.path("shop"))
    }

    @Test func aBareRepositoryInDotGitIsCalledByTheDirectoryAroundIt() throws {
        try repository("source")
        try place.make("shop")
        try place.git("clone", "-q", "--bare", place.path("source"), place.path("shop/.git"))
        try worktree(of: "shop/.git", at: "shop/login")
        #expect(detect("shop/login").app == "shop" && detect("shop/login").instance == "login")
    }

    @Test func aSeparateGitDirectoryChangesNothing() throws {
        try place.make("gitdirs")
        try place.git("init", "-q", "--separate-git-dir", place.path("gitdirs/x"), place.path("shop"))
        #expect(detect("shop").app == "shop" && detect("shop").root == place.path("shop"))
    }

    @Test func aSubmoduleIsItsOwnAppInTheInstanceOfTheCheckoutAroundIt() throws {
        try repository("library")
        try repository("shop")
        try place.git("-C", place.path("shop"), "submodule", "--quiet", "add", place.path("library"), "libs/core")
        try place.git("-C", place.path("shop"), "commit", "-q", "-m", "submodule")
        try worktree(of: "shop", at: "login")
        try place.git("-C", place.path("login"), "submodule", "--quiet", "update", "--init")
        let (inMain, inLinked) = (detect("shop/libs/core"), detect("login/libs/core"))
        #expect(inMain.app == "core" && inMain.instance == "main")
        #expect(inLinked.app == "core" && inLinked.instance == "login")
        #expect(inMain.root == place.path("shop/libs/core") && inLinked.root == inMain.root)
        #expect(inLinked.directory == place.path("login/libs/core"))

        try worktree(of: "shop/libs/core", at: "core-fix")
        let worktree = detect("core-fix")
        #expect(worktree.app == "core" && worktree.instance == "core-fix" && worktree.root == inMain.root)
    }

    @Test func aGitFileThatLeadsNowhereIsPassedBy() throws {
        try repository("shop")
        for (directory, text) in [
            ("dangling", "gitdir: /nowhere\n"), ("malformed", "hello"), ("empty", ""), ("itself", "gitdir: .\n"),
            ("long", "gitdir: " + String(repeating: "x", count: 100_000)),
        ] {
            try place.make("shop/\(directory)")
            try place.write(text, to: "shop/\(directory)/.git")
            #expect(detect("shop/\(directory)").app == "shop")
        }
        try place.make("shop/incomplete/.git")
        #expect(detect("shop/incomplete").app == "shop")
    }

    @Test func aFIFOInThePlaceOfDotGitIsPassedBy() throws {
        try place.make("plain")
        #expect(mkfifo(place.path("plain/.git"), 0o600) == 0)
        #expect(detect("plain").app == "plain")
    }

    @Test func aRepositoryThatNamesItsOwnWorktreeAsItsCheckoutEndsTheSearch() throws {
        try repository("source")
        try place.git("clone", "-q", "--bare", place.path("source"), place.path("shop.git"))
        try worktree(of: "shop.git", at: "one")
        try place.git("-C", place.path("shop.git"), "config", "core.bare", "false")
        try place.git("-C", place.path("shop.git"), "config", "core.worktree", place.path("one"))
        #expect(detect("one").app == "shop")
    }

    @Test func aCommonDirectoryThatIsTheWorktreesOwnEndsTheSearch() throws {
        try repository("shop")
        try place.write(".\n", to: "shop/.git/commondir")
        #expect(detect("shop").app == "shop")
    }

    @Test(arguments: [
        ("line\nbreak", "line-break"), ("  spaces  ", "spaces"), ("right\u{202E}left", "right-left"),
        ("tab\there", "tab-here"), (" ", "root"),
    ])
    func aDirectoriesNameIsMadeValid(_ directory: String, _ app: String) throws {
        try place.make(directory)
        #expect(detect(directory).app == app)
    }

    @Test func longNamesThatDifferAtTheEndStayDifferent() throws {
        let long = String(repeating: "x", count: 150)
        for end in ["a", "b"] { try place.make(long + end) }
        let apps = ["a", "b"].map { detect(long + $0).app }
        #expect(apps[0] != apps[1])
        #expect(apps.allSatisfy { $0.count == 128 })
    }

    @Test func theRootDirectoryHasAName() {
        #expect(ProjectDetector().project(at: "/").app == "root")
    }

    @Test func aLinkToADirectoryIsThatDirectory() throws {
        try repository("shop")
        try FileManager.default.createSymbolicLink(
            atPath: place.path("link"),
            withDestinationPath: place.path("shop")
        )
        #expect(detect("link") == detect("shop"))
    }
}
