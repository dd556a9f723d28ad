/// The query about the registry itself.
package protocol RegistryIDReading {
    /// Returns the id that distinguishes this registry from every other one: 16 hexadecimal digits, chosen when its
    /// database was made.
    func registryID() throws -> String
}
