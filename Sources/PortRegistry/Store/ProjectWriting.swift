/// The changes to recorded projects.
package protocol ProjectWriting {
    /// Records that the detected app name belongs to the project's root. An identity of that root that is recorded
    /// already is kept when the project has none.
    func record(_ project: RecordedProject) throws
}
