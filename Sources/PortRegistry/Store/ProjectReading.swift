/// The queries about recorded projects.
package protocol ProjectReading {
    /// Returns the project that has the detected app name; `nil` when no project has it.
    func project(ofApp app: String) throws -> RecordedProject?
    /// Returns the project at `root`; `nil` when the project is not recorded.
    func project(atRoot root: String) throws -> RecordedProject?
    /// Returns those of `paths` that are directories of allocations, or roots of projects.
    func recordedDirectories(among paths: Set<String>) throws -> Set<String>
    /// Returns the projects whose root had that inode.
    func projects(withInode inode: UInt64) throws -> [RecordedProject]
}
