import PortModel
import Testing

@Suite struct ServiceIdentityTests {
    @Test func namesAreTrimmed() throws {
        let identity = try ServiceIdentity(app: " shop\t", instance: "main ", service: "\u{3000}web")
        #expect(identity.description == "shop/main/web")
    }

    @Test(arguments: [
        "", "   ", "\t", "a\nb", "a\u{7F}b", "a\u{85}b", "a\u{2028}b", "web\u{202E}gpj", "\u{2066}x",
        String(repeating: "x", count: 129), "\u{200B}", "e" + String(repeating: "\u{301}", count: 600),
    ])
    func unprintableOrTooLongNameIsRefused(_ name: String) {
        #expect { try ServiceIdentity(app: "shop", instance: "main", service: name) } throws: { error in
            (error as? RegistryError)?.code == .invalidName && (error as? RegistryError)?.subject == "service"
        }
    }

    @Test(arguments: ["x", "feature/login", "Überraschung", "👩‍👩‍👧‍👦", String(repeating: "é", count: 128)])
    func everyOtherNameIsAllowed(_ name: String) throws {
        #expect(try ServiceIdentity(app: name, instance: name, service: name).service == name)
    }

    @Test func npmScopeIsPartOfTheApp() throws {
        let identity = try #require(try ServiceIdentity(path: "@shop/api/main/web"))
        #expect(identity.app == "@shop/api" && identity.instance == "main" && identity.service == "web")
        #expect(try ServiceIdentity(path: "@shop/api") == nil)
        #expect(try ServiceIdentity(machineWide: "@shop/api").app == "@shop/api")
    }

    @Test(arguments: [
        "web", "shop/web", "/home/u/shop", "/shop/web", "shop/web/", "shop//web", "//web", "shop/ /web",
        "http://x/y", "shop/feature/login/web", "@shop/web", "@shop/web/main", "/", "//", "a/b/c/d",
    ])
    func onlyThreePartsThatAreNotBlankAreAnIdentity(_ name: String) throws {
        #expect(try ServiceIdentity(path: name) == nil)
        let identity = try ServiceIdentity(machineWide: name)
        #expect(identity.app == name && identity.instance == "default" && identity.service == "default")
        #expect(identity.machineWideName == name)
    }

    @Test func nameWithSlashesHasAtMost128CharactersAndNoControlCharacters() throws {
        for name in ["/" + String(repeating: "x", count: 128), "a/b\nc", "a\nx/b/c"] {
            #expect { try ServiceIdentity(machineWide: name) } throws: { error in
                (error as? RegistryError)?.code == .invalidName
            }
        }
        #expect(try ServiceIdentity(machineWide: "/" + String(repeating: "x", count: 127)).instance == "default")
    }

    @Test func nameThatWouldMeanAnotherIdentityIsSpelledOut() throws {
        let path = try ServiceIdentity(app: "a/b/c", instance: "default", service: "default")
        #expect(path.machineWideName == "a/b/c/default/default")
    }

    @Test(arguments: [
        ("sticky/default/default", "sticky"), ("@shop/web/default/default", "@shop/web"),
        ("shop/main/default", "shop/main/default"), ("shop/default/web", "shop/default/web"),
        ("/default/default", "/default/default"), ("", ""),
    ])
    func machineWideNameIsShortenedToWhatWasTyped(_ path: String, _ name: String) {
        #expect(ServiceIdentity.machineWideName(path) == name)
    }
}
