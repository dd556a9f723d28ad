import Foundation
import PortModel
import PortProject
import PortSystem
import PortTestSupport
import Testing

/// Detection in repositories that git itself created.
@Suite struct ProjectDetectorTests {
    private let temporary = try! TemporaryDirectory()

    private func detect(_ path: String) -> Project { ProjectDetector().project(at: temporary.path(path)) }

    /// A repository with one commit.
    private func repository(_ path: String) throws {
        try temporary.git("init", "-q", temporary.path(path))
        try temporary.git("-C", temporary.path(path), "commit", "-q", "--allow-empty", "-m", "first")
    }

    private func worktree(of repository: String, at path: String) throws {
        try temporary.git("-C", temporary.path(repository), "worktree", "add", "-q", "--detach", temporary.path(path))
    }

    @Test func directoryWithoutGitIsAProject() throws {
        try temporary.makeDirectory("plain/deep")
        let project = detect("plain/deep")
        #expect(project.app == "deep" && project.instance == "main")
        #expect(project.root == temporary.path("plain/deep") && project.directory == project.root)
    }

    @Test func directoriesOfACheckoutBelongToItsProject() throws {
        try repository("shop")
        try temporary.makeDirectory("shop/src/deep")
        let project = detect("shop/src/deep")
        #expect(project.app == "shop" && project.instance == "main")
        #expect(project.root == temporary.path("shop") && project.directory == temporary.path("shop"))
        #expect(detect("shop/.git") == project)
    }

    @Test func linkedWorktreeIsAnInstanceOfTheMainCheckoutsApp() throws {
        try repository("shop")
        try worktree(of: "shop", at: "elsewhere/login")
        let project = detect("elsewhere/login")
        #expect(project.app == "shop" && project.instance == "login")
        #expect(project.root == temporary.path("shop") && project.directory == temporary.path("elsewhere/login"))
    }

    @Test func worktreesWithTheSameDirectoryNameAreTwoInstances() throws {
        try repository("shop")
        try worktree(of: "shop", at: "a/review")
        try worktree(of: "shop", at: "b/review")
        #expect(Set([detect("a/review").instance, detect("b/review").instance]).count == 2)
        #expect(detect("a/review").app == "shop" && detect("b/review").app == "shop")
    }

    @Test func worktreeNamedMainIsNotTheMainCheckout() throws {
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
            try temporary.git("-C", temporary.path(directory), "checkout", "-q", "-b", "other-\(directory)")
        }
        #expect([detect("shop"), detect("login")] == before)
    }

    @Test func movedWorktreeKeepsItsInstance() throws {
        try repository("shop")
        try worktree(of: "shop", at: "login")
        let (old, new) = (temporary.path("login"), temporary.path("renamed"))
        try temporary.git("-C", temporary.path("shop"), "worktree", "move", old, new)
        #expect(detect("renamed").instance == "login")
    }

    @Test func bareRepositoryIsNamedWithoutItsSuffix() throws {
        try repository("source")
        try temporary.git("clone", "-q", "--bare", temporary.path("source"), temporary.path("shop.git"))
        try worktree(of: "shop.git", at: "checkouts/one")
        #expect(detect("shop.git").app == "shop" && detect("shop.git").instance == "main")
        let linked = detect("checkouts/one")
        #expect(linked.app == "shop" && linked.instance == "one" && linked.root == temporary.path("shop.git"))
    }

    @Test func repositoryInADotBareDirectoryIsNamedAfterItsParent() throws {
        try repository("source")
        try temporary.makeDirectory("shop")
        try temporary.git("clone", "-q", "--bare", temporary.path("source"), temporary.path("shop/.bare"))
        try temporary.write("gitdir: ./.bare\n", to: "shop/.git")
        try worktree(of: "shop", at: "shop/login")
        #expect(detect("shop").app == "shop" && detect("shop").instance == "main")
        #expect(detect("shop/.bare").app == "shop")
        let linked = detect("shop/login")
        #expect(linked.app == "shop" && linked.instance == "login" && linked.root == temporary.path("shop"))
    }

    @Test func bareRepositoryInDotGitIsNamedAfterItsParent() throws {
        try repository("source")
        try temporary.makeDirectory("shop")
        try temporary.git("clone", "-q", "--bare", temporary.path("source"), temporary.path("shop/.git"))
        try worktree(of: "shop/.git", at: "shop/login")
        #expect(detect("shop/login").app == "shop" && detect("shop/login").instance == "login")
    }

    @Test func separateGitDirectoryChangesNothing() throws {
        try temporary.makeDirectory("gitdirs")
        try temporary.git("init", "-q", "--separate-git-dir", temporary.path("gitdirs/x"), temporary.path("shop"))
        #expect(detect("shop").app == "shop" && detect("shop").root == temporary.path("shop"))
    }

    @Test func submoduleIsItsOwnAppInTheInstanceOfItsCheckout() throws {
        try repository("library")
        try repository("shop")
        let library = temporary.path("library")
        try temporary.git("-C", temporary.path("shop"), "submodule", "--quiet", "add", library, "libs/core")
        try temporary.git("-C", temporary.path("shop"), "commit", "-q", "-m", "submodule")
        try worktree(of: "shop", at: "login")
        try temporary.git("-C", temporary.path("login"), "submodule", "--quiet", "update", "--init")
        let (inMain, inLinked) = (detect("shop/libs/core"), detect("login/libs/core"))
        #expect(inMain.app == "core" && inMain.instance == "main")
        #expect(inLinked.app == "core" && inLinked.instance == "login")
        #expect(inMain.root == temporary.path("shop/libs/core") && inLinked.root == inMain.root)
        #expect(inLinked.directory == temporary.path("login/libs/core"))

        try worktree(of: "shop/libs/core", at: "core-fix")
        let worktree = detect("core-fix")
        #expect(worktree.app == "core" && worktree.instance == "core-fix" && worktree.root == inMain.root)
    }

    @Test(arguments: [
        "gitdir: /nowhere/app/.git/worktrees/feat\n", "gitdir: ../.git/worktrees/gone\n", "gitdir: .\n", "hello", "",
        "gitdir: " + String(repeating: "x", count: 100_000),
    ])
    func directoryWithABrokenGitFileIsAProjectWithAllItsDirectories(_ text: String) throws {
        try repository("shop")
        try temporary.makeDirectory("shop/feat/packages/api")
        try temporary.write(text, to: "shop/feat/.git")
        let project = detect("shop/feat")
        #expect(project.app == "feat" && project.instance == "main")
        #expect(project.root == temporary.path("shop/feat") && project.directory == project.root)
        #expect(project.brokenLink?.path == temporary.path("shop/feat/.git"))
        #expect(detect("shop/feat/packages/api") == project)
        #expect(ProjectDetector().detect(at: temporary.path("shop/feat/packages")).checkout == project.root)
        #expect(detect("shop").app == "shop" && detect("shop").brokenLink == nil)
    }

    @Test func worktreeThatItsRepositoryHasDroppedIsAProjectOfItsOwn() throws {
        try repository("shop")
        try worktree(of: "shop", at: "shop/.claude/worktrees/a1")
        try FileManager.default.removeItem(atPath: temporary.path("shop/.git/worktrees/a1"))
        let project = detect("shop/.claude/worktrees/a1")
        #expect(project.app == "a1" && project.root == temporary.path("shop/.claude/worktrees/a1"))
        #expect(project.brokenLink?.target == temporary.path("shop/.git/worktrees/a1"))
        #expect(project.brokenLink?.isPruned == true && project.brokenLink?.repairableWorktree == nil)
    }

    @Test func worktreeOfAMovedRepositoryCanBeRepairedFromThere() throws {
        try repository("shop")
        try worktree(of: "shop", at: "login")
        try FileManager.default.moveItem(atPath: temporary.path("shop"), toPath: temporary.path("moved"))
        let link = try #require(detect("login").brokenLink)
        #expect(!link.isPruned && link.repairableWorktree == temporary.path("login"))
        try temporary.git("-C", temporary.path("moved"), "worktree", "repair", temporary.path("login"))
        #expect(detect("login").app == "moved" && detect("login").brokenLink == nil)
    }

    @Test func danglingLinkInPlaceOfDotGitIsABrokenLink() throws {
        try repository("shop")
        try temporary.makeDirectory("shop/copy")
        try FileManager.default.createSymbolicLink(
            atPath: temporary.path("shop/copy/.git"),
            withDestinationPath: "/nowhere/.git"
        )
        #expect(detect("shop/copy").app == "copy" && detect("shop/copy").brokenLink?.target == "/nowhere/.git")
    }

    @Test func dotGitDirectoryThatIsNoRepositoryIsIgnored() throws {
        try repository("shop")
        try temporary.makeDirectory("shop/incomplete/.git")
        #expect(detect("shop/incomplete").app == "shop")
    }

    @Test func fifoInPlaceOfDotGitIsIgnored() throws {
        try temporary.makeDirectory("plain")
        #expect(mkfifo(temporary.path("plain/.git"), 0o600) == 0)
        #expect(detect("plain").app == "plain")
    }

    @Test func cyclicCoreWorktreeEndsTheSearch() throws {
        try repository("source")
        try temporary.git("clone", "-q", "--bare", temporary.path("source"), temporary.path("shop.git"))
        try worktree(of: "shop.git", at: "one")
        try temporary.git("-C", temporary.path("shop.git"), "config", "core.bare", "false")
        try temporary.git("-C", temporary.path("shop.git"), "config", "core.worktree", temporary.path("one"))
        #expect(detect("one").app == "shop")
    }

    @Test func cyclicCommonDirectoryEndsTheSearch() throws {
        try repository("shop")
        try temporary.write(".\n", to: "shop/.git/commondir")
        #expect(detect("shop").app == "shop")
    }

    @Test(arguments: [
        ("line\nbreak", "line-break"), ("  spaces  ", "spaces"), ("right\u{202E}left", "right-left"),
        ("tab\there", "tab-here"), (" ", "root"),
    ])
    func invalidDirectoryNameIsMadeValid(_ directory: String, _ app: String) throws {
        try temporary.makeDirectory(directory)
        #expect(detect(directory).app == app)
    }

    @Test func longNamesThatDifferAtTheEndStayDifferent() throws {
        let long = String(repeating: "x", count: 150)
        for end in ["a", "b"] { try temporary.makeDirectory(long + end) }
        let apps = ["a", "b"].map { detect(long + $0).app }
        #expect(apps[0] != apps[1])
        #expect(apps.allSatisfy { $0.count == 128 })
    }

    @Test func rootDirectoryHasAName() {
        #expect(ProjectDetector().project(at: "/").app == "root")
    }

    @Test func symbolicLinkIsResolved() throws {
        try repository("shop")
        try FileManager.default.createSymbolicLink(
            atPath: temporary.path("link"),
            withDestinationPath: temporary.path("shop")
        )
        #expect(detect("link") == detect("shop"))
    }

    #if os(Linux)
        // APFS refuses names that are not UTF-8.

        /// Runs a script in the temporary directory, in which `?` stands for such a byte.
        private func shell(_ script: String) throws {
            let environment = ["PATH": "/usr/bin:/bin", "HOME": "/", "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C"]
            let shell = try ChildProcess("sh", ["-e", "-c", script], in: temporary.root, environment: environment)
            try #require(shell.wait() == 0)
        }

        @Test func directoriesWhoseNamesAreNotUTF8AreDifferentProjects() throws {
            defer { try? shell("rm -rf ?rger") }
            // "ärger" and "örger" in Latin-1.
            try shell(#"mkdir "$(printf '\344rger')" "$(printf '\366rger')""#)
            let projects = [#"\xE4rger"#, #"\xF6rger"#].map { detect($0) }
            #expect(projects.map(\.app) == [#"\xE4rger"#, #"\xF6rger"#])
            #expect(projects.map(\.root) == [temporary.path(#"\xE4rger"#), temporary.path(#"\xF6rger"#)])
            #expect(projects.allSatisfy { Directory.exists($0.root) && $0.rootIdentity != nil })
        }

        @Test func repositoryInADirectoryWhoseNameIsNotUTF8IsFoundWithItsWorktrees() throws {
            defer { try? shell("rm -rf ?rger") }
            try shell(
                #"""
                mkdir "$(printf '\344rger')"; cd ?rger; git init -q; mkdir sub
                git -c user.name=t -c user.email=t@e commit -q --allow-empty -m first
                git worktree add -q --detach sub/login
                """#
            )
            let project = detect(#"\xE4rger/sub"#)
            #expect(project.app == #"\xE4rger"# && project.root == temporary.path(#"\xE4rger"#) && project.isRepository)
            let linked = detect(#"\xE4rger/sub/login"#)
            #expect(linked.app == project.app && linked.instance == "login" && linked.root == project.root)
        }
    #endif

    @Test func identityOfADirectoryStaysWhenItIsRenamedAndIsNotCopied() throws {
        try repository("shop")
        let before = try #require(detect("shop").rootIdentity)
        try #require(before.birthTime != nil, "this file system records no birth times")
        try FileManager.default.moveItem(atPath: temporary.path("shop"), toPath: temporary.path("shop2"))
        try FileManager.default.copyItem(atPath: temporary.path("shop2"), toPath: temporary.path("shop"))
        #expect(detect("shop2").rootIdentity == before)
        #expect(try #require(detect("shop").rootIdentity).isSameDirectory(as: before) == false)
        #expect(DirectoryIdentity(before.description) == before)
        #expect(Directory.isMountPoint(before.mountPoint) && !Directory.isMountPoint(temporary.path("shop2")))
        #expect(DirectoryIdentity(ofDirectory: temporary.path("nothing")) == nil)
    }

    @Test(arguments: ["", "5", "5:7:1:b", "5:7:1:b:x", "5:x:1:b:/", "-1:7:1:b:/", "5:7:1::/", ":7:1:b:/"])
    func malformedIdentityOfADirectoryIsRefused(_ text: String) {
        #expect(DirectoryIdentity(text) == nil)
    }
}
