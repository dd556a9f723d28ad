package import PortModel

extension Registry {
    /// The network namespace whose listeners the registry sees.
    package var network: LocalNetwork { machine.network }

    /// Throws `other_namespace` when the caller lives in another network namespace, whose listeners cannot be seen from
    /// here.
    package func checkNetwork(of caller: Caller) throws(RegistryError) {
        if let refusal = NetworkPolicy.refusal(of: caller.network, from: machine.network) { throw refusal }
    }

    /// Returns what a caller from another network namespace should know about a port; `nil` for any other caller.
    package func networkWarning(for caller: Caller) -> String? { networkNotice(for: caller)?.sentence }

    /// The ``networkWarning(for:)`` as a fact and what to do about it.
    func networkNotice(for caller: Caller) -> NetworkPolicy.Notice? {
        NetworkPolicy.notice(for: caller.network, from: machine.network)
    }
}

extension RegistryError {
    /// Returns a refusal because of a listener with the warning that belongs to a granted port, which names the
    /// namespace that the listener is in. Any other refusal is returned as it is, and so is one without a warning.
    func adding(_ notice: NetworkPolicy.Notice?) -> RegistryError {
        guard let notice, code == .portInUse || code == .rememberedPortTaken else { return self }
        var refusal = self
        refusal.remedies += [.reason(notice.fact), notice.remedy]
        return refusal
    }
}
