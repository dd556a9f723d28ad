/// Decides, from its head alone, to which service a request goes: a pure decision.
///
/// What a head says serves only to refuse. A client that sends nothing of a page, such as curl or a webhook, passes.
package struct RequestPolicy: Sendable {
    package var table: HostTable

    package init(table: HostTable) { self.table = table }

    /// Returns what the request goes to. Throws ``Refusal``.
    package func target(
        of head: RequestHead,
        in bytes: UnsafeRawBufferPointer
    ) throws(Refusal) -> HostTable.Target {
        guard let target = table.target(ofHost: bytes[head.host]) else { throw .unknownHost }
        guard case .service(let route) = target else { return target }
        if head.wantsUpgrade || isCrossSite(head, in: bytes) {
            let page = head.fields.first { $0.kind == .origin } ?? head.fields.first { $0.kind == .referer }
            if let page, !isService(bytes[page.value]) {
                throw .foreignPage(origin: String(decoding: bytes[page.value].prefix(200), as: UTF8.self))
            }
        }
        if hasPassed(route, head, in: bytes) { throw .loop(route) }
        return target
    }

    private func isService(_ origin: some Collection<UInt8>) -> Bool {
        if case .service? = table.target(ofOrigin: origin) { true } else { false }
    }

    /// Whether a page of another site makes the request, and does not only lead its reader here.
    private func isCrossSite(_ head: RequestHead, in bytes: UnsafeRawBufferPointer) -> Bool {
        var isCross = false
        var isNavigation = false
        for field in head.fields {
            switch field.kind {
            case .secFetchSite: isCross = bytes.equals("cross-site", in: field.value)
            case .secFetchMode: isNavigation = bytes.equals("navigate", in: field.value)
            default: break
            }
        }
        return isCross && !isNavigation
    }

    /// Whether the request has passed this proxy on its way to the same service already.
    private func hasPassed(_ route: Route, _ head: RequestHead, in bytes: UnsafeRawBufferPointer) -> Bool {
        head.fields.contains { field in
            field.kind == .passed
                && bytes[field.value].split(separator: UInt8(ascii: ","))
                    .contains { $0.drop { $0 == ByteClass.space }.elementsEqual(route.hostNames[0].utf8) }
        }
    }
}
