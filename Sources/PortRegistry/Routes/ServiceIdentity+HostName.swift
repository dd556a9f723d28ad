package import PortModel

/// The host names of a service. They follow from its identity alone.
extension ServiceIdentity {
    /// The domain of all names: RFC 6761, section 6.3. Browsers reach the loopback address by it without a resolver.
    package static let domain = "localhost"

    /// The name of the dashboard, which no service has.
    package static let dashboardHostName = "portctl.\(domain)"

    /// The name of the service, such as `web.login.shop.localhost`: from left to right service, instance and app, so
    /// that all services of an app are one site for browsers. Those of the instance `main` have no part for it.
    package var hostName: String { (labels + [Self.domain]).joined(separator: ".") }

    /// The same in one label before the domain, `web--login--shop.localhost`, for what knows no deeper names.
    package var flatHostName: String {
        let whole = labels.joined(separator: "--")
        let label =
            whole.utf8.count <= HostLabel.maximum
            ? whole : HostLabel(whole, cutTo: HostLabel.maximum, hashOf: whole).description
        return "\(label).\(Self.domain)"
    }

    private var labels: [String] {
        if instance == Self.defaultName, service == Self.defaultName { return ["\(HostLabel(app))", "global"] }
        let app = "\(HostLabel(app))"
        guard instance == Project.mainInstance else { return ["\(HostLabel(service))", "\(HostLabel(instance))", app] }
        return service == Self.defaultName ? [app] : ["\(HostLabel(service))", app]
    }
}
